using System.Net;
using System.Text.Json;
using CarbonMarket.Gateway.Running;
using CarbonMarket.Testing;

namespace CarbonMarket.Gateway.Failures;

public sealed class ReadinessTests
{
    [Fact]
    public async Task The_gateway_says_which_services_are_away_and_stays_ready_for_the_others()
    {
        await using var gateway = await RunningGateway.Start();
        await Says(gateway, null);
        await gateway["trading"].Stop();
        gateway["audit"].IsReady = false;
        await Says(gateway, "Away: audit, trading.");
        await gateway["trading"].Start();
        gateway["audit"].IsReady = true;
        await Says(gateway, null);
    }

    [Fact]
    public async Task Without_Identitys_keys_it_is_alive_but_not_ready()
    {
        await using var gateway = await RunningGateway.Start();
        await gateway["identity"].Stop();
        using var client = gateway.With(null);
        using var answer = await client.Get("/health/ready");
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        Check(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), "keys").GetProperty("status").GetString().ShouldBe("Unhealthy");
        (await client.Get("/health/live").Status()).ShouldBe(HttpStatusCode.OK);

        await gateway["identity"].Start();
        await Eventually.Holds("the keys are read", async () => await client.Get("/health/ready").Status() == HttpStatusCode.OK);
        (await gateway.As("mill-desk").Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_Identity_is_away_tokens_it_has_issued_are_still_good()
    {
        await using var gateway = await RunningGateway.Start();
        (await gateway.As("mill-desk").Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.OK);
        await gateway["identity"].Stop();
        (await gateway.As("quarry-desk").Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task Says(RunningGateway gateway, string? expected) =>
        await Eventually.Gives($"readiness says '{expected}'", async () => Check(await gateway.With(null).Get("/health/ready").Text(), "services")
            .GetProperty("description").GetString(), said => said == expected);

    private static JsonElement Check(string readiness, string name) =>
        JsonDocument.Parse(readiness).RootElement.GetProperty("checks").GetProperty(name);
}
