using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Testing;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Orders;

/// <summary>Ann's offer of five stands before Bob's of four, and Ann bids for ten at their price.</summary>
public sealed class SelfTradeSpecs
{
    private static readonly PlaceOrder Own = Sell(Ann, "s1", 5, 100);
    private static readonly PlaceOrder Others = Sell(Bob, "s2", 4, 100);
    private static readonly PlaceOrder Bid = Buy(Ann, "b1", 10, 100);

    [Fact]
    public void Cancel_incoming_stops_at_the_own_order() => Under(SelfTradePrevention.CancelIncoming).When(Bid).Then(
        Accepted(Bid, 3), new OrderCancelled(Bid.OrderId, Ann, Quantity.Of(10), CancelReason.SelfTrade, Morning));

    [Fact]
    public void Cancel_resting_takes_the_own_order_away_and_goes_on() => Under(SelfTradePrevention.CancelResting).When(Bid).Then(
        Accepted(Bid, 3), new OrderCancelled(Own.OrderId, Ann, Quantity.Of(5), CancelReason.SelfTrade, Morning), TradeWithBob(4));

    [Fact]
    public void Reduce_both_takes_the_smaller_quantity_from_each_and_goes_on() => Under(SelfTradePrevention.ReduceBoth).When(Bid).Then(
        Accepted(Bid, 3),
        new OrderCancelled(Own.OrderId, Ann, Quantity.Of(5), CancelReason.SelfTrade, Morning),
        new OrderReduced(Bid.OrderId, Ann, Quantity.Of(5), Quantity.Of(5), CancelReason.SelfTrade, Morning),
        TradeWithBob(4));

    [Fact]
    public void Reduce_both_leaves_the_larger_resting_order_in_its_place()
    {
        var small = Buy(Ann, "b1", 3, 100);
        Under(SelfTradePrevention.ReduceBoth).When(small).Then(
            Accepted(small, 3),
            new OrderReduced(Own.OrderId, Ann, Quantity.Of(3), Quantity.Of(2), CancelReason.SelfTrade, Morning),
            new OrderCancelled(small.OrderId, Ann, Quantity.Of(3), CancelReason.SelfTrade, Morning));
        Under(SelfTradePrevention.ReduceBoth).After(small).When(Buy(Cem, "b2", 2, 100)).ThenState(market =>
            market.Orders[Own.OrderId].Status.ShouldBe(OrderStatus.Filled));
    }

    [Fact]
    public void What_was_reduced_and_then_filled_is_filled() =>
        Under(SelfTradePrevention.ReduceBoth).When(Bid with { Quantity = Quantity.Of(9) }).ThenState(market =>
        {
            market.Orders[Bid.OrderId].ShouldSatisfyAllConditions(
                order => order.Status.ShouldBe(OrderStatus.Filled), order => order.Quantity.ShouldBe(Quantity.Of(4)));
            market.Accounts[Ann].Cash.Reserved.ShouldBe(0);
            market.Accounts[Ann].Units[Plain].ShouldSatisfyAllConditions(
                units => units.Reserved.ShouldBe(0), units => units.Ordered.ShouldBe(0), units => units.PendingIn.ShouldBe(4));
        });

    [Fact]
    public void Fill_or_kill_counts_only_what_others_offer() => Under(SelfTradePrevention.CancelResting)
        .When(Bid with { Quantity = Quantity.Of(5), TimeInForce = TimeInForce.Fok })
        .ThenState(market => market.Orders[Own.OrderId].Status.ShouldBe(OrderStatus.Open));

    private static Spec<MarketState, MarketCommand, MarketEvent>.Facts Under(SelfTradePrevention rule)
    {
        var model = new MarketModel([Pack with { Instruments = [Pack.Instrument(Plain)! with { SelfTrade = rule }] }]);
        return new Spec<MarketState, MarketCommand, MarketEvent>(model.Initial, model.Decide, model.Evolve).WhereTheJournalAnswersRepeats()
            .Given(Cash(Ann, 10_000), Cash(Cem, 10_000), Units(Ann, 5), Units(Bob, 4)).After(Own, Others);
    }

    private static TradeExecuted TradeWithBob(long quantity) => new(
        1, DeterministicGuid.From(Bid.OrderId, "trade", 1L), Plain, Bid.OrderId, Others.OrderId, Ann, Bob, Quantity.Of(quantity),
        Price.OfMinor(100), TradeMode.Continuous, Monday, Morning);
}
