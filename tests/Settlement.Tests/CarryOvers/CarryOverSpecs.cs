using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Cash;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Conservation;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Issuances;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Testing;
using static CarbonMarket.Settlement.Ledger.Gansu;

namespace CarbonMarket.Settlement.CarryOvers;

/// <summary>The smelter holds 42,345 t of 2024 and has sold 12,345 t net to the kiln; it surrendered in time.</summary>
public sealed class CarryOverSpecs
{
    private static readonly DateTimeOffset Spring = On(2025, 4, 1);
    private static readonly DateTimeOffset Snapshot = On(2025, 12, 31, 23, 59);
    private static readonly DateTimeOffset February = On(2026, 2, 10);
    private static readonly DateTimeOffset April = On(2026, 4, 10);

    private static readonly LedgerCommand[] Traded =
    [
        Open(Smelter, Spring), Open(Kiln, Spring), OpenTrading(Smelter), OpenTrading(Kiln), Cover(Smelter, Spring, 2024), Cover(Kiln, Spring, 2024),
        Allocate(2024, Smelter, 30_000, Spring), .. Issue(Trading(Smelter), Cea(2024), 13_345, Spring), .. Issue(Trading(Kiln), Cea(2023), 1_000, Spring),
        .. Issue(Trading(Smelter), Cea(2025), 5_000, Spring), Emissions(Smelter, 2024, 100, Spring), Emissions(Kiln, 2024, 0, Spring),
        Deposit(Kiln), Deposit(Smelter), .. Surrender(Smelter, Cea(2024), 100, Spring).Approved(),
        new LockTrades(
            [
                Trade(1, Kiln, Smelter, Cea(2024), 13_345), Trade(2, Smelter, Kiln, Cea(2023), 1_000), Trade(3, Kiln, Smelter, Cea(2025), 5_000),
            ], Spring),
        new CloseTradingDay(new DateOnly(2025, 4, 1), 3, Spring.AddHours(4)),
    ];

    /// <summary>Its last year was 2023, and what it emitted then is not known.</summary>
    private static readonly LedgerCommand[] Left =
        [Open(Smelter, Spring), Cover(Smelter, Spring) with { LastYear = Y2023 }, Allocate(2024, Smelter, 30_000, Spring)];

    private static Spec<LedgerState, LedgerCommand, LedgerEvent>.Facts Given => TheLedger.Given().After(Traded)
        .After(new ContinueClearing(new DateOnly(2025, 4, 1), 1, Spring.AddHours(4)), new FollowCarryOvers(Snapshot), new Obligations.FollowCalendar(On(2026, 1, 1, 0)));

    private static RequestCarryOver Request(long quantity, string id = "request", DateTimeOffset? at = null) =>
        new(Id(id), Holding(Smelter), Cea(2024), Units(quantity), null, Smelter, at ?? February);

    [Fact]
    public void Ten_thousand_and_half_as_much_again_as_was_sold_net_may_be_carried_over_rounded_down()
    {
        var may = May(Ready());
        (may.Sold, may.Bought, may.NetSold).ShouldBe((Units(13_345), Units(1_000), Units(12_345)));
        (may.Base, may.Factor, may.Granted).ShouldBe((Units(10_000), 1.5m, Units(28_517)));
        (may.Held, may.Most, may.LateFor).ShouldBe((Units(30_900), Units(28_517), null));
        Given.When(Request(28_518)).ThenRejected("carry-over-exceeded");
        Given.When(Request(28_517)).ThenState(ledger => May(ledger).Left.ShouldBe(Units(0)));
    }

    [Fact]
    public void A_request_gives_way_to_a_judicial_transfer_of_its_units()
    {
        var ledger = Then(Ready(), Request(100));
        var awarded = ledger.Accounts[Holding(Smelter)].Holds[Id("request")].Blocks[0];
        ledger = Then(ledger, new ProposeTransaction(Id("award"), "judicial-transfer", Holding(Smelter), Holding(Kiln), Cea(2024), Units(0), null,
            awarded, null, null, "ruling 2026-7", OfficialOne, February));
        ledger.CarryOvers.Pending.ShouldBeEmpty();
        May(ledger).Requested.ShouldBe(Units(0));
    }

