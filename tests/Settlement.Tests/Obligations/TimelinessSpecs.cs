using System.Text;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.CarryOvers;
using CarbonMarket.Settlement.Compliance;
using CarbonMarket.Settlement.Deadlines;
using CarbonMarket.Settlement.Debts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Penalties;
using CarbonMarket.Settlement.Transactions;
using static CarbonMarket.Settlement.Ledger.Gansu;

namespace CarbonMarket.Settlement.Obligations;

/// <summary>
/// The smelter owes 30,000 t for 2024 and has surrendered 10,000 t itself. On the last evening the kiln submits the rest for it, which an
/// official decides on in January.
/// </summary>
public sealed class TimelinessSpecs
{
    private static readonly DateTimeOffset Spring = On(2025, 4, 1);
    private static readonly DateTimeOffset LastEvening = On(2025, 12, 31, 23, 50);
    private static readonly DateTimeOffset Deadline = On(2026, 1, 1, 0);
    private static readonly DateTimeOffset January = On(2026, 1, 10);
    private static readonly DateTimeOffset February = On(2026, 2, 10);
    private static readonly Person Kilner = new("kiln-1", Kiln, IsOfficial: false);

    private static readonly LedgerCommand[] Owing =
    [
        Open(Smelter, Spring), Open(Kiln, Spring), Cover(Smelter, Spring, 2024), Cover(Kiln, Spring, 2024), Allocate(2024, Smelter, 40_000, Spring), Allocate(2024, Kiln, 50_000, Spring),
        Emissions(Smelter, 2024, 30_000, Spring), Emissions(Kiln, 2024, 0, Spring), .. Surrender(Smelter, Cea(2024), 10_000, Spring).Approved(),
    ];

    private static readonly ProposeTransaction Rest = OnBehalf(20_000, LastEvening);
    private static readonly ApproveTransaction Approval = new(Rest.TransactionId, OfficialOne, January);
    private static readonly EndTransaction Refusal = new(Rest.TransactionId, Withdrawn: false, "the kiln is not entitled to them", OfficialOne, January);
    private static readonly AssessPenalty Fine = new(Id("penalty"), Smelter, "surrender", Y2024, null, null, false, "case 1", OfficialOne, January);
    private static readonly ImposeDeduction Deduction = new(Id("deduction"), Smelter, DeductionReason.NotSurrendered, Units(20_000), "order 2", OfficialOne, January);
    private static readonly RequestCarryOver CarryOver = new(Id("carry-over"), Holding(Smelter), Cea(2024), Units(1_000), null, Smelter, February);

    private static LedgerState InReview => Settle(After([.. Owing, Rest]), January);

    private static LedgerState Priced(LedgerState ledger) => Then(ledger, new PublishAveragePrice(new Month(2025, 12), Price.OfMinor(7012), "notice 7", OfficialOne, January));

    [Fact]
    public void What_was_submitted_before_the_deadline_and_not_decided_is_found_with_the_year() =>
        TheLedger.Given().After([.. Owing, Rest]).When(new FollowCalendar(Deadline)).ThenEvents(events =>
            events.OfType<EntityAssessed>().Single(assessed => assessed.ParticipantId == Smelter).ShouldBe(
                new EntityAssessed(Smelter, Y2024, "A", Units(30_000), Units(10_000), Deadline, Units(30_000), Units(20_000), Units(20_000))));

    [Fact]
    public void What_was_submitted_after_it_is_late_though_the_year_was_not_closed_yet() =>
        TheLedger.Given().After([.. Owing, Rest with { At = Deadline, Year = Y2024 }]).When(new FollowCalendar(Deadline)).ThenEvents(events =>
            events.OfType<EntityAssessed>().Single(assessed => assessed.ParticipantId == Smelter).ShouldBe(
                new EntityAssessed(Smelter, Y2024, "B", Units(30_000), Units(10_000), Deadline, Units(30_000), Units(20_000))));

    [Fact]
    public void Until_it_is_decided_it_answers_for_nothing_and_nothing_is_late()
    {
        OfTheYear(InReview).Outstanding.ShouldBe(Units(20_000), "its effect is that of the approval");
        (Found(InReview).WasLate, Found(InReview).Missed).ShouldBe((false, Units(0)));
        Code(Priced(InReview), Fine).ShouldBe("surrender-in-review");
        Code(InReview, Deduction).ShouldBe("surrender-in-review");
    }

    [Fact]
    public void Approved_after_the_deadline_it_was_in_time()
    {
        var done = Then(InReview, Approval);
        (OfTheYear(done).Outstanding, OfTheYear(done).Missed).ShouldBe((Units(0), Units(0)));
        (Found(done).Status, Found(done).WasLate).ShouldBe(("A", false));
        Code(Priced(done), Fine).ShouldBe("nothing-outstanding");
        Entitled(Settle(done, February)).LateFor.ShouldBeNull();
        Model.Decide(Settle(done, February), CarryOver).ShouldBeOfType<Decision<LedgerEvent>.Accepted>();
    }

