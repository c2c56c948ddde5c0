using System.Collections.Immutable;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Obligations;

public sealed class ComplianceCalendarSpecs
{
    private static readonly CoverEntity Covered = new(Smelter, Y2021, null, 1, Noon);
    private static readonly DateTimeOffset NewYear2022 = new(2022, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // 30 April counts in full, and London is on summer time then.
    private static readonly DateTimeOffset Deadline2021 = new(2022, 5, 1, 0, 0, 0, TimeSpan.FromHours(1));

    [Fact]
    public void The_calendar_starts_with_the_first_covered_entity() =>
        TheLedger.Given().When(Covered).Then(
            new ComplianceCalendarStarted(Y2021, Y2021, Noon), new EntityCovered(Smelter, Y2021, null, Y2021, 1, Noon));

    [Fact]
    public void A_market_without_covered_entities_has_no_years() => TheLedger.Given().When(new FollowCalendar(Noon.AddYears(10))).ThenNothing();

    [Fact]
    public void Nothing_happens_before_the_year_is_over() =>
        TheLedger.Given().After(Covered).When(new FollowCalendar(NewYear2022.AddTicks(-1))).ThenNothing();

    [Fact]
    public void A_year_begins_on_1_January() =>
        TheLedger.Given().After(Covered).When(new FollowCalendar(NewYear2022)).Then(new ComplianceYearBegun(Y2022, NewYear2022));

    [Fact]
    public void A_year_begins_and_ends_at_midnight_where_the_market_is()
    {
        var gansu = new RuleBook(Packs.Versions("gansu"));
        gansu.StartOf(Y2022).ShouldBe(new DateTimeOffset(2021, 12, 31, 16, 0, 0, TimeSpan.Zero));
        gansu.YearOf(new DateTimeOffset(2021, 12, 31, 16, 0, 0, TimeSpan.Zero)).ShouldBe(Y2022);
    }

    [Fact]
    public void A_deadline_that_has_not_passed_can_be_moved_by_a_later_version_of_the_pack()
    {
        var first = Packs.Find("uk-ets")!;
        var later = first with
        {
            Version = "later",
            ValidFrom = new DateOnly(2022, 3, 1),
            Compliance = first.Compliance with { SurrenderDeadline = new MonthDay(9, 30) },
        };
        var usual = new RuleBook(first);
        var rules = new RuleBook(first, later);
        rules.SurrenderDeadline(Y2021).ShouldBe(usual.SurrenderDeadline(Y2021).AddMonths(5));
        rules.SurrenderDeadline(Y2021.Previous).ShouldBe(usual.SurrenderDeadline(Y2021.Previous));
        new RuleBook(first, later with { ValidFrom = new DateOnly(2022, 6, 1) }).SurrenderDeadline(Y2021).ShouldBe(usual.SurrenderDeadline(Y2021));
    }

    [Fact]
    public void A_year_closes_when_its_surrender_deadline_has_passed() =>
        TheLedger.Given().After(Covered, new RecordEmissions(Smelter, Y2021, Units(5), Id("report"), 1, NewYear2022), new FollowCalendar(Deadline2021.AddTicks(-1)))
            .When(new FollowCalendar(Deadline2021)).Then(
                new EntityAssessed(Smelter, Y2021, "B", Units(5), Units(0), Deadline2021),
                new ComplianceYearClosed(Y2021, ImmutableSortedDictionary<string, long>.Empty.Add("B", 1), Deadline2021));

    [Fact]
    public void A_clock_that_jumps_years_begins_and_closes_each_in_order() =>
        TheLedger.Given().After(Covered).When(new FollowCalendar(NewYear2022.AddYears(2))).ThenEvents(events =>
            events.Where(e => e is not EntityAssessed).Select(e => e switch
            {
                ComplianceYearBegun begun => $"begin {begun.Year}",
                ComplianceYearClosed closed => $"close {closed.Year}",
                _ => e.ToString(),
            }).ShouldBe(["begin 2022", "close 2021", "begin 2023", "close 2022", "begin 2024"]));

    [Fact]
    public void Each_calendar_step_is_owed_under_an_id_of_its_own()
    {
        var ledger = After(Covered);
        var first = NextAction.Due(ledger, Deadline2021)[0];
        first.Command.ShouldBe(new FollowCalendar(NewYear2022));
        var second = NextAction.Due(Then(ledger, first.Command), Deadline2021)[0];
        second.Command.ShouldBe(new FollowCalendar(Deadline2021));
        second.CommandId.ShouldNotBe(first.CommandId);
        NextAction.Due(Settle(ledger, Deadline2021), Deadline2021).ShouldBeEmpty();
    }

    [Fact]
    public void A_market_that_starts_late_does_not_close_years_whose_deadline_is_past() =>
        TheLedger.Given().When(Covered with { At = Deadline2021 }).ThenState(ledger =>
        {
            ledger.Compliance.CurrentYear.ShouldBe(Y2022);
            ledger.Compliance.NextToClose.ShouldBe(Y2022);
        });

    [Fact]
    public void An_entity_that_joins_later_is_not_assessed_for_years_before() =>
        TheLedger.Given().After(Covered, Covered with { ParticipantId = Kiln, FirstYear = Y2022 }).When(new FollowCalendar(Deadline2021))
            .ThenEvents(events => events.OfType<EntityAssessed>().ShouldHaveSingleItem().ParticipantId.ShouldBe(Smelter));
}