    [Fact]
    public void Never_more_than_was_held_at_the_snapshot()
    {
        var ledger = Settle(Then(Settle(After(Traded), Spring.AddHours(5)), Surrender(Smelter, Cea(2024), 5_900, On(2025, 6, 1), id: "more").Approved()), On(2026, 1, 2));
        (May(ledger).Granted, May(ledger).Held, May(ledger).Most).ShouldBe((Units(28_517), Units(25_000), Units(25_000)));
    }

    [Fact]
    public void The_snapshot_is_taken_before_anything_later_is_written_however_late_time_is_heard()
    {
        var ledger = Settle(After(Traded), Spring.AddHours(5));
        var accepted = Model.Decide(ledger, Surrender(Smelter, Cea(2024), 20_000, On(2026, 1, 5), 2024, "late")).ShouldBeOfType<Decision<LedgerEvent>.Accepted>();
        accepted.Events.OfType<CarryOverHoldingNoted>().Single(noted => noted.ParticipantId == Smelter).ShouldBe(
            new CarryOverHoldingNoted(Smelter, Y2025, Units(30_900), Snapshot));
    }

    [Fact]
    public void What_is_promised_to_be_cancelled_does_not_count_and_what_is_frozen_does()
    {
        var ledger = Then(Settle(After(Traded), Spring.AddHours(5)),
            new ProposeTransaction(Id("cancel"), "voluntary-cancellation", Holding(Smelter), new AccountBook(Rules).AuthorityId(AccountTypes.Cancellation), Cea(2024),
                Units(900), null, null, null, null, null, new Person("smelter-1", Smelter, IsOfficial: false), On(2025, 12, 1)),
            Freeze(2_000, On(2025, 12, 1)));
        May(Settle(ledger, On(2026, 1, 2))).Held.ShouldBe(Units(30_000));
    }

    [Fact]
    public void Units_that_are_to_be_carried_over_are_held() =>
        Given.When(Request(20_000)).ThenState(ledger =>
        {
            ledger.Accounts[Holding(Smelter)].Units.Of(Cea(2024)).ShouldBe(Units(9_900));
            ledger.Accounts[Holding(Smelter)].Holds[Id("request")].Kind.ShouldBe(HoldKind.CarryOver);
        });

    [Fact]
    public void However_many_requests_its_holder_files_a_court_freezes_the_units_of_an_account()
    {
        var (ledger, refused) = (Ready(), new HashSet<string>());
        for (var number = 0; number <= Freezing.MostHoldsOfAnAccount; number++)
        {
            if (Model.Decide(ledger, Request(1, $"request {number}")) is Decision<LedgerEvent>.Accepted accepted)
                ledger = accepted.Events.Aggregate(ledger, Model.Evolve);
            else
                refused.Add(((Decision<LedgerEvent>.Rejected)Model.Decide(ledger, Request(1, $"request {number}"))).Code);
        }
        refused.ShouldBe(["too-many-holds"]);
        Then(ledger, Freeze(2_000, February)).Accounts[Holding(Smelter)].Holds.Values.Count(hold => hold.Kind == HoldKind.Freeze).ShouldBe(1);
    }

    [Fact]
    public void What_officials_have_under_way_on_an_account_does_not_keep_its_holder_from_a_request()
    {
        var judicial = new ProposeTransaction(
            Id("judicial"), "judicial-transfer", Holding(Smelter), Holding(Kiln), Cea(2024), Units(1), null, null, null, null, "ruling 7", OfficialOne, February);
        var ledger = Then(Ready(), Enumerable.Range(0, TransactionDesk.MostPendingByOfficials).Select(number => judicial with { TransactionId = Id($"judicial {number}") }));
        for (var number = 0; number < CarryingOver.MostHoldsUnderWay; number++)
            ledger = Then(ledger, Request(1, $"request {number}"));
        Code(ledger, Request(1, "one more")).ShouldBe("too-many-holds");
    }

    [Fact]
    public void Requests_are_many_and_their_sum_stays_within() =>
        Given.After(Request(20_000), Request(8_000, "second")).When(Request(518, "third")).ThenRejected("carry-over-exceeded");

    [Fact]
    public void Each_request_takes_what_lies_free_on_the_holding_account() =>
        Given.After(Freeze(25_000, February)).When(Request(5_000)).ThenRejected("insufficient-units");

