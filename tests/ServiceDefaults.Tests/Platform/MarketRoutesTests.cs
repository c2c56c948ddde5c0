using System.Net;
using System.Text.Json;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.ServiceDefaults.Platform;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.ServiceDefaults.Tests.Platform;

/// <summary>What every service says to whoever asks for one of its markets.</summary>
public sealed class MarketRoutesTests
{
    private static readonly DateTimeOffset Noon = new(2021, 6, 16, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Nothing_is_answered_before_a_sandboxs_clock_has_been_heard_of()
    {
        await using var service = await Start(mode: "Sandbox");
        var (status, body, retryAfter) = await Get(service, "uk-ets");
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        JsonDocument.Parse(body).RootElement.GetProperty("code").GetString().ShouldBe("clock-unknown");
        retryAfter.ShouldBe(TimeSpan.FromSeconds(1));

        service.Services.GetRequiredService<MarketClock>().Follow(1, Noon, Noon, running: false);

        (status, body, _) = await Get(service, "uk-ets");
        status.ShouldBe(HttpStatusCode.OK);
        body.ShouldBe("\"2021-06-16T12:00:00+00:00\"");
    }

    [Fact]
    public async Task Where_legal_time_is_the_systems_it_is_always_known()
    {
        await using var service = await Start(mode: "System");
        (await Get(service, "uk-ets")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_market_that_is_not_run_here_is_unknown_whatever_the_time()
    {
        await using var service = await Start(mode: "Sandbox");
        (await Get(service, "atlantis")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<WebApplication> Start(string mode)
    {
        // Nobody answers there.
        var builder = BareService.Of("times", settings: [("MarketClock:Mode", mode), ("MarketClock:Source", "http://127.0.0.1:9/")]);
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapMarket("times").MapGet("/now", (TimeProvider clock) => clock.GetUtcNow()).AllowAnonymous();
        await app.StartAsync();
        return app;
    }

    private static async Task<(HttpStatusCode Status, string Body, TimeSpan? RetryAfter)> Get(WebApplication service, string market)
    {
        using var client = new HttpClient { BaseAddress = new Uri(service.Urls.Single()) };
        using var response = await client.GetAsync(new Uri($"/times/markets/{market}/now", UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.RetryAfter?.Delta);
    }
}
