using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CarbonMarket.Gateway.Running;

namespace CarbonMarket.Gateway.Protection;

public sealed class RateLimitTests
{
    private const int Burst = 5;

    // More than a bucket holds and, at one a second, more than it can be refilled with meanwhile.
    private const int Many = 200;

    [Fact]
    public async Task A_client_that_asks_too_often_is_told_when_to_ask_again()
    {
        await using var gateway = await Start("PerClient");
        using var refusal = await UntilRefused(gateway.As("busy-desk"));
        (await refusal.Code(HttpStatusCode.TooManyRequests)).ShouldBe("too-many-requests");
        int.Parse(refusal.Header("Retry-After")!, CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(1);
        refusal.Header("X-Request-Id").ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task A_client_may_use_its_whole_burst_at_once_and_no_more()
    {
        await using var gateway = await Start("PerClient");
        using var client = gateway.As("busy-desk");
        for (var count = 0; count < Burst; count++)
            (await client.Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.OK);
        (await UntilRefused(client)).Dispose();
        gateway["trading"].Requests.Count.ShouldBeLessThan(Many, "what is refused never reaches the service");
    }

    [Fact]
    public async Task One_clients_haste_is_not_anothers_loss()
    {
        await using var gateway = await Start("PerClient");
        using (var busy = gateway.As("busy-desk"))
            (await UntilRefused(busy)).Dispose();
        (await gateway.As("quiet-desk").Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_client_does_not_get_more_by_fetching_new_tokens()
    {
        await using var gateway = await Start("PerClient");
        (await UntilRefused(() => gateway.As("busy-desk"))).Dispose();
    }

    [Fact]
    public async Task Callers_without_a_valid_token_share_what_their_address_may_ask()
    {
        await using var gateway = await Start("PerAddress");
        using (var nobody = gateway.With(null))
            (await UntilRefused(nobody, whenPassed: HttpStatusCode.Unauthorized)).Dispose();
        using (var forger = gateway.With("forged"))
            (await forger.Get("/trading/anything").Code(HttpStatusCode.TooManyRequests)).ShouldBe("too-many-requests");

        (await gateway.As("mill-desk").Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.OK, "who has a token is not held liable for the neighbours");
        using var neighbour = From(IPAddress.Parse("127.0.0.2"), gateway.Address);
        (await neighbour.Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.Unauthorized, "another address has a bucket of its own");
    }

    [Fact]
    public async Task What_an_address_wastes_keeps_nobody_there_from_a_token()
    {
        await using var gateway = await Start("PerAddress");
        using var nobody = gateway.With(null);
        (await UntilRefused(nobody, whenPassed: HttpStatusCode.Unauthorized)).Dispose();
        (await nobody.Get("/connect/token").Status()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_address_may_ask_for_so_many_tokens()
    {
        await using var gateway = await Start("TokensPerAddress");
        using var nobody = gateway.With(null);
        (await UntilRefused(nobody, path: "/connect/token")).Dispose();
        (await nobody.Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.0.0/16, 127.0.0.0/8")]
    public async Task Behind_a_proxy_that_is_trusted_each_caller_has_a_bucket_of_its_own(string trusted)
    {
        await using var gateway = await Start("PerAddress", ("TrustedProxies", trusted));
        using (var one = Through(gateway, "203.0.113.1"))
            (await UntilRefused(one, whenPassed: HttpStatusCode.Unauthorized)).Dispose();
        using var claiming = Through(gateway, "198.51.100.7, 203.0.113.1");
        (await claiming.Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.TooManyRequests, "what the caller says of itself is not what the proxy says");
        using var other = Through(gateway, "203.0.113.2");
        (await other.Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.1.0.0/16")]
    public async Task Whoever_is_not_trusted_calls_from_its_own_address_whatever_it_says(string trusted)
    {
        await using var gateway = await Start("PerAddress", ("TrustedProxies", trusted));
        using (var one = Through(gateway, "203.0.113.1"))
            (await UntilRefused(one, whenPassed: HttpStatusCode.Unauthorized)).Dispose();
        using var same = Through(gateway, "203.0.113.2");
        (await same.Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    private static HttpClient Through(RunningGateway gateway, string forwardedFor)
    {
        var client = gateway.With(null);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
        return client;
    }

    private static Task<RunningGateway> Start(string bucket, params IEnumerable<(string Key, string Value)> settings) => RunningGateway.Start([
        ($"Limits:{bucket}:Burst", Burst.ToString(CultureInfo.InvariantCulture)), ($"Limits:{bucket}:PerSecond", "1"), .. settings]);

    private static Task<HttpResponseMessage> UntilRefused(
        HttpClient client, HttpStatusCode whenPassed = HttpStatusCode.OK, string path = "/trading/anything") =>
        UntilRefused(() => client, whenPassed, path);

    private static async Task<HttpResponseMessage> UntilRefused(
        Func<HttpClient> next, HttpStatusCode whenPassed = HttpStatusCode.OK, string path = "/trading/anything")
    {
        for (var count = 0; count < Many; count++)
        {
            var answer = await next().Get(path);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                return answer;
            using (answer)
                answer.StatusCode.ShouldBe(whenPassed);
        }
        throw new ShouldAssertException($"{Many} requests at once were all let through.");
    }

    private static HttpClient From(IPAddress source, Uri gateway) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, ct) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(context.DnsEndPoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = gateway };
}