    [Fact]
    public void It_is_in_time_also_where_the_approval_is_the_first_that_is_heard_of_the_new_year()
    {
        var done = Then(Settle(After([.. Owing, Rest]), LastEvening), Approval);
        (Found(done).Status, Found(done).Missed, done.Compliance.Find(Smelter)!.Record!.Surrendered).ShouldBe(("A", Units(0), Units(30_000)));
    }

    [Fact]
    public void Refused_it_was_not_and_the_units_are_free_again() =>
        TheLedger.Given().After([.. Owing, Rest, new FollowCarryOvers(Deadline), new FollowCalendar(Deadline)]).When(Refusal).ThenEachTime("the journal answers a repeat",
            new TransactionEnded(Rest.TransactionId, Kiln, TransactionEnded.Rejected, Refusal.Reason, OfficialOne.Subject, January),
            new SubmittedInTimeChanged(Smelter, Y2024, Rest.TransactionId, Units(0), "B", January));

    [Fact]
    public void Of_what_was_refused_the_entity_is_fined_and_carries_nothing_over()
    {
        var refused = Then(InReview, Refusal);
        refused.Accounts[Holding(Kiln)].Units.Of(Cea(2024)).ShouldBe(Units(50_000), "nothing holds them any more");
        Then(Priced(refused), Fine).Penalties.All[Id("penalty")].Worksheet.Inputs.Shortfall.ShouldBe(Units(20_000));
        Model.Decide(refused, Deduction).ShouldBeOfType<Decision<LedgerEvent>.Accepted>();
        Code(Settle(refused, February), CarryOver).ShouldBe("carry-over-barred");
    }

    [Fact]
    public void Taken_back_it_was_not_submitted_either() =>
        Found(Then(InReview, Refusal with { Withdrawn = true, By = Kilner })).ShouldSatisfyAllConditions(found => found.WasLate.ShouldBeTrue(), found => found.Status.ShouldBe("B"));

    [Fact]
    public void Refused_before_the_deadline_it_is_as_if_it_had_not_been_submitted() =>
        Found(Settle(Then(After([.. Owing, Rest]), Refusal with { At = LastEvening.AddMinutes(1) }), January)).ShouldBe(new YearAssessment(Y2024, "B", Units(30_000), Units(20_000)));

    [Fact]
    public void Of_two_that_were_submitted_only_the_one_that_is_refused_is_late()
    {
        var two = Settle(After([.. Owing, Rest with { Quantity = Units(12_000) }, OnBehalf(8_000, LastEvening, "other")]), January);
        var done = Then(two, Approval, Refusal with { TransactionId = Id("other") });
        (Found(done).Status, Found(done).Missed).ShouldBe(("B", Units(8_000)));
        Then(Priced(done), Fine).Penalties.All[Id("penalty")].Worksheet.Inputs.Shortfall.ShouldBe(Units(8_000));
    }

    [Fact]
    public void More_than_was_outstanding_may_be_submitted_and_a_part_of_it_refused()
    {
        LedgerState More() => Settle(After([.. Owing, Rest, OnBehalf(5_000, LastEvening, "other")]), January);
        Found(Then(More(), Refusal with { TransactionId = Id("other") })).ShouldSatisfyAllConditions(found => found.WasLate.ShouldBeFalse(), found => found.Status.ShouldBe("A"));
        Found(Then(More(), Refusal)).Missed.ShouldBe(Units(15_000));
    }

    [Fact]
    public void Who_never_reported_is_late_whatever_was_submitted()
    {
        var unknown = Owing.Where(command => command is not RecordEmissions { ParticipantId: var who } || who != Smelter);
        var found = Found(Settle(After([.. unknown, Rest]), January));
        (found.Status, found.WasLate).ShouldBe(("C", true));
    }

    [Fact]
    public void Nothing_waits_for_what_was_submitted_beyond_what_was_due()
    {
        var more = Settle(After([.. Owing, .. Surrender(Smelter, Cea(2024), 20_000, Spring, id: "rest of its own").Approved(), Rest]), January);
        Code(Priced(more), Fine).ShouldBe("nothing-outstanding");
        Model.Decide(more, Deduction).ShouldBeOfType<Decision<LedgerEvent>.Accepted>();
    }

    [Fact]
    public void What_is_to_be_carried_over_waits_for_the_decision()
    {
        var day = On(2026, 3, 27);
        LedgerState Asked() => Settle(Then(Settle(InReview, February), CarryOver), day);
        Asked().CarryOvers.Pending.ShouldHaveSingleItem();
        Settle(Then(Asked(), Approval with { At = day }), day).CarryOvers.Pending.ShouldBeEmpty();
        Settle(Then(Asked(), Refusal with { At = day }), day).CarryOvers.Pending.ShouldHaveSingleItem("it was late, and officials end the request");
    }

