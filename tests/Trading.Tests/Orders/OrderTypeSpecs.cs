using CarbonMarket.Kernel;
using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Tests.Matching;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Orders;

public sealed class OrderTypeSpecs
{
    private static readonly DateTimeOffset Tuesday = At(10, 0, daysLater: 1);

    [Fact]
    public void Fill_or_kill_trades_whole_over_several_prices()
    {
        var (near, far, bid) = (Sell(Bob, "s1", 4, 99), Sell(Bob, "s2", 6, 100), Buy(Ann, "b1", 10, 100, life: TimeInForce.Fok));
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 10)).After(near, far).When(bid).ThenEvents(events =>
            events.OfType<TradeExecuted>().Select(trade => (trade.Quantity.Value, trade.Price.MinorPerUnit)).ShouldBe([(4, 99), (6, 100)]));
    }

    [Fact]
    public void Fill_or_kill_trades_nothing_where_a_unit_is_missing()
    {
        var (offer, bid) = (Sell(Bob, "s1", 9, 99), Buy(Ann, "b1", 10, 100, life: TimeInForce.Fok));
        var spec = Spec.Given(Cash(Ann, 1_000), Units(Bob, 9)).After(offer);
        spec.When(bid).Then(Accepted(bid, 2), new OrderCancelled(bid.OrderId, Ann, Quantity.Of(10), CancelReason.FillOrKill, Morning));
        spec.When(bid).ThenState(market =>
        {
            market.Accounts[Ann].Cash.Free.ShouldBe(1_000);
            market.BookOf(Plain).Best(Side.Sell).ShouldBe(new DepthLevel(Price.OfMinor(99), Quantity.Of(9), 1));
        });
    }

    [Fact]
    public void What_meets_its_minimum_trades_and_rests_with_the_remainder()
    {
        var (offer, bid) = (Sell(Bob, "s1", 4, 100), Buy(Ann, "b1", 10, 100).With(minimum: 4));
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 4)).After(offer).When(bid).ThenState(market =>
        {
            market.Orders[bid.OrderId].Filled.ShouldBe(Quantity.Of(4));
            market.BookOf(Plain).Best(Side.Buy).ShouldBe(new DepthLevel(Price.OfMinor(100), Quantity.Of(6), 1));
        });
    }

    [Fact]
    public void What_misses_its_minimum_is_cancelled_whole()
    {
        var (offer, bid) = (Sell(Bob, "s1", 4, 100), Buy(Ann, "b1", 10, 100).With(minimum: 5));
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 4)).After(offer).When(bid).Then(
            Accepted(bid, 2), new OrderCancelled(bid.OrderId, Ann, Quantity.Of(10), CancelReason.MinimumNotMet, Morning));
    }

    [Fact]
    public void A_minimum_is_no_more_than_the_order() =>
        Spec.Given(Cash(Ann, 1_000)).When(Buy(Ann, "b1", 10, 100).With(minimum: 11)).ThenRejected("minimum-above-quantity");

    [Fact]
    public void A_post_only_order_rests_or_is_refused()
    {
        var offer = Sell(Bob, "s1", 4, 100);
        var spec = Spec.Given(Cash(Ann, 1_000), Units(Bob, 4)).After(offer);
        spec.When(Buy(Ann, "b1", 1, 100).With(postOnly: true)).ThenRejected("post-only-would-trade");
        spec.When(Buy(Ann, "b1", 1, 99).With(postOnly: true)).ThenState(market => market.BookOf(Plain).Count.ShouldBe(2));
    }

    [Fact]
    public void Market_to_limit_trades_at_the_best_price_only_and_rests_there()
    {
        var (near, far) = (Sell(Bob, "s1", 4, 99), Sell(Bob, "s2", 6, 100));
        var bid = Buy(Ann, "b1", 10, 1) with { Price = null };
        Spec.Given(Cash(Ann, 990), Units(Bob, 10)).After(near, far).When(bid).ThenState(market =>
        {
            market.Orders[bid.OrderId].ShouldSatisfyAllConditions(
                order => order.Price.ShouldBe(Price.OfMinor(99)), order => order.Filled.ShouldBe(Quantity.Of(4)));
            market.BookOf(Plain).Best(Side.Buy).ShouldBe(new DepthLevel(Price.OfMinor(99), Quantity.Of(6), 1));
        });
    }

    [Fact]
    public void Market_to_limit_needs_somebody_on_the_other_side() =>
        Spec.Given(Cash(Ann, 1_000)).After(Buy(Ann, "b0", 1, 100)).When(Buy(Ann, "b1", 10, 1) with { Price = null })
            .ThenRejected("no-opposite-price");

    [Fact]
    public void A_market_to_limit_order_is_known_again_by_what_it_asked_for()
    {
        var bid = Buy(Ann, "b1", 4, 1) with { Price = null };
        var spec = Spec.Given(Cash(Ann, 1_000), Units(Bob, 10)).After(Sell(Bob, "s1", 4, 99), Sell(Bob, "s2", 6, 100), bid);
        spec.When(bid with { At = At(10, 5) }).ThenNothing();
        spec.When(bid with { Price = Price.OfMinor(99), At = At(10, 5) }).ThenRejected("id-reused");
    }

    [Fact]
    public void Good_till_date_stands_over_the_night_with_what_it_holds()
    {
        var bid = Buy(Ann, "b1", 10, 100, life: TimeInForce.Gtd).With(goodTill: Monday.AddDays(1));
        var tomorrow = Spec.Given(Cash(Ann, 1_000), Units(Bob, 4)).After(bid, new AdvanceTime(EndOfMonday));
        tomorrow.When(Sell(Bob, "s1", 4, 100, at: Tuesday)).ThenState(market =>
        {
            market.Orders[bid.OrderId].Filled.ShouldBe(Quantity.Of(4));
            market.Accounts[Ann].Cash.Reserved.ShouldBe(600);
        });
        tomorrow.After(Sell(Bob, "s1", 4, 100, at: Tuesday)).When(new AdvanceTime(At(15, 0, daysLater: 1))).ThenState(market =>
        {
            market.Orders[bid.OrderId].Status.ShouldBe(OrderStatus.Lapsed);
            market.Accounts[Ann].Cash.Reserved.ShouldBe(0);
        });
    }

    /// <summary>Tuesday nobody came, Wednesday is a holiday, and the weekend is no day of trading.</summary>
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(5, 7)]
    [InlineData(6, 7)]
    public void After_its_last_day_nobody_meets_an_order_even_where_nothing_was_traded_on_it(int last, int next)
    {
        var bid = Buy(Ann, "b1", 10, 100, life: TimeInForce.Gtd).With(goodTill: Monday.AddDays(last));
        var over = At(0, 0, daysLater: last + 1);
        var stands = Spec.Given(Cash(Ann, 1_000), Units(Bob, 4)).After(bid, new AdvanceTime(EndOfMonday));
        stands.When(new AdvanceTime(over.AddTicks(-1))).ThenNothing();
        stands.When(new AdvanceTime(over)).Then(new OrderLapsed(bid.OrderId, Ann, Quantity.Of(10), over));
        stands.When(Sell(Bob, "s1", 4, 100, at: At(10, 0, daysLater: next))).ThenState(market =>
        {
            market.BookOf(Plain).BestPrice(Side.Buy).ShouldBeNull();
            market.Orders[Id("s1")].Filled.ShouldBe(Quantity.Zero);
            market.Accounts[Ann].Cash.Free.ShouldBe(1_000);
        });
    }

    [Fact]
    public void Good_till_date_leaves_the_book_when_the_close_moves_the_band_away()
    {
        var low = Buy(Ann, "b1", 10, 6_715, Ruled, TimeInForce.Gtd).With(goodTill: Monday.AddDays(4));
        Spec.Given(Cash(Ann, 10_000_000), Units(Bob, 100, Ruled))
            .After(low, Buy(Ann, "b2", 100, 8_000, Ruled), Sell(Bob, "s1", 100, 8_000, Ruled))
            .When(new AdvanceTime(EndOfMonday))
            .ThenEvents(events => events.OfType<OrderCancelled>().Single().ShouldBe(
                new OrderCancelled(low.OrderId, Ann, Quantity.Of(10), CancelReason.OutsideBand, EndOfMonday)));
    }

    [Fact]
    public void Good_till_date_is_not_for_days_that_are_over() =>
        Spec.Given(Cash(Ann, 1_000)).When(Buy(Ann, "b1", 1, 100, life: TimeInForce.Gtd).With(goodTill: Monday.AddDays(-1)))
            .ThenRejected("good-till-past");
}
