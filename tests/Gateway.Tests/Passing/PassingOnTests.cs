using System.Net;
using System.Net.Http.Json;
using CarbonMarket.Gateway.Running;

namespace CarbonMarket.Gateway.Passing;

public sealed class PassingOnTests(RunningGateway gateway)
{
    [Theory]
    [InlineData("/identity/participants/batch", "identity")]
    [InlineData("/clock/advance", "allocation")]
    [InlineData("/clock", "allocation")]
    [InlineData("/allocation/markets/uk-ets/plans", "allocation")]
    [InlineData("/verification/markets/uk-ets/statements/batch", "verification")]
    [InlineData("/trading/markets/uk-ets/orders", "trading")]
    [InlineData("/settlement/markets/uk-ets/accounts/batch", "settlement")]
    [InlineData("/audit/events", "audit")]
    public async Task Each_path_leads_to_its_service_whole(string path, string service)
    {
        var unique = $"{path}?limit=5&after={Guid.CreateVersion7()}";
        (await gateway.As("mill-desk").Post(unique, JsonContent.Create(new { quantity = 5 })).Status()).ShouldBe(HttpStatusCode.OK);
        var heard = gateway[service].Requests.Single(request => request.Path == unique);
        (heard.Method, heard.Body).ShouldBe(("POST", """{"quantity":5}"""));
    }

    [Fact]
    public async Task A_path_nobody_answers_at_is_unknown() =>
        (await gateway.As("mill-desk").Get("/weather/today").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-path");

    [Fact]
    public async Task Discovery_is_for_reading() =>
        (await gateway.As("mill-desk").Post("/.well-known/openid-configuration", JsonContent.Create(new { })).Code(HttpStatusCode.MethodNotAllowed))
            .ShouldBe("method-not-allowed");

    [Fact]
    public async Task The_gateway_names_its_doors()
    {
        var welcome = await gateway.With(null).Get("/").Text();
        foreach (var door in (string[])["/docs", "/openapi.json", "/connect/token", "/.well-known/openid-configuration", "/health/ready"])
            welcome.ShouldContain($"\"{door}\"");
    }
}
