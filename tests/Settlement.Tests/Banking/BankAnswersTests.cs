using System.Net;
using CarbonMarket.Kernel;

namespace CarbonMarket.Settlement.Banking;

/// <summary>What a bank's answer to an order to pay means.</summary>
public sealed class BankAnswersTests
{
    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Conflict)]
    [InlineData(HttpStatusCode.Gone)]
    [InlineData(HttpStatusCode.UnprocessableEntity)]
    public async Task Not_taken_when_the_order_is_at_fault(HttpStatusCode status) => (await Pay(status)).ShouldBeFalse();

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task Asked_again_when_the_moment_or_the_key_is_at_fault(HttpStatusCode status) =>
        (await Should.ThrowAsync<HttpRequestException>(() => Pay(status))).StatusCode.ShouldBe(status);

    [Fact]
    public async Task Taken_when_it_says_so() => (await Pay(HttpStatusCode.Accepted)).ShouldBeTrue();

    private static async Task<bool> Pay(HttpStatusCode answer)
    {
        using var http = new HttpClient(new Answering(answer));
        return await new HttpSettlementBank(http, new Uri("http://bank/markets/gansu/"))
            .Pay(new PaymentOrder(DeterministicGuid.From("an order"), "CN-620-10000001-00", Money.OfMinor(1)), TestContext.Current.CancellationToken);
    }

    private sealed class Answering(HttpStatusCode status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(status));
    }
}