    [Fact]
    public void The_first_batch_is_carried_out_on_its_day_one_for_one()
    {
        var ledger = Then(Ready(), Request(20_000), Request(100, "second", April));
        ledger.CarryOvers.Pending[Id("request")].DueAt.ShouldBe(On(2026, 3, 27, 0));
        ledger.CarryOvers.Pending[Id("second")].DueAt.ShouldBe(On(2026, 6, 26, 0));
        Settle(ledger, On(2026, 3, 26, 23)).Accounts[Holding(Smelter)].Units.Of(Cea(2025)).ShouldBe(Units(0));
        ledger = Settle(ledger, On(2026, 3, 27, 0));
        ledger.Accounts[Holding(Smelter)].Units.Of(Cea(2025)).ShouldBe(Units(20_000));
        ledger.Accounts[Holding(Smelter)].Total(Cea(2024)).ShouldBe(Units(9_900));
        ledger.CarryOvers.Pending.Keys.ShouldHaveSingleItem().ShouldBe(Id("second"));
        ConservationStatement.Of(ledger).ShouldSatisfyAllConditions(
            statement => statement.Balanced.ShouldBeTrue(),
            statement => statement.Instruments.Single(entry => entry.Instrument == Cea(2024)).Cancelled.ShouldBe(Units(20_000)));
    }

    [Fact]
    public void What_was_carried_over_pays_2025()
    {
        var ledger = Settle(Then(Ready(), Request(20_000)), On(2026, 3, 27));
        ledger = Then(ledger, [Emissions(Smelter, 2025, 15_000, On(2026, 7, 1)), .. Surrender(Smelter, Cea(2025), 15_000, On(2026, 8, 1), id: "for 2025").Approved()]);
        ledger.Compliance.Find(Smelter)!.Record!.Answers[^1].ShouldBe(new Compliance.YearAnswers(Y2025, Units(15_000), Units(0)));
    }

    [Fact]
    public void A_cap_of_the_new_vintage_keeps_a_batch_waiting()
    {
        var ledger = Then(Ready(), Request(20_000), new ProposeCap(Id("cap"), Cea(2025), Y2025, Units(6_000), "plan", OfficialOne, February), new ApproveCap(Id("cap"), OfficialTwo, February));
        Settle(ledger, On(2026, 3, 28)).CarryOvers.Pending.ShouldHaveSingleItem();
        ledger = Then(ledger, new ProposeCap(Id("more"), Cea(2025), Y2025, Units(60_000), "plan", OfficialOne, February), new ApproveCap(Id("more"), OfficialTwo, February));
        Settle(ledger, On(2026, 3, 28)).CarryOvers.Pending.ShouldBeEmpty();
    }

    [Fact]
    public void Units_frozen_after_they_were_requested_wait()
    {
        var ledger = Settle(Then(Ready(), Request(20_000), Freeze(10, February, new Block(Y2024, 101, 110))), On(2026, 3, 28));
        ledger.CarryOvers.Pending.ShouldHaveSingleItem();
        ledger = Settle(Then(ledger, Lift(On(2026, 5, 1))), On(2026, 5, 1));
        ledger.CarryOvers.Pending.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(1, 1)]
    public void Requests_are_not_taken_before_the_notices(int month, int day) => Given.When(Request(1, at: On(2026, month, day))).ThenRejected("carry-over-not-open");

    [Fact]
    public void The_last_day_of_requests_counts_in_full()
    {
        Given.When(Request(1, at: On(2026, 6, 10, 23, 59))).ThenState(ledger => ledger.CarryOvers.Pending.ShouldHaveSingleItem());
        Given.When(Request(1, at: On(2026, 6, 11, 0))).ThenRejected("carry-over-closed");
    }

    [Fact]
    public void Units_frozen_on_the_last_day_may_be_filed_once_they_are_free()
    {
        var ledger = Settle(Then(Ready(), Freeze(500, April)), On(2026, 6, 11));
        ledger = Then(ledger, Lift(On(2026, 9, 1)));
        Code(ledger, Request(501, at: On(2026, 9, 2))).ShouldBe("carry-over-closed");
        ledger = Settle(Then(ledger, Request(500, at: On(2026, 9, 2))), On(2026, 9, 2));
        ledger.Accounts[Holding(Smelter)].Units.Of(Cea(2025)).ShouldBe(Units(500));
        Code(ledger, Request(1, "again", On(2026, 9, 2))).ShouldBe("carry-over-closed");
    }

    [Fact]
    public void Whoever_surrendered_late_for_2024_carries_nothing_over()
    {
        var late = Settle(After([.. Traded, Emissions(Smelter, 2024, 101, Spring, version: 2)]), February);
        Code(late, Request(1)).ShouldBe("carry-over-barred");
    }

