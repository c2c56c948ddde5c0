using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Clearing;

public sealed class ClearingSpecs
{
    // The kiln has 100 units to sell, the smelter 10.00 to pay.
    private static readonly LedgerCommand[] Furnished =
    [
        OpenTrading(Smelter), OpenTrading(Kiln), OpenTrading(Broker), Deposit(Smelter, 1000), .. Issue(Trading(Kiln), 100, Y2021),
    ];

    private static readonly DateOnly Tomorrow = Today.AddDays(1);
    private static readonly DateTimeOffset Evening = Noon.AddHours(6);
    private static readonly ContinueClearing Run = new(Today, 1, Evening);

    [Fact]
    public void An_executed_trade_binds_both_sides_and_moves_nothing() =>
        TheLedger.Given().After(Furnished).When(Lock(Trade(1, Smelter, Kiln, 40, 20))).ThenState(ledger =>
        {
            var (buyer, seller) = (ledger.Accounts.Trading(Smelter)!, ledger.Accounts.Trading(Kiln)!);
            (buyer.Cash, buyer.CashPendingOut, buyer.Pending(Uka).In).ShouldBe((Pence(1000), Pence(800), Units(40)));
            (seller.CashPendingIn, seller.Pending(Uka).Out, seller.Units.Of(Uka)).ShouldBe((Pence(800), Units(40), Units(100)));
            seller.Free(Uka).ShouldBe(Units(60));
            buyer.FreeCash.ShouldBe(Pence(200));
        });

    [Fact]
    public void An_envelope_that_overlaps_binds_only_what_is_new() =>
        TheLedger.Given().After([.. Furnished, Lock(Trade(1, Smelter, Kiln, 1, 1), Trade(2, Smelter, Kiln, 2, 1))])
            .When(Lock(Trade(2, Smelter, Kiln, 2, 1), Trade(3, Smelter, Kiln, 3, 1))).ThenEvents(events =>
                events.ShouldHaveSingleItem().ShouldBeOfType<TradeLocked>().Sequence.ShouldBe(3));

    [Fact]
    public void A_trade_sequence_with_other_content_is_refused() =>
        TheLedger.Given().After([.. Furnished, Lock(Trade(1, Smelter, Kiln, 1, 1))])
            .When(Lock(Trade(1, Smelter, Kiln, 2, 1))).ThenRejected("trade-differs");

    [Fact]
    public void A_closed_day_is_cleared_trade_by_trade_units_against_cash() =>
        TheLedger.Given().After([.. Furnished, Lock(Trade(1, Smelter, Kiln, 40, 20), Trade(2, Smelter, Kiln, 10, 20)), Close(2)]).When(Run).Then(
            Settled(1, Smelter, Kiln, 1, 40, 800), Settled(2, Smelter, Kiln, 41, 50, 200),
            new TradingDayCleared(Today, 2, 2, 0, Evening));

    [Fact]
    public void Nothing_is_cleared_while_a_trade_is_missing()
    {
        var ledger = After([.. Furnished, Lock(Trade(2, Smelter, Kiln, 10, 20)), Close(2)]);
        NextAction.Due(ledger, Noon).ShouldBeEmpty();
        ledger = Settle(Then(ledger, Lock(Trade(1, Smelter, Kiln, 40, 20))));
        ledger.Clearing.Day(Today).ShouldSatisfyAllConditions(
            day => day.IsCleared.ShouldBeTrue(), day => day.Settled.ShouldBe(2), day => day.Open.ShouldBe(0));
    }

    [Fact]
    public void A_day_without_trades_is_cleared_at_once() =>
        TheLedger.Given().After(Close(0)).When(Run with { FromSequence = 0 }).Then(new TradingDayCleared(Today, 0, 0, 0, Evening));

    [Fact]
    public void A_day_is_not_closed_twice_with_different_ends() =>
        TheLedger.Given().After(Close(0)).When(Close(1)).ThenRejected("trading-day-differs");

    [Fact]
    public void A_trade_that_cannot_be_delivered_is_postponed_alone() =>
        TheLedger.Given().After([.. Furnished, Lock(Trade(1, Smelter, Broker, 5, 1), Trade(2, Smelter, Kiln, 10, 20)), Close(2)]).When(Run).Then(
            new TradePostponed(1, Trade(1, Smelter, Broker, 5, 1).TradeId, Smelter, Broker, Uka, Units(5), Pence(5), "insufficient-units", Today, 1, Evening),
            Settled(2, Smelter, Kiln, 1, 10, 200),
            new TradingDayCleared(Today, 2, 1, 0, Evening));

    [Fact]
    public void A_postponed_trade_that_cannot_be_delivered_the_next_day_either_has_failed() =>
        TheLedger.Given().After([.. Furnished, Lock(Trade(1, Smelter, Broker, 5, 1)), Close(1), Run, Close(1, Tomorrow)])
            .When(new ContinueClearing(Tomorrow, 1, Evening)).Then(
                new TradeFailed(1, Trade(1, Smelter, Broker, 5, 1).TradeId, Smelter, Broker, Uka, Units(5), Pence(5), "insufficient-units", Evening),
                new TradingDayCleared(Tomorrow, 1, 0, 0, Evening));

