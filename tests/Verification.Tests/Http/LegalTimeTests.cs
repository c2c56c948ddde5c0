using System.Net;
using static CarbonMarket.Verification.Http.ReportingYear;

namespace CarbonMarket.Verification.Http;

public sealed class LegalTimeTests(VerificationService service)
{
    [Theory]
    [InlineData("uk-ets", false)]
    [InlineData("gansu", true)]
    public async Task A_report_is_late_by_the_calendar_of_its_market(string market, bool late) =>
        (await service.As("emitter", await service.Covered(market))
            .Put($"/verification/markets/{market}/reports/{Guid.CreateVersion7()}", Sources(("Boiler", 1))).Json())
            .GetProperty("late").GetBoolean().ShouldBe(late);

    [Fact]
    public async Task A_year_that_has_not_ended_is_not_reported_on() =>
        (await service.As("emitter", await service.Covered()).Put($"{Uk}/reports/{Guid.CreateVersion7()}", new
        {
            year = 2022, sources = new[] { new { name = "Boiler", tonnes = 1 } },
        }).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("year-not-over");
}