    [Fact]
    public void Its_units_do_not_count_as_held_for_the_carry_over()
    {
        var may = Entitlement.Of(InReview, InReview.Rules.CarryOvers.Single(), Kiln, February);
        may.Held.ShouldBe(Units(30_000));
    }

    [Fact]
    public void Received_before_the_deadline_and_written_after_the_year_was_closed_it_is_in_time()
    {
        LedgerState Closed() => Settle(After(Owing), Deadline);
        (Found(Closed()).Status, Found(Closed()).Missed).ShouldBe(("B", Units(20_000)));
        Found(Then(Closed(), Surrender(Smelter, Cea(2024), 15_000, LastEvening, id: "own"))).Missed.ShouldBe(Units(5_000));
        Found(Then(Closed(), Surrender(Smelter, Cea(2024), 20_000, LastEvening, id: "own"))).Status.ShouldBe("A");
        Found(Then(Closed(), Rest)).Status.ShouldBe("A");
        Found(Then(Closed(), Rest, Refusal)).ShouldSatisfyAllConditions(found => found.WasLate.ShouldBeTrue(), found => found.Status.ShouldBe("B"));
    }

    [Fact]
    public void Before_the_deadline_it_is_told_as_submitted_and_in_time()
    {
        var ledger = Settle(After([.. Owing, Rest]), LastEvening);
        var standing = DeadlineGuard.Of(ledger, ledger.Compliance.Find(Smelter)!.Record!, Y2024, LastEvening);
        (standing.Outstanding, standing.Submitted, standing.StillToBuy).ShouldBe((Units(20_000), Units(20_000), Units(0)));
        standing.Delayed.ShouldHaveSingleItem().ShouldSatisfyAllConditions(delayed => delayed.NotBefore.ShouldBeNull(), delayed => delayed.InTime.ShouldBeTrue());
    }

    [Fact]
    public void Who_has_submitted_all_it_owes_is_not_told_that_it_is_short()
    {
        LedgerState Told(long submitted) => Settle(After([.. Owing, OnBehalf(submitted, On(2025, 12, 1))]), LastEvening);
        Told(20_000).Notices.LatestOf(Smelter).ShouldBeNull();
        Told(19_999).Notices.LatestOf(Smelter)!.ShouldSatisfyAllConditions(notice => notice.DaysBefore.ShouldBe(1), notice => notice.Outstanding.ShouldBe(Units(20_000)));
    }

    [Fact]
    public void What_gives_way_to_a_ruling_together_was_all_of_it_not_submitted()
    {
        var ruling = new ProposeTransaction(Id("award"), "judicial-transfer", Holding(Kiln), Holding(Smelter), Cea(2024), Units(0), null,
            Block(2024, 40_001, 60_000), null, null, "ruling 2026-2", OfficialOne, January);

        var ledger = Then(Settle(After([.. Owing, OnBehalf(12_000, LastEvening), OnBehalf(8_000, LastEvening, "last")]), January), ruling);

        ledger.Transactions.Pending.Keys.ShouldBe([Id("award")]);
        (Found(ledger).Status, Found(ledger).Submitted, Found(ledger).Missed).ShouldBe(("B", Units(0), Units(20_000)));
    }

    [Fact]
    public void A_snapshot_remembers_what_was_submitted_and_one_from_before_has_nothing_of_it()
    {
        Found(Model.ReadSnapshot(Model.WriteSnapshot(InReview))).ShouldBe(Found(InReview));
        var now = Encoding.UTF8.GetString(Model.WriteSnapshot(Settle(After(Owing), January)));
        var before = now.Replace("\"Form\":9", "\"Form\":7", StringComparison.Ordinal).Replace(",\"Submitted\":0", string.Empty, StringComparison.Ordinal);
        before.Length.ShouldBeLessThan(now.Length);
        Encoding.UTF8.GetString(Model.WriteSnapshot(Model.ReadSnapshot(Encoding.UTF8.GetBytes(before)))).ShouldBe(now);
    }

    private static ProposeTransaction OnBehalf(long quantity, DateTimeOffset at, string id = "rest") => new(
        Id(id), "surrender-on-behalf", Holding(Kiln), SurrenderAccount, Cea(2024), Units(quantity), null, null, Smelter, null, null, Kilner, at);

    private static YearAssessment Found(LedgerState ledger) => ledger.Compliance.Find(Smelter)!.Record!.Assessments.Single(found => found.Year == Y2024);

    private static GetObligations.ObligationView OfTheYear(LedgerState ledger) =>
        GetObligations.View(ledger, Smelter, January, null)!.Years.Single(owed => owed.Year == Y2024);

    private static Entitlement Entitled(LedgerState ledger) => Entitlement.Of(ledger, ledger.Rules.CarryOvers.Single(), Smelter, February);

    private static string Code(LedgerState ledger, LedgerCommand command) =>
        Model.Decide(ledger, command).ShouldBeOfType<Decision<LedgerEvent>.Rejected>().Code;
}
