using CarbonMarket.Kernel;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Trades;

public sealed class ClearingSpecs
{
    private static readonly DateTimeOffset Evening = At(16, 0);
    private static readonly Guid First = Trade.IdOf(Id("b1"), 1);

    private static readonly Testing.Spec<Trading.Market.MarketState, Trading.Market.MarketCommand, Trading.Market.MarketEvent>.Facts
        Traded = Spec.Given(Cash(Ann, 1_000), Units(Bob, 10))
            .After(Sell(Bob, "s1", 10, 100), Buy(Ann, "b1", 10, 100), new AdvanceTime(EndOfMonday));

    [Fact]
    public void A_settled_trade_keeps_both_promises()
    {
        Traded.When(new RecordOutcome(First, 1, true, null, Evening)).Then(new TradeSettled(1, First, Ann, Bob, Evening));
        Traded.When(new RecordOutcome(First, 1, true, null, Evening)).ThenState(market =>
        {
            (market.Accounts[Ann].Cash.Settled, market.Accounts[Ann].Units[Plain].Settled).ShouldBe((0, 10));
            (market.Accounts[Bob].Cash.Settled, market.Accounts[Bob].Units[Plain].Settled).ShouldBe((1_000, 0));
            market.Uncleared.ShouldBeEmpty();
        });
    }

    [Fact]
    public void A_failed_trade_leaves_each_side_what_it_had()
    {
        var failed = new RecordOutcome(First, 1, false, "insufficient-cash", Evening);
        Traded.When(failed).Then(new TradeFailed(1, First, Ann, Bob, "insufficient-cash", Evening));
        Traded.When(failed).ThenState(market =>
        {
            market.Accounts[Ann].Cash.Free.ShouldBe(1_000);
            market.Accounts[Ann].Units[Plain].Free.ShouldBe(0);
            market.Accounts[Bob].Cash.Free.ShouldBe(0);
            market.Accounts[Bob].Units[Plain].Free.ShouldBe(10);
        });
    }

    [Fact]
    public void An_outcome_told_twice_counts_once() =>
        Traded.After(new RecordOutcome(First, 1, true, null, Evening)).When(new RecordOutcome(First, 1, true, null, Evening)).ThenNothing();

    [Fact]
    public void An_outcome_is_taken_although_the_one_it_rests_on_is_still_on_its_way()
    {
        // Ann sells on at once what she has bought, so her delivery is told before her purchase.
        var second = Trade.IdOf(Id("b2"), 2);
        var resold = Spec.Given(Cash(Ann, 1_000), Units(Bob, 10), Cash(Cem, 1_100)).After(
            Sell(Bob, "s1", 10, 100), Buy(Ann, "b1", 10, 100), Sell(Ann, "s2", 10, 110), Buy(Cem, "b2", 10, 110), new AdvanceTime(EndOfMonday));
        var overtaken = resold.After(new RecordOutcome(second, 2, true, null, Evening));
        overtaken.When(new RecordOutcome(second, 2, true, null, Evening)).ThenState(market =>
        {
            market.Accounts[Ann].Units[Plain].Free.ShouldBe(0);
            market.Accounts[Ann].Units[Plain].Withdrawable.ShouldBe(0);
            market.Accounts[Ann].Cash.Withdrawable.ShouldBe(1_100);
        });
        overtaken.When(new RecordOutcome(First, 1, true, null, Evening)).ThenState(market =>
        {
            (market.Accounts[Ann].Cash.Settled, market.Accounts[Ann].Units[Plain].Settled).ShouldBe((1_100, 0));
            (market.Accounts[Cem].Cash.Settled, market.Accounts[Cem].Units[Plain].Settled).ShouldBe((0, 10));
            (market.Accounts[Bob].Cash.Settled, market.Accounts[Bob].Units[Plain].Settled).ShouldBe((1_000, 0));
            market.Uncleared.ShouldBeEmpty();
        });
    }

    [Fact]
    public void An_outcome_may_rest_on_a_funding_that_is_still_on_its_way()
    {
        // The first trade failed, yet Ann could deliver in the second: units from outside had arrived on her account.
        var second = Trade.IdOf(Id("b2"), 2);
        var told = Spec.Given(Cash(Ann, 1_000), Units(Bob, 10), Cash(Cem, 1_100)).After(
            Sell(Bob, "s1", 10, 100), Buy(Ann, "b1", 10, 100), Sell(Ann, "s2", 10, 110), Buy(Cem, "b2", 10, 110), new AdvanceTime(EndOfMonday),
            new RecordOutcome(First, 1, false, "insufficient-units", Evening), new RecordOutcome(second, 2, true, null, Evening));
        told.When(new FundAccount(Id("late"), Ann, Plain, Quantity.Of(12), Money.Zero, Evening)).ThenState(market =>
        {
            market.Accounts[Ann].Units[Plain].Settled.ShouldBe(2);
            market.Accounts[Ann].Units[Plain].Free.ShouldBe(2);
        });
    }

    [Fact]
    public void An_outcome_of_another_trade_is_refused()
    {
        Traded.When(new RecordOutcome(Id("other"), 1, true, null, Evening)).ThenRejected("trade-differs");
        Traded.When(new RecordOutcome(First, 2, true, null, Evening)).ThenRejected("unknown-trade");
    }

    [Fact]
    public void Orders_that_lived_on_a_failed_trade_are_pulled_newest_first()
    {
        var (old, young) = (Sell(Ann, "s2", 4, 120, at: At(10, 0, 1)), Sell(Ann, "s3", 6, 120, at: At(10, 0, 1)));
        Traded.After(old, young).When(new RecordOutcome(First, 1, false, "insufficient-units", Evening)).Then(
            new TradeFailed(1, First, Ann, Bob, "insufficient-units", Evening),
            new OrderCancelled(young.OrderId, Ann, Quantity.Of(6), CancelReason.CoverLost, At(10, 0, 1)),
            new OrderCancelled(old.OrderId, Ann, Quantity.Of(4), CancelReason.CoverLost, At(10, 0, 1)));
    }

    [Fact]
    public void Orders_with_cover_of_their_own_stay()
    {
        var (bid, offer) = (Buy(Bob, "b2", 9, 100, at: At(10, 0, 1)), Sell(Ann, "s3", 3, 120, at: At(10, 0, 1)));
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 10), Cash(Bob, 900), Units(Ann, 3))
            .After(Sell(Bob, "s1", 10, 100), Buy(Ann, "b1", 10, 100), new AdvanceTime(EndOfMonday), bid, offer)
            .When(new RecordOutcome(First, 1, false, "held-back", Evening))
            .Then(new TradeFailed(1, First, Ann, Bob, "held-back", Evening));
    }
}