    [Fact]
    public void What_was_missing_may_come_until_the_next_run_which_delivers_first_what_was_postponed()
    {
        var ledger = Settle(After([.. Furnished, Lock(Trade(1, Smelter, Broker, 5, 1)), Close(1)]));
        ledger.Clearing.Day(Today).ShouldSatisfyAllConditions(
            day => (day.IsCleared, day.Open, day.Postponed).ShouldBe((true, 1, 1)));
        ledger.Clearing.PostponedOf(Today).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            postponed => (postponed.Code, postponed.Runs, postponed.LastRun).ShouldBe(("insufficient-units", 1, Today)));
        ledger.Clearing.FailuresOf(Today).ShouldBeEmpty();
        ledger.Accounts.Trading(Smelter)!.Pending(Uka).In.ShouldBe(Units(5), "It binds until its outcome is told.");

        // The broker has five units now and has sold them once more: the older trade gets them.
        ledger = Model.ReadSnapshot(Model.WriteSnapshot(ledger));
        ledger = Then(ledger, [.. Issue(Trading(Broker), 5, Y2021, "broker's"), Lock(Trade(2, Kiln, Broker, 5, 1, Tomorrow)), Close(2, Tomorrow)]);
        ledger = Settle(Then(ledger, Deposit(Kiln, 10)));
        ledger.Accounts.Trading(Smelter)!.Units.Of(Uka).ShouldBe(Units(5));
        ledger.Clearing.Day(Today).ShouldSatisfyAllConditions(day => (day.Settled, day.Failed, day.Open, day.Postponed).ShouldBe((1, 0, 0, 0)));
        ledger.Clearing.PostponedOf(Tomorrow).ShouldHaveSingleItem().Trade.Sequence.ShouldBe(2);
    }

    [Fact]
    public void No_trade_is_tried_twice_by_the_run_of_one_day_or_by_the_late_run_of_an_earlier_one()
    {
        var ledger = Settle(After([.. Furnished,
            Lock(Trade(1, Smelter, Broker, 1, 1), Trade(2, Smelter, Broker, 1, 1, Tomorrow)), Close(2, Tomorrow)]));
        ledger = Settle(Then(ledger, Close(1)));
        ledger.Clearing.Postponed.Select(postponed => (postponed.Trade.Sequence, postponed.Runs, postponed.LastRun))
            .ShouldBe([(1, 1, Tomorrow), (2, 1, Tomorrow)]);
    }

    [Fact]
    public void A_trading_account_that_opens_after_the_run_has_tried_its_trade_is_bound_by_it()
    {
        var ledger = Settle(After([OpenTrading(Kiln), .. Issue(Trading(Kiln), 5, Y2021), Lock(Trade(1, Smelter, Kiln, 5, 2)), Close(1)]));
        ledger = Then(ledger, OpenTrading(Smelter), Deposit(Smelter, 10));
        (ledger.Accounts.Trading(Smelter)!.CashPendingOut, ledger.Accounts.Trading(Smelter)!.FreeCash).ShouldBe((Pence(10), Pence(0)));
        ledger = Settle(Then(ledger, Close(1, Tomorrow)));
        ledger.Accounts.Trading(Smelter)!.Units.Of(Uka).ShouldBe(Units(5));
        ledger.Accounts.Trading(Smelter)!.CashPendingOut.ShouldBe(Pence(0));
    }

    [Fact]
    public void Both_sides_of_a_failed_trade_are_free_again()
    {
        var ledger = SettleBothDays([.. Furnished, Lock(Trade(1, Smelter, Broker, 5, 1)), Close(1)]);
        ledger.Accounts.Trading(Smelter)!.FreeCash.ShouldBe(Pence(1000));
        ledger.Accounts.Trading(Smelter)!.Pending(Uka).IsNone.ShouldBeTrue();
        ledger.Clearing.FailuresOf(Today).ShouldHaveSingleItem().Code.ShouldBe("insufficient-units");
    }

    [Fact]
    public void A_buyer_without_the_cash_fails_the_trade() =>
        Failure(Trade(1, Broker, Kiln, 1, 1)).ShouldBe("insufficient-cash");

    [Fact]
    public void A_seller_without_an_account_fails_the_trade() =>
        Failure(Trade(1, Smelter, Id("stranger"), 1, 1)).ShouldBe("seller-without-trading-account");

    [Fact]
    public void A_buyer_without_an_account_fails_the_trade() =>
        Failure(Trade(1, Id("stranger"), Kiln, 1, 1)).ShouldBe("buyer-without-trading-account");

    [Fact]
    public void Units_bought_and_their_proceeds_go_on_in_the_same_run()
    {
        // The broker starts with nothing: it buys for the cash of a sale that comes first in order.
        var ledger = Settle(After([.. Furnished, OpenTrading(Id("mill")), .. Issue(Trading(Broker), 5, Y2021, "broker's"),
            Lock(Trade(1, Smelter, Broker, 5, 10), Trade(2, Broker, Kiln, 4, 12), Trade(3, Smelter, Broker, 4, 13)), Close(3)]));
        ledger.Clearing.Day(Today).Settled.ShouldBe(3);
        ledger.Accounts.Trading(Broker)!.Cash.ShouldBe(Pence(50 - 48 + 52));
        ledger.Accounts.Trading(Smelter)!.Units.Of(Uka).ShouldBe(Units(9));
    }

    [Fact]
    public void A_participant_that_trades_with_itself_ends_as_it_began()
    {
        var ledger = Settle(After([.. Furnished, Deposit(Kiln, 100), Lock(Trade(1, Kiln, Kiln, 30, 2)), Close(1)]));
        ledger.Accounts.Trading(Kiln)!.Units.Of(Uka).ShouldBe(Units(100));
        ledger.Accounts.Trading(Kiln)!.Cash.ShouldBe(Pence(100));
        ledger.Clearing.Day(Today).Settled.ShouldBe(1);
    }

    [Fact]
    public void A_large_day_is_cleared_in_parts_and_reported_once()
    {
        const int trades = ClearingRun.TradesPerPart + 3;
        var ledger = After([OpenTrading(Smelter), OpenTrading(Kiln), Deposit(Smelter, trades), .. Issue(Trading(Kiln), trades, Y2021),
            Lock([.. Enumerable.Range(1, trades).Select(sequence => Trade(sequence, Smelter, Kiln, 1, 1))]), Close(trades)]);
        var parts = NextAction.Due(ledger, Noon);
        parts.Count.ShouldBe(2);
        ledger = Then(ledger, parts[0].Command);
        ledger.Clearing.Day(Today).ShouldSatisfyAllConditions(day => day.IsCleared.ShouldBeFalse(), day => day.Open.ShouldBe(3));
        NextAction.Due(ledger, Noon).ShouldHaveSingleItem().ShouldBe(parts[1], "A part has one name, however much is done before it.");
        ledger = Settle(ledger);
        ledger.Clearing.Day(Today).ShouldSatisfyAllConditions(day => day.IsCleared.ShouldBeTrue(), day => day.Settled.ShouldBe(trades));
    }

    [Fact]
    public void A_day_whose_close_overtakes_the_day_before_is_cleared_with_it()
    {
        var ledger = Settle(After([.. Furnished,
            Lock(Trade(1, Smelter, Kiln, 1, 1), Trade(2, Smelter, Kiln, 1, 1, Tomorrow)), Close(2, Tomorrow)]));
        ledger.Clearing.Day(Tomorrow).IsCleared.ShouldBeTrue();
        ledger = Settle(Then(ledger, Close(1)));
        ledger.Clearing.Day(Today).ShouldSatisfyAllConditions(day => day.IsCleared.ShouldBeTrue(), day => day.Settled.ShouldBe(1));
    }

    [Fact]
    public void Of_a_day_on_which_everything_fails_the_first_failures_are_kept_and_all_are_counted()
    {
        const int trades = ClearingHouse.MostFailures + 3;
        var ledger = SettleBothDays([OpenTrading(Smelter), OpenTrading(Kiln),
            Lock([.. Enumerable.Range(1, trades).Select(sequence => Trade(sequence, Smelter, Kiln, 1, 1))]), Close(trades)]);
        ledger.Clearing.Day(Today).Failed.ShouldBe(trades);
        ledger.Clearing.FailuresOf(Today).Select(trade => trade.Sequence).ShouldBe(Enumerable.Range(1, trades - 3).Select(sequence => (long)sequence));
        ledger.Clearing.FailuresOf(Today.AddDays(1)).ShouldBeEmpty();
        Model.ReadSnapshot(Model.WriteSnapshot(ledger)).Clearing.FailuresOf(Today).ShouldBe(ledger.Clearing.FailuresOf(Today));
    }

    private static string Failure(ExecutedTrade trade) =>
        SettleBothDays([.. Furnished, Lock(trade), Close(1)]).Clearing.FailuresOf(Today).ShouldHaveSingleItem().Code;

    private static LedgerState SettleBothDays(IReadOnlyList<LedgerCommand> commands)
    {
        var ledger = Settle(After(commands));
        return Settle(Then(ledger, Close(ledger.Clearing.Day(Today).LastTradeSequence!.Value, Tomorrow)));
    }

    private static TradeSettled Settled(long sequence, Guid buyer, Guid seller, long first, long last, long pence) => new(
        sequence, Trade(sequence, buyer, seller, 1, 1).TradeId, buyer, Trading(buyer), seller, Trading(seller), Uka,
        Serials(Y2021, first, last), Pence(pence), Evening);
}