    [Fact]
    public void Whoever_has_left_the_scheme_is_not_late_for_the_years_after_it()
    {
        var left = Settle(After(Left), February);
        left.Compliance.Find(Smelter)!.Record!.Assessments.ShouldHaveSingleItem().ShouldBe(new Compliance.YearAssessment(Y2024, "C", Units(0), Units(0)));
        May(left).LateFor.ShouldBeNull();
        Then(left, Request(1)).CarryOvers.Pending.ShouldHaveSingleItem();
    }

    [Fact]
    public void Nor_by_what_was_written_of_those_years_before_this_was_heeded()
    {
        var left = Model.Evolve(After(Left), new Obligations.EntityAssessed(Smelter, Y2024, "C", Units(0), Units(0), On(2026, 1, 1, 0), null, Units(0)));
        May(left).LateFor.ShouldBeNull();
    }

    [Fact]
    public void A_request_is_taken_back_or_refused_and_its_units_are_free_again()
    {
        var back = new EndCarryOver(Id("request"), "mistake", new Person("smelter-1", Smelter, IsOfficial: false), February);
        foreach (var by in new[] { back.By, OfficialOne })
        {
            var ledger = Then(Ready(), Request(20_000), back with { By = by });
            ledger.Accounts[Holding(Smelter)].Units.Of(Cea(2024)).ShouldBe(Units(29_900));
            May(ledger).Left.ShouldBe(Units(28_517));
        }
        Given.After(Request(1)).When(back with { By = new Person("kiln-1", Kiln, IsOfficial: false) }).ThenRejected("unknown-carry-over");
    }

    [Fact]
    public void A_new_vintage_is_not_carried_over() =>
        Given.When(Request(1) with { Instrument = Cea(2025) }).ThenRejected("not-carried-over");

    [Fact]
    public void Offsets_are_not_carried_over() =>
        Given.When(Request(1) with { Instrument = Ccer, Vintage = Y2024 }).ThenRejected("not-carried-over");

    [Fact]
    public void Only_the_registry_side_is_drawn_on() =>
        Given.When(Request(1) with { AccountId = Trading(Smelter) }).ThenRejected("transaction-not-allowed");

    [Fact]
    public void A_request_under_a_used_id_is_refused() => Given.After(Request(1)).When(Request(2)).ThenRejected("id-reused");

    [Fact]
    public void A_snapshot_of_the_ledger_keeps_what_is_under_way()
    {
        var ledger = Then(Ready(), Request(20_000), Request(100, "second", April), Freeze(5, April));
        var restored = Model.ReadSnapshot(Model.WriteSnapshot(ledger));
        Model.WriteSnapshot(restored).ShouldBe(Model.WriteSnapshot(ledger));
        Settle(restored, On(2026, 7, 1)).Accounts[Holding(Smelter)].Units.Of(Cea(2025)).ShouldBe(Units(20_100));
    }

    private static LedgerState Ready() => Settle(Settle(After(Traded), Spring.AddHours(5)), February);

    private static Entitlement May(LedgerState ledger) => Entitlement.Of(ledger, Rules.CarryOvers[0], Smelter, February);

    private static string? Code(LedgerState ledger, LedgerCommand command) => (Model.Decide(ledger, command) as Decision<LedgerEvent>.Rejected)?.Code;

    private static OpenAccount OpenTrading(Guid participant) => Market.OpenTrading(participant) with { At = Spring };

    private static DepositCash Deposit(Guid participant) => new(DeterministicGuid.From(participant, "cash"), Trading(participant), Money.OfMinor(1_000_000_00), Spring);

    private static ExecutedTrade Trade(long sequence, Guid buyer, Guid seller, string instrument, long quantity) => new(
        sequence, DeterministicGuid.From(Guid.Empty, "trade", sequence), instrument, buyer, seller, Units(quantity), Price.OfMinor(70), new DateOnly(2025, 4, 1), Spring);

    private static FreezeUnits Freeze(long quantity, DateTimeOffset at, Block? serials = null) => new(
        Id("freeze"), serials is null ? Holding(Smelter) : null, Cea(2024), serials, serials is null ? Units(quantity) : null, HoldKind.Freeze,
        new FreezeGround("court", "1"), OfficialOne, at);

    private static LiftFreeze Lift(DateTimeOffset at) => new(Id("freeze"), new FreezeGround("court", "2"), OfficialTwo, at);
}
