using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using static CarbonMarket.Allocation.CoveredEntities.CoveredEntityCommand;
using static CarbonMarket.Allocation.CoveredEntities.CoveredEntityEvent;

namespace CarbonMarket.Allocation.CoveredEntities;

public sealed class CoverageChangeSpecs
{
    private const string Market = "gansu";
    private static readonly Guid Mill = Guid.Parse("11111111-1111-4111-8111-111111111111");
    private static readonly Guid Kiln = Guid.Parse("22222222-2222-4222-8222-222222222222");
    private static readonly DateTimeOffset Noon = new(2025, 10, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CoverageBegan Began = new(Market, Mill, Of(2021), null, Noon);

    private static readonly Spec<CoveredEntity?, CoveredEntityCommand, CoveredEntityEvent> Spec =
        new(() => null, CoveredEntity.Decide, CoveredEntity.After);

    [Fact]
    public void It_moves_to_another_division_from_a_year_on()
    {
        Spec.Given(Began).When(new Locate(Market, Mill, Of(2023), "620200", Noon)).Then(new DivisionAssigned(Market, Mill, Of(2023), "620200", Noon));
        var mill = Fold(Began, new DivisionAssigned(Market, Mill, Of(2021), "620100", Noon), new DivisionAssigned(Market, Mill, Of(2023), "620200", Noon));
        (mill.DivisionIn(2022), mill.DivisionIn(2023), mill.DivisionIn(2020)).ShouldBe(("620100", "620200", null));
        Spec.Given().When(new Locate(Market, Mill, Of(2023), "620200", Noon)).ThenRejected("entity-not-covered");
    }

    [Fact]
    public void Two_years_below_the_threshold_take_it_off_the_list() => Spec.Given(Began).When(Leave((2023, 25_999), (2024, 25_999)))
        .Then(new CoverageEnded(Market, Mill, Of(2021), Of(2024), "below-threshold", null, null, Noon));

    [Fact]
    public void One_year_below_a_year_at_the_threshold_and_a_year_unknown_do_not()
    {
        Spec.Given(Began).When(Leave((2023, 26_000), (2024, 100))).ThenRejected("exit-not-due");
        Spec.Given(Began).When(Leave((2024, 100))).ThenRejected("exit-not-due");
        Spec.Given(Began with { LastYear = Of(2022) }).When(Leave((2023, 1), (2024, 1))).ThenRejected("year-not-covered");
    }

    [Fact]
    public void Who_is_closed_answers_for_the_year_of_closing_and_no_other()
    {
        var closed = new CoverageEnded(Market, Mill, Of(2021), Of(2025), "closed", new DateOnly(2025, 5, 1), null, Noon);
        Spec.Given(Began).When(new Close(Market, Mill, new DateOnly(2025, 5, 1), Noon)).Then(closed);
        (Fold(Began, closed).Owes(Of(2025)), Fold(Began, closed).Owes(Of(2026))).ShouldBe((true, false));
        Spec.Given(Began, closed).When(new Close(Market, Mill, new DateOnly(2027, 5, 1), Noon)).ThenRejected("year-not-covered");
    }

    [Fact]
    public void Who_merges_into_another_answers_until_then_and_the_other_from_then_on()
    {
        Spec.Given(Began).When(new BeSucceeded(Market, Mill, Of(2025), [Kiln], "review 3", Noon))
            .Then(new CoverageEnded(Market, Mill, Of(2021), Of(2024), "review 3", null, [Kiln], Noon));
        var named = new PredecessorsNamed(Market, Kiln, Of(2025), [Mill], "review 3", Noon);
        Spec.Given().When(new Succeed(Market, Kiln, Of(2025), [Mill], "review 3", Noon)).Then(new CoverageBegan(Market, Kiln, Of(2025), null, Noon), named);
        Spec.Given(Began with { ParticipantId = Kiln }).When(new Succeed(Market, Kiln, Of(2025), [Mill], "review 3", Noon)).Then(named);
        Spec.Given(Began with { LastYear = Of(2023) }).When(new BeSucceeded(Market, Mill, Of(2025), [Kiln], "review 3", Noon)).ThenRejected("year-not-covered");
    }

    [Fact]
    public void Who_had_left_the_list_and_takes_over_another_does_not_owe_the_years_between()
    {
        var left = new CoverageEnded(Market, Kiln, Of(2021), Of(2022), "below-threshold", null, null, Noon);
        var takesOver = new Succeed(Market, Kiln, Of(2025), [Mill], "review 3", Noon);
        CoveredEntityEvent[] followed =
        [
            new YearExcluded(Market, Kiln, Of(2023), Noon), new YearExcluded(Market, Kiln, Of(2024), Noon),
            new CoverageChanged(Market, Kiln, Of(2021), null, Noon), new PredecessorsNamed(Market, Kiln, Of(2025), [Mill], "review 3", Noon),
        ];
        Spec.Given(Began with { ParticipantId = Kiln }, left).When(takesOver).Then(followed);
        var kiln = Fold([Began with { ParticipantId = Kiln }, left, .. followed]);
        Enumerable.Range(2021, 6).Where(year => kiln.Owes(Of(year))).ShouldBe([2021, 2022, 2025, 2026]);

        Spec.Given(Began with { ParticipantId = Kiln }, left with { LastYear = Of(2024) }).When(takesOver).Then(followed[2..]);
        Spec.Given(Began with { ParticipantId = Kiln }, new YearExcluded(Market, Kiln, Of(2023), Noon), left).When(takesOver).Then(followed[1..]);
    }

    [Fact]
    public void Allowances_are_withheld_and_released()
    {
        var withheld = new WithholdingBegan(Market, Mill, "frozen", Noon);
        Spec.Given(Began).When(new Withhold(Market, Mill, "frozen", Noon)).Then(withheld);
        Spec.Given(Began, withheld).When(new Release(Market, Mill, Noon)).Then(new WithholdingEnded(Market, Mill, Noon));
        Spec.Given(Began).When(new Release(Market, Mill, Noon)).ThenNothing();
    }

    private static ComplianceYear Of(int year) => ComplianceYear.Of(year);

    private static LeaveBelowThreshold Leave(params (int Year, long Tonnes)[] figures) => new(
        Market, Mill, Of(2024), figures.ToImmutableSortedDictionary(figure => figure.Year, figure => figure.Tonnes), 26_000, 2, Noon);

    private static CoveredEntity Fold(params CoveredEntityEvent[] events) => events.Aggregate((CoveredEntity?)null, CoveredEntity.After)!;
}
