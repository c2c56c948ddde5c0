using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.DailyStatements;

public sealed class ObjectionSpecs
{
    private static readonly DateTimeOffset Evening = Noon.AddHours(7);

    // The first of June 2021 is a Tuesday; London opens at 07:00, an hour ahead of UTC.
    private static readonly DateTimeOffset NextOpen = new(2021, 6, 2, 6, 0, 0, TimeSpan.Zero);
    private static readonly LedgerCommand[] Cleared = [OpenTrading(Smelter), Close(0), new ContinueClearing(Today, 0, Noon.AddHours(6))];
    private static readonly ObjectToStatement Objection = new(Id("objection"), Today, "A trade of ours is missing.", SmelterOne, Evening);
    private static readonly DecideObjection Decision = new(Id("objection"), true, "It is booked by a correction.", OfficialOne, NextOpen.AddHours(3));

    [Fact]
    public void A_participant_objects_to_its_statement_before_the_market_opens_again() =>
        TheLedger.Given().After(Cleared).When(Objection).Then(
            new StatementObjected(Id("objection"), Smelter, Today, "A trade of ours is missing.", "smelter-1", Evening));

    [Fact]
    public void The_last_moment_is_the_one_before_the_next_open()
    {
        TheLedger.Given().After(Cleared).When(Objection with { At = NextOpen.AddTicks(-1) }).ThenEvents(events => events.ShouldHaveSingleItem());
        TheLedger.Given().After(Cleared).When(Objection with { At = NextOpen }).ThenRejected("objection-too-late");
    }

    [Fact]
    public void Before_the_day_is_cleared_there_is_nothing_to_object_to() =>
        TheLedger.Given().After([OpenTrading(Smelter), Close(1)]).When(Objection).ThenRejected("day-not-cleared");

    [Fact]
    public void Whoever_has_no_trading_account_has_no_statement() =>
        TheLedger.Given().After(Cleared[1..]).When(Objection).ThenRejected("no-trading-account");

    [Fact]
    public void A_statement_is_objected_to_once()
    {
        TheLedger.Given().After([.. Cleared, Objection]).When(Objection with { ObjectionId = Id("another") }).ThenRejected("objection-already-made");
        TheLedger.Given().After([.. Cleared, Objection]).When(Objection with { Text = "Something else." }).ThenRejected("id-reused");
    }

    [Fact]
    public void A_day_that_is_cleared_late_is_objected_to_after_that()
    {
        // Meanwhile something happened on the Thursday: that is when the clearing run counts from.
        var thursday = Noon.AddDays(2);
        LedgerCommand[] late = [OpenTrading(Smelter), Close(1), OpenTrading(Kiln) with { At = thursday }, Lock(Trade(1, Smelter, Kiln, 1, 1)), new ContinueClearing(Today, 1, Noon.AddHours(6))];
        TheLedger.Given().After(late).When(Objection with { At = thursday.AddHours(1) }).ThenEvents(events => events.ShouldHaveSingleItem());
        TheLedger.Given().After(late).When(Objection with { At = NextOpen.AddDays(2) }).ThenRejected("objection-too-late");
    }

    [Fact]
    public void An_official_answers_it() =>
        TheLedger.Given().After([.. Cleared, Objection]).When(Decision).Then(new ObjectionDecided(
            Id("objection"), Smelter, Today, true, "It is booked by a correction.", "official-1", NextOpen.AddHours(3)));

    [Fact]
    public void Nobody_else_answers_it() =>
        TheLedger.Given().After([.. Cleared, Objection]).When(Decision with { By = SmelterTwo }).ThenRejected("officials-only");

    [Fact]
    public void What_nobody_has_objected_to_is_not_answered() =>
        TheLedger.Given().After(Cleared).When(Decision).ThenRejected("unknown-objection");

    [Fact]
    public void An_answer_stands() =>
        TheLedger.Given().After([.. Cleared, Objection, Decision]).When(Decision with { Upheld = false, By = OfficialTwo }).ThenRejected("already-decided");

    [Fact]
    public void Objections_and_their_answers_outlast_a_snapshot()
    {
        var ledger = After([.. Cleared, Objection, Decision]);
        ledger = Model.ReadSnapshot(Model.WriteSnapshot(ledger));
        ledger.Objections.Of(Smelter, Today).ShouldBe(new StatementObjection(
            Id("objection"), Smelter, Today, "A trade of ours is missing.", "smelter-1", Evening, true, "It is booked by a correction.", "official-1", NextOpen.AddHours(3)));
        ledger.Objections.After(0).Select(entry => entry.Number).ShouldBe([1]);
        ledger.Objections.After(1).ShouldBeEmpty();
    }

    [Fact]
    public void Holidays_are_no_trading_days()
    {
        // The National Day week of 2025 ends with the eighth; call auctions open at 09:15 in Beijing.
        var rules = new RuleBook(Packs.Versions("gansu"));
        rules.ObjectionsUntil(new DateOnly(2025, 9, 30), new DateTimeOffset(2025, 9, 30, 15, 0, 0, TimeSpan.FromHours(8)))
            .ShouldBe(new DateTimeOffset(2025, 10, 9, 9, 15, 0, TimeSpan.FromHours(8)));
    }
}
