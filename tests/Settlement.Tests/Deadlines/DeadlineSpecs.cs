using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;
using JasperFx.Events;
using static CarbonMarket.Settlement.Ledger.Gansu;

namespace CarbonMarket.Settlement.Deadlines;

/// <summary>The smelter owes 30,000 t for 2024 by the end of 2025, has 10,000 t of it and some more that is not quite there.</summary>
public sealed class DeadlineSpecs
{
    private static readonly DateTimeOffset Start = On(2025, 4, 1);
    private static readonly DateTimeOffset November = On(2025, 11, 3);

    private static readonly LedgerCommand[] Furnished =
    [
        Open(Smelter, Start), Open(Kiln, Start), Market.OpenTrading(Smelter) with { At = Start }, Market.OpenTrading(Kiln) with { At = Start },
        Cover(Smelter, Start, 2024), Cover(Kiln, Start, 2024), Emissions(Smelter, 2024, 30_000, Start), Emissions(Kiln, 2024, 0, Start),
        Allocate(2024, Smelter, 10_000, Start), Allocate(2025, Smelter, 50_000, Start), Allocate(2024, Kiln, 5_000, Start),
        .. Issue(Trading(Smelter), Cea(2023), 2_000, Start), .. Issue(Holding(Smelter), Ccer, 9_000, Start),
        .. Surrender(Smelter, Cea(2024), 1_000, Start).Approved(),
        new FreezeUnits(Id("freeze"), Holding(Smelter), Cea(2024), null, Units(4_000), HoldKind.Freeze, new FreezeGround("court", "1"), OfficialOne, Start),
        new LockTrades([new ExecutedTrade(1, Id("trade"), Cea(2024), Smelter, Kiln, Units(700), Price.OfMinor(1), new DateOnly(2025, 11, 3), November)], November),
    ];

    [Fact]
    public void What_is_due_held_pending_and_still_to_be_bought_is_told()
    {
        var standing = Of(After(Furnished), November);
        (standing.Year, standing.Deadline, standing.DaysLeft).ShouldBe((Y2024, On(2026, 1, 1, 0), 58));
        (standing.Due, standing.Answered, standing.Outstanding, standing.Arrears).ShouldBe((Units(30_000), Units(1_000), Units(29_000), Units(0)));
        (standing.Held, standing.HeldBack, standing.OnTradingAccount, standing.PendingIn).ShouldBe((Units(5_000), Units(4_000), Units(2_000), Units(700)));
        standing.OffsetsUsable.ShouldBe(Units(1_500), "a twentieth of what is due, though 9,000 are held");
        standing.StillToBuy.ShouldBe(Units(29_000 - 5_000 - 1_500 - 2_000 - 700));
    }

    [Fact]
    public void Units_can_be_bought_until_the_last_session_before_the_deadline_and_transferred_while_offices_work()
    {
        var moments = Of(After(Furnished), November).LastMoments.ToDictionary(moment => moment.Way, moment => moment.Until, StringComparer.Ordinal);
        moments["surrender"].ShouldBe(On(2026, 1, 1, 0));
        moments["buy-listed"].ShouldBe(On(2025, 12, 31, 15));
        moments["buy-block"].ShouldBe(On(2025, 12, 31, 15));
        moments["surrender-on-behalf"].ShouldBe(On(2026, 1, 1, 0), "submitted by then; it may be approved later");
    }

    [Fact]
    public void On_the_last_evening_nothing_can_be_bought_in_time() =>
        Of(After(Furnished), On(2025, 12, 31, 15)).LastMoments.Where(moment => moment.Passed).Select(moment => moment.Way).ShouldBe(["buy-listed", "buy-block"]);

