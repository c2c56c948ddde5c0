using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Kernel;

namespace CarbonMarket.Verification.Coverage;

public sealed class CoveredYearsTests
{
    private static readonly EntityCovered Said = new()
    {
        Market = "uk-ets",
        ParticipantId = Guid.Parse("11111111-1111-4111-8111-111111111111"),
        FirstYear = 2021,
        LastYear = 2023,
        Revision = 4,
        At = new DateTimeOffset(2021, 3, 1, 12, 0, 0, TimeSpan.Zero),
    };

    [Theory]
    [InlineData(2020, false)]
    [InlineData(2021, true)]
    [InlineData(2023, true)]
    [InlineData(2024, false)]
    public void An_entity_reports_on_the_years_of_its_span(int year, bool spans) =>
        CoveredYears.Of(Said).Spans(ComplianceYear.Of(year)).ShouldBe(spans);

    [Fact]
    public void Without_a_last_year_the_span_goes_on() =>
        CoveredYears.Of(Said with { LastYear = null }).Spans(ComplianceYear.Of(2100)).ShouldBeTrue();

    [Fact]
    public void What_was_said_is_remembered_with_its_revision() =>
        CoveredYears.Of(Said).ShouldBe(new CoveredYears(CoveredYears.IdOf("uk-ets", Said.ParticipantId), 2021, 2023, 4));

    [Fact]
    public void Each_market_has_a_list_of_its_own() =>
        CoveredYears.Of(Said with { Market = "gansu" }).Id.ShouldNotBe(CoveredYears.Of(Said).Id);
}
