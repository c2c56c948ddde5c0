using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CsCheck;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Obligations;

public sealed class ComplianceFactSpecs
{
    private static readonly DateTimeOffset March = new(2022, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly CoverEntity Covered = new(Smelter, Y2021, null, 1, Noon);
    private static readonly RecordEmissions Emissions = new(Smelter, Y2021, Units(5), Id("report"), 1, March);
    private static readonly SetExclusion Excluded = new(Smelter, Y2022, true, 2, March);

    [Fact]
    public void Emissions_before_the_coverage_are_held_and_entered_with_it()
    {
        TheLedger.Given().When(Emissions).Then(new EmissionsHeld(Smelter, Y2021, Units(5), Id("report"), 1, "not-covered", March));
        var ledger = Settle(After(Emissions, Covered));
        ledger.Compliance.Find(Smelter)!.Record!.Entry(Y2021).Verified.ShouldBe(Units(5));
        ledger.Compliance.WithHeldFacts.ShouldBeEmpty();
    }

    [Fact]
    public void Emissions_that_outrun_the_calendar_bring_it_up_to_their_time() =>
        TheLedger.Given().After(Covered).When(Emissions).Then(
            new ComplianceYearBegun(Y2022, new DateTimeOffset(2022, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            new EmissionsRecorded(Smelter, Y2021, Units(5), Id("report"), 1, March));

    [Fact]
    public void Emissions_of_a_year_that_is_not_reportable_yet_wait_for_it()
    {
        var early = Emissions with { Year = Y2022 };
        var ledger = After(Covered, early);
        ledger.Compliance.Find(Smelter)!.HeldEmissions.ShouldHaveSingleItem().ShouldBe(early);
        ledger = Settle(ledger, March.AddYears(1));
        ledger.Compliance.Find(Smelter)!.Record!.Entry(Y2022).Verified.ShouldBe(Units(5));
    }

    [Fact]
    public void A_later_version_replaces_the_figure_and_an_earlier_one_changes_nothing()
    {
        var second = Emissions with { ReportVersion = 2, Verified = Units(7) };
        TheLedger.Given().After(Covered, second).When(Emissions).ThenNothing();
        TheLedger.Given().After(Covered, Emissions).When(second).Then(new EmissionsRecorded(Smelter, Y2021, Units(7), Id("report"), 2, March));
    }

    [Fact]
    public void The_same_version_with_another_figure_is_a_contradiction() =>
        TheLedger.Given().After(Covered, Emissions).When(Emissions with { Verified = Units(6) }).ThenRejected("report-differs");

    [Fact]
    public void An_exclusion_before_the_coverage_is_held_and_entered_with_it()
    {
        TheLedger.Given().When(Excluded).Then(new ExclusionHeld(Smelter, Y2022, true, 2, "not-covered", March));
        Settle(After(Excluded, Covered)).Compliance.Find(Smelter)!.Record!.Entry(Y2022).Excluded.ShouldBeTrue();
    }

    [Fact]
    public void Coverage_that_would_strand_recorded_emissions_is_held() =>
        TheLedger.Given().After(Covered, Emissions).When(Covered with { FirstYear = Y2022, Revision = 2 })
            .Then(new CoverageHeld(Smelter, Y2022, null, 2, "emissions-outside-coverage", Noon));

    [Fact]
    public void Years_out_of_order_are_refused() =>
        TheLedger.Given().When(Covered with { LastYear = ComplianceYear.Of(2020) }).ThenRejected("years-out-of-order");

    [Fact]
    public void A_year_begins_for_every_entity() =>
        TheLedger.Given().After(Covered, Covered with { ParticipantId = Kiln }).When(new FollowCalendar(March)).ThenState(ledger =>
            ledger.Compliance.Records.Select(record => record.CurrentYear).ShouldBe([Y2022, Y2022]));

    [Fact]
    public void A_held_fact_is_entered_under_its_own_name_though_another_has_become_possible_meanwhile()
    {
        var (later, second) = (March.AddYears(1), Emissions with { Year = Y2022, ReportVersion = 1 });
        var ledger = After(
            Covered, new FollowCalendar(later), new SetExclusion(Smelter, Y2021, true, 2, Noon), new SetExclusion(Smelter, Y2022, true, 3, Noon),
            Emissions, second, new SetExclusion(Smelter, Y2022, false, 4, Noon));
        var due = NextAction.Possible(ledger, later).ShouldHaveSingleItem();

        ledger = Then(ledger, new SetExclusion(Smelter, Y2021, false, 5, Noon), due.Command);

        ledger.Compliance.Find(Smelter)!.HeldEmissions.ShouldHaveSingleItem().ShouldBe(Emissions);
        var next = NextAction.Possible(ledger, later).ShouldHaveSingleItem();
        next.CommandId.ShouldNotBe(due.CommandId);
        ledger = Then(ledger, next.Command, due.Command);
        ledger.Compliance.WithHeldFacts.ShouldBeEmpty();
        NextAction.Possible(ledger, later).ShouldBeEmpty();
    }

    [Fact]
    public void The_order_in_which_the_facts_of_an_entity_arrive_does_not_matter()
    {
        LedgerCommand[] facts =
        [
            Covered, Covered with { LastYear = ComplianceYear.Of(2023), Revision = 3 }, Excluded, Emissions,
            Emissions with { ReportVersion = 2, Verified = Units(8) },
            new SetExclusion(Smelter, Y2021, true, 4, Noon), new SetExclusion(Smelter, Y2021, false, 5, Noon),
            new CoverEntity(Kiln, Y2021, null, 1, Noon),
        ];
        var expected = Outcome(facts);
        Gen.Shuffle(facts).Sample(shuffled => Outcome(shuffled).ShouldBe(expected), iter: 500);
    }

    private static string Outcome(IEnumerable<LedgerCommand> facts)
    {
        var record = Settle(After(facts), March).Compliance.Find(Smelter)!.Record!;
        return $"{record.FirstYear}-{record.LastYear} in {record.CurrentYear}: "
            + string.Join("; ", record.Years.Where(year => year.Excluded || year.Verified is not null)
                .Select(year => $"{year.Year} {year.Verified} {year.Excluded}"));
    }
}