    [Fact]
    public void A_deadline_on_a_day_without_a_market_is_guarded_by_the_trading_day_before()
    {
        // 30 April 2022 is a Saturday; a transfer to an untrusted account waits 24 working hours of six a day.
        var record = Market.After(Market.OpenHolding(Smelter), new Obligations.CoverEntity(Smelter, Market.Y2021, null, 1, Market.Noon),
            new Obligations.RecordEmissions(Smelter, Market.Y2021, Units(100), Id("report"), 1, new DateTimeOffset(2022, 3, 1, 12, 0, 0, TimeSpan.Zero)));
        var at = new DateTimeOffset(2022, 4, 1, 12, 0, 0, TimeSpan.Zero);
        var standing = DeadlineGuard.Of(record, record.Compliance.Find(Smelter)!.Record!, Market.Rules.YearToSurrender(at), at);
        (standing.Due, standing.Outstanding, standing.StillToBuy).ShouldBe((Units(100), Units(100), Units(100)));
        var moments = standing.LastMoments.ToDictionary(moment => moment.Way, moment => moment.Until, StringComparer.Ordinal);
        moments["buy-listed"]!.Value.UtcDateTime.Date.ShouldBe(new DateTime(2022, 4, 29, 0, 0, 0, DateTimeKind.Utc));
        moments["transfer-to-untrusted"].ShouldBe(new DateTimeOffset(2022, 4, 26, 9, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void What_is_on_its_way_is_told_with_whether_it_comes_in_time()
    {
        var ledger = Then(After(Furnished), new ProposeTransaction(Id("help"), "surrender-on-behalf", Holding(Kiln), SurrenderAccount, Cea(2024), Units(300), null, null,
            Smelter, null, null, new Person("kiln-1", Kiln, IsOfficial: false), November));
        Of(ledger, November).Delayed.ShouldHaveSingleItem().ShouldBe(new DelayedUnits(Id("help"), "surrender-on-behalf", Cea(2024), Units(300), Incoming: true, null, InTime: true));
    }

    [Fact]
    public void Arrears_are_told_beside_the_year_that_comes_next()
    {
        var standing = Of(Settle(After(Furnished), On(2026, 3, 1)), On(2026, 3, 1));
        (standing.Year, standing.Due, standing.Arrears).ShouldBe((Y2025, null, Units(29_000)));
        standing.Held.ShouldBe(Units(50_000), "2024 does not pay 2025");
    }

    [Fact]
    public void Whoever_is_short_is_told_on_the_days_of_the_pack_and_nobody_else()
    {
        var ledger = Settle(After(Furnished), On(2025, 10, 1));
        ledger.Notices.LatestOf(Smelter).ShouldBeNull();
        ledger = Settle(ledger, On(2025, 10, 2, 0));
        var notice = ledger.Notices.LatestOf(Smelter).ShouldNotBeNull();
        (notice.Year, notice.DaysBefore, notice.Outstanding, notice.At, notice.LastPurchaseAt).ShouldBe(
            (Y2024, 90, Units(29_000), On(2025, 10, 2, 0), On(2025, 12, 31, 15)));
        ledger.Notices.LatestOf(Kiln).ShouldBeNull();
        Settle(ledger, On(2025, 12, 30)).Notices.LatestOf(Smelter)!.DaysBefore.ShouldBe(1);
    }

    [Fact]
    public void Days_that_legal_time_jumps_over_are_told_by_the_last_of_them()
    {
        var action = NextAction.Due(Settle(After(Furnished), On(2025, 9, 1)), On(2025, 12, 26)).ShouldHaveSingleItem();
        action.Command.ShouldBe(new GiveNotices(On(2025, 12, 24, 0)));
    }

    [Fact]
    public void A_year_that_is_closed_is_warned_of_no_more()
    {
        var ledger = Settle(After(Furnished), On(2026, 1, 2));
        ledger.Notices.LatestOf(Smelter).ShouldBeNull();
        Model.WriteSnapshot(Model.ReadSnapshot(Model.WriteSnapshot(ledger))).ShouldBe(Model.WriteSnapshot(ledger));
    }

    [Fact]
    public void A_notice_is_published_under_one_id_however_often()
    {
        var given = Settle(After(Furnished), On(2025, 10, 2, 0)).Notices.LatestOf(Smelter)!;
        var recorded = new Event<DeadlineNoticeGiven>(given) { Id = Guid.CreateVersion7(), StreamId = Ledgers.StreamOf("gansu"), Version = 42 };
        var published = Publishing.Translate([recorded], new MarketStreams(["gansu"], Ledgers.StreamOf)).ShouldHaveSingleItem()
            .Message.ShouldBeOfType<SurrenderNoticesGiven>().Notices.ShouldHaveSingleItem();
        published.ShouldBe(new SurrenderNoticesGiven.Notice
        {
            NoticeId = recorded.Id, ParticipantId = Smelter, Year = 2024, DaysBefore = 90, Due = 30_000, Outstanding = 29_000, Held = given.Held.Value,
            StillToBuy = given.StillToBuy.Value, LastPurchaseAt = On(2025, 12, 31, 15), Deadline = On(2026, 1, 1, 0), At = On(2025, 10, 2, 0),
        });
    }

    private static DeadlineStanding Of(LedgerState ledger, DateTimeOffset at) =>
        DeadlineGuard.Of(ledger, ledger.Compliance.Find(Smelter)!.Record!, Rules.YearToSurrender(at), at);
}
