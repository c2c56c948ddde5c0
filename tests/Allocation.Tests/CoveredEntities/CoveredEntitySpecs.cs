using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using CsCheck;
using static CarbonMarket.Allocation.CoveredEntities.CoveredEntityCommand;
using static CarbonMarket.Allocation.CoveredEntities.CoveredEntityEvent;

namespace CarbonMarket.Allocation.CoveredEntities;

public sealed class CoveredEntitySpecs
{
    private const string Market = "uk-ets";
    private static readonly Guid Mill = Guid.Parse("11111111-1111-4111-8111-111111111111");
    private static readonly DateTimeOffset Noon = new(2021, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CoverageBegan Began = new(Market, Mill, Year(2021), null, Noon);

    private static readonly Spec<CoveredEntity?, CoveredEntityCommand, CoveredEntityEvent> Spec =
        new(() => null, CoveredEntity.Decide, CoveredEntity.After);

    [Fact]
    public void A_participant_is_entered_on_the_list() =>
        Spec.Given().When(Cover(2021)).Then(Began);

    [Fact]
    public void Entering_it_again_with_the_same_years_changes_nothing() => Spec.Given(Began).When(Cover(2021)).ThenNothing();

    [Fact]
    public void Its_years_can_be_changed() =>
        Spec.Given(Began).When(Cover(2022, 2023)).Then(new CoverageChanged(Market, Mill, Year(2022), Year(2023), Noon));

    [Fact]
    public void A_span_does_not_end_before_it_begins() => Spec.Given().When(Cover(2022, 2021)).ThenRejected("invalid-span");

    [Fact]
    public void A_covered_year_can_be_excused() => Spec.Given(Began).When(Exclude(2022)).Then(new YearExcluded(Market, Mill, Year(2022), Noon));

    [Fact]
    public void An_excused_year_can_be_owed_again() =>
        Spec.Given(Began, new YearExcluded(Market, Mill, Year(2022), Noon))
            .When(new ReverseExclusion(Market, Mill, Year(2022), Noon)).Then(new ExclusionReversed(Market, Mill, Year(2022), Noon));

    [Fact]
    public void Taking_back_an_exclusion_that_is_not_there_changes_nothing() =>
        Spec.Given(Began).When(new ReverseExclusion(Market, Mill, Year(2022), Noon)).ThenNothing();

    [Theory]
    [InlineData(2020)]
    [InlineData(2024)]
    public void A_year_outside_the_span_cannot_be_excused(int year) =>
        Spec.Given(Began with { LastYear = Year(2023) }).When(Exclude(year)).ThenRejected("year-not-covered");

    [Fact]
    public void Who_is_not_on_the_list_cannot_be_excused() => Spec.Given().When(Exclude(2022)).ThenRejected("entity-not-covered");

    [Theory]
    [InlineData(2020, false)]
    [InlineData(2021, true)]
    [InlineData(2022, false)]
    [InlineData(2023, true)]
    [InlineData(2024, false)]
    public void An_entity_owes_the_years_of_its_span_that_are_not_excused(int year, bool owes) =>
        CoveredEntity.After(CoveredEntity.After(null, Began with { LastYear = Year(2023) }), new YearExcluded(Market, Mill, Year(2022), Noon))
            .Owes(Year(year)).ShouldBe(owes);

    [Fact]
    public void The_revision_counts_the_events_whatever_happens() =>
        Gen.Select(Gen.Int[2021, 2026], Gen.Int[0, 2]).Array[0, 30].Sample(steps =>
        {
            CoveredEntity? entity = null;
            var events = 0;
            foreach (var (year, kind) in steps)
            {
                CoveredEntityCommand command = kind switch { 0 => Cover(year), 1 => Exclude(year), _ => new ReverseExclusion(Market, Mill, Year(year), Noon) };
                if (CoveredEntity.Decide(entity, command) is not Decision<CoveredEntityEvent>.Accepted accepted)
                    continue;
                events += accepted.Events.Length;
                entity = accepted.Events.Aggregate(entity, CoveredEntity.After);
            }

            return (entity?.Revision ?? 0) == events;
        });

    [Fact]
    public void The_same_participant_has_another_stream_in_another_market() =>
        CoveredEntity.StreamId("gansu", Mill).ShouldNotBe(CoveredEntity.StreamId(Market, Mill));

    private static Cover Cover(int first, int? last = null) =>
        new(Market, Mill, Year(first), last is { } year ? Year(year) : null, Noon);

    private static Exclude Exclude(int year) => new(Market, Mill, Year(year), Noon);

    private static ComplianceYear Year(int year) => ComplianceYear.Of(year);
}
