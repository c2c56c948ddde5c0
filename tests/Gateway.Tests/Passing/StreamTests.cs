using System.Net;
using CarbonMarket.Gateway.Running;
using Microsoft.AspNetCore.Http;

namespace CarbonMarket.Gateway.Passing;

public sealed class StreamTests
{
    private const string Call = "/carbonmarket.trading.v1.MarketData/Subscribe";

    [Fact]
    public async Task What_a_service_says_on_a_stream_is_passed_on_at_once()
    {
        await using var gateway = await RunningGateway.Start();
        var heard = Streaming(gateway["trading"]);
        using var client = gateway.As("mill-desk");
        using var answer = await client.GetAsync(
            new Uri("/trading/markets/uk-ets/market-data/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        await HearsBoth(answer, heard);
    }

    [Fact]
    public async Task A_call_by_gRPC_is_passed_on_as_HTTP_2_to_the_port_that_speaks_it()
    {
        await using var gateway = await RunningGateway.Start(("Kestrel:EndpointDefaults:Protocols", "Http2"));
        var heard = Streaming(gateway["trading-grpc"]);
        using var client = gateway.As("mill-desk");
        using var answer = await Calls(client);
        answer.Version.ShouldBe(HttpVersion.Version20);
        await HearsBoth(answer, heard);
        gateway["trading-grpc"].Requests.ShouldHaveSingleItem().Path.ShouldBe(Call);
    }

    [Fact]
    public async Task Nobody_calls_by_gRPC_without_a_token()
    {
        await using var gateway = await RunningGateway.Start(("Kestrel:EndpointDefaults:Protocols", "Http2"));
        using var client = gateway.With(null);
        (await Calls(client).Code(HttpStatusCode.Unauthorized)).ShouldBe("unauthenticated");
        gateway["trading-grpc"].Requests.ShouldBeEmpty();
    }

    private static async Task<HttpResponseMessage> Calls(HttpClient client)
    {
        using var call = new HttpRequestMessage(HttpMethod.Post, Call)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 0]),
        };
        call.Content.Headers.ContentType = new("application/grpc");
        return await client.SendAsync(call, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>The service says one thing, and the next when that has been heard.</summary>
    private static TaskCompletionSource Streaming(TinyService service)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        service.Answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: one\n\n");
            await heard.Task;
            await context.Response.WriteAsync("data: two\n\n");
        };
        return heard;
    }

    private static async Task HearsBoth(HttpResponseMessage answer, TaskCompletionSource heard)
    {
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("data: one");
        heard.SetResult();
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain("data: two");
    }
}
