using System.Net;
using CarbonMarket.Gateway.Running;

namespace CarbonMarket.Gateway.Protection;

public sealed class BodySizeTests
{
    private const int Largest = 64 * 1024;

    [Theory]
    [InlineData(Largest, false)]
    [InlineData(Largest / 2, true)] // Whoever sends in pieces pays for their wrapping too.
    public async Task A_body_of_the_largest_size_gets_through(int size, bool inPieces)
    {
        await using var gateway = await Start();
        using var answer = await Send(gateway, size, inPieces);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        gateway["trading"].Requests.Single().Body.Length.ShouldBe(size);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_larger_one_is_refused_whether_or_not_it_says_so_beforehand(bool inPieces)
    {
        await using var gateway = await Start();
        using var answer = await Send(gateway, Largest + 1, inPieces);
        (await answer.Code(HttpStatusCode.RequestEntityTooLarge)).ShouldBe("body-too-large");
        answer.Header("X-Request-Id").ShouldNotBeNullOrWhiteSpace();
        answer.Header("X-Content-Type-Options").ShouldBe("nosniff");
        gateway["trading"].Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_callers_large_bodies_are_not_held_against_the_service()
    {
        await using var gateway = await Start();
        for (var count = 0; count < 20; count++)
            (await Send(gateway, Largest + 1, inPieces: true)).Dispose();
        using var answer = await Send(gateway, 1, inPieces: true);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<RunningGateway> Start() => RunningGateway.Start(("Limits:LargestBodyBytes", $"{Largest}"));

    private static async Task<HttpResponseMessage> Send(RunningGateway gateway, int size, bool inPieces)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/trading/orders/batch") { Content = new StringContent(new string('x', size)) };
        request.Headers.TransferEncodingChunked = inPieces;
        request.Headers.ExpectContinue = true;
        using var client = gateway.As("mill-desk");
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
