using System.Net;
using CarbonMarket.Gateway.Running;

namespace CarbonMarket.Gateway.Failures;

public sealed class AwayTests
{
    [Fact]
    public async Task A_service_that_is_down_is_unreachable_and_the_others_are_served()
    {
        await using var gateway = await RunningGateway.Start();
        await gateway["trading"].Stop();
        using var answer = await gateway.As("mill-desk").Get("/trading/anything");
        (await answer.Code(HttpStatusCode.BadGateway)).ShouldBe("service-unreachable");
        (answer.Header("Retry-After"), answer.Header("X-Frame-Options")).ShouldBe(("1", "DENY"));
        answer.Header("X-Request-Id").ShouldNotBeNullOrWhiteSpace();
        (await gateway.As("mill-desk").Get("/settlement/anything").Status()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_service_that_dies_over_a_request_is_unreachable()
    {
        await using var gateway = await RunningGateway.Start();
        gateway["trading"].Answer = TinyService.Broken;
        (await gateway.As("mill-desk").Get("/trading/anything").Code(HttpStatusCode.BadGateway)).ShouldBe("service-unreachable");
    }

    [Fact]
    public async Task A_service_that_is_back_is_served_from_its_first_request()
    {
        await using var gateway = await RunningGateway.Start(("Upstream:HealthInterval", "00:10:00"));
        using var client = gateway.As("mill-desk");
        (await client.Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.OK);
        await gateway["trading"].Stop();
        for (var count = 0; count < 20; count++)
            (await client.Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.BadGateway);
        await gateway["trading"].Start();
        (await client.Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_service_that_says_nothing_has_taken_too_long()
    {
        await using var gateway = await RunningGateway.Start(("Upstream:Timeout", "00:00:00.2"));
        gateway["trading"].Answer = TinyService.Silent;
        // Far longer than the time-out, and shorter than the usual one.
        using var answer = await gateway.As("mill-desk").Get("/trading/anything").WaitAsync(TimeSpan.FromSeconds(45), TestContext.Current.CancellationToken);
        (await answer.Code(HttpStatusCode.GatewayTimeout)).ShouldBe("service-timeout");
        answer.Header("Retry-After").ShouldBe("1");
        gateway["trading"].Requests.ShouldHaveSingleItem("it may have acted, so the gateway does not ask again");
    }
}
