using System.Net;
using System.Net.Http.Json;

namespace CarbonMarket.Allocation.Http;

public sealed class ClockTests(AllocationService service, ProductionAllocationService production)
    : IClassFixture<AllocationService>, IClassFixture<ProductionAllocationService>
{
    [Fact]
    public async Task An_operator_sets_and_advances_legal_time_and_everybody_may_read_it()
    {
        (await service.As(null).Get("/clock").Json()).GetProperty("version").GetInt64().ShouldBe(0);

        var set = await service.Operator.Put("/clock", new { legalTime = "2021-03-01T08:00:00+00:00", running = false }).Json();
        (set.GetProperty("version").GetInt64(), set.GetProperty("running").GetBoolean()).ShouldBe((1, false));
        (await service.Operator.Put("/clock", new { legalTime = "2021-03-01T16:00:00+08:00", running = false }).Json())
            .GetProperty("version").GetInt64().ShouldBe(1);

        var advanced = await Advance("first", new { by = "PT3H" }).Json();
        advanced.GetProperty("legalTime").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2021, 3, 1, 11, 0, 0, TimeSpan.Zero));
        await Advance("second", new { to = "2021-03-02T00:00:00Z" }).Json();
        (await Advance("first", new { by = "PT3H" }).Json()).GetRawText().ShouldBe(advanced.GetRawText());

        (await Advance("first", new { by = "PT4H" }).Code(HttpStatusCode.Conflict)).ShouldBe("command-id-reused");
        (await service.Operator.Put("/clock", new { legalTime = "2021-03-01T08:00:00Z", running = false })
            .Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("clock-goes-back");

        // This instance follows at once; readers of either address see the same.
        var here = await service.As(null).Get("/allocation/clock").Json();
        here.GetProperty("version").GetInt64().ShouldBe(3);
        here.GetProperty("legalTime").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2021, 3, 2, 0, 0, 0, TimeSpan.Zero));
        (await service.As(null).Get("/clock").Json()).GetProperty("version").GetInt64().ShouldBe(3);
    }

    [Theory]
    [InlineData("P9999999D")]
    [InlineData("P40000D")]
    public async Task A_step_out_of_the_calendar_is_refused_and_spends_no_clock(string by)
    {
        var before = (await service.As(null).Get("/clock").Json()).GetProperty("version").GetInt64();

        (await Advance($"far-{by}", new { by }).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("clock-out-of-range");

        (await service.As(null).Get("/clock").Json()).GetProperty("version").GetInt64().ShouldBe(before);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_setting_is_said_at_once()
    {
        (await service.Operator.Put("/clock", new { }).Faults()).ShouldBe(["$.legalTime required", "$.running required"]);
        (await service.Operator.Put("/clock", new { legalTime = "1970-01-01T00:00:00Z", running = true }).Faults()).ShouldBe(["$.legalTime out-of-range"]);
        (await service.Operator.Post("/clock/advance", new { by = "P1M", to = "2021-01-01T00:00:00Z" }).Faults())
            .ShouldBe(["Idempotency-Key required", "$ one-of", "$.by invalid-duration"]);
    }

    [Theory]
    [InlineData("regulator", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task Only_an_operator_sets_the_clock(string? role, HttpStatusCode status)
    {
        using var response = await service.As(role).Put("/clock", new { legalTime = "2021-03-01T08:00:00Z", running = false });
        response.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task In_production_legal_time_is_the_systems() =>
        (await production.Operator.Put("/clock", new { legalTime = "2021-03-01T08:00:00Z", running = false })
            .Code(HttpStatusCode.Forbidden)).ShouldBe("clock-is-system");

    private Task<HttpResponseMessage> Advance(string key, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/clock/advance") { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        return service.Operator.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
