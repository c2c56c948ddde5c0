using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Tests.Matching;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Orders;

public sealed class ReplacingSpecs
{
    [Fact]
    public void An_order_for_less_keeps_its_place_and_gives_back_what_it_held()
    {
        var (first, second) = (Buy(Ann, "b1", 10, 100), Buy(Bob, "b2", 10, 100));
        var spec = Spec.Given(Cash(Ann, 1_000), Cash(Bob, 1_000), Units(Cem, 6)).After(first, second);
        spec.When(Replace(first, 6, 100)).Then(
            new OrderReduced(first.OrderId, Ann, Quantity.Of(4), Quantity.Of(6), CancelReason.Requested, Morning));
        spec.After(Replace(first, 6, 100)).When(Sell(Cem, "s1", 6, 100)).ThenState(market =>
        {
            market.Orders[first.OrderId].Status.ShouldBe(OrderStatus.Filled);
            market.Accounts[Ann].Cash.Free.ShouldBe(400);
        });
    }

    [Fact]
    public void An_order_for_more_queues_behind_the_others()
    {
        var (first, second) = (Buy(Ann, "b1", 5, 100), Buy(Bob, "b2", 5, 100));
        Spec.Given(Cash(Ann, 1_000), Cash(Bob, 1_000), Units(Cem, 5)).After(first, second, Replace(first, 6, 100))
            .When(Sell(Cem, "s1", 5, 100)).ThenState(market =>
            {
                market.Orders[second.OrderId].Status.ShouldBe(OrderStatus.Filled);
                market.Orders[first.OrderId].Filled.ShouldBe(Quantity.Zero);
            });
    }

    [Fact]
    public void An_order_at_a_better_price_meets_who_stands_there()
    {
        var (bid, offer) = (Buy(Ann, "b1", 10, 90), Sell(Bob, "s1", 4, 95));
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 4)).After(offer, bid).When(Replace(bid, 10, 95)).ThenState(market =>
        {
            market.Orders[bid.OrderId].ShouldSatisfyAllConditions(
                order => order.Filled.ShouldBe(Quantity.Of(4)), order => order.Price.ShouldBe(Price.OfMinor(95)));
            market.Accounts[Ann].Cash.Reserved.ShouldBe(570);
            market.BookOf(Plain).Best(Side.Buy).ShouldBe(new DepthLevel(Price.OfMinor(95), Quantity.Of(6), 1));
        });
    }

    [Fact]
    public void What_the_order_holds_already_counts_for_its_replacement()
    {
        var bid = Buy(Ann, "b1", 10, 90);
        var spec = Spec.Given(Cash(Ann, 1_000)).After(bid);
        spec.When(Replace(bid, 10, 100)).ThenState(market => market.Accounts[Ann].Cash.Free.ShouldBe(0));
        spec.When(Replace(bid, 10, 101)).ThenRejected("insufficient-cash");
    }

    [Fact]
    public void What_is_filled_stays_filled()
    {
        var (bid, offer) = (Buy(Ann, "b1", 10, 100), Sell(Bob, "s1", 4, 100));
        var spec = Spec.Given(Cash(Ann, 1_000), Units(Bob, 4)).After(bid, offer);
        spec.When(Replace(bid, 4, 100)).ThenRejected("quantity-below-filled");
        spec.When(Replace(bid, 5, 100)).ThenState(market => market.Orders[bid.OrderId].Remaining.ShouldBe(Quantity.Of(1)));
    }

    [Fact]
    public void A_replacement_is_held_to_the_rules_of_an_order()
    {
        var bid = Buy(Ann, "b1", 10, 7_460, Ruled);
        var spec = Spec.Given(Cash(Ann, 100_000_000)).After(bid);
        spec.When(Replace(bid, 15, 7_460)).ThenRejected("quantity-off-lot");
        spec.When(Replace(bid, 10, 7_461)).ThenRejected("price-off-tick");
        spec.When(Replace(bid, 10, 8_210)).ThenRejected("price-outside-band");
        spec.When(Replace(bid, 1_000, 7_460)).ThenRejected("quantity-not-listed");
        spec.When(Replace(bid, 10, 7_465) with { At = At(12, 0) }).ThenRejected("outside-session");
    }

    [Fact]
    public void What_is_filled_of_an_order_counts_towards_how_large_it_may_be()
    {
        var bid = Buy(Ann, "b1", 900, 7_460, Ruled);
        var spec = Spec.Given(Cash(Ann, 100_000_000), Units(Bob, 500, Ruled)).After(bid, Sell(Bob, "s1", 500, 7_460, Ruled));
        spec.When(Replace(bid, 1_000, 7_460)).ThenRejected("quantity-not-listed");
        spec.When(Replace(bid, 990, 7_460)).ThenEvents(events => events.ShouldHaveSingleItem());
    }

    [Fact]
    public void A_post_only_order_stays_one_at_its_new_price()
    {
        var (bid, offer) = (Buy(Ann, "b1", 10, 90).With(postOnly: true), Sell(Bob, "s1", 4, 95));
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 4)).After(offer, bid).When(Replace(bid, 10, 95)).ThenRejected("post-only-would-trade");
    }

    [Fact]
    public void Only_the_owner_replaces_and_only_what_is_open()
    {
        var bid = Buy(Ann, "b1", 10, 90);
        var spec = Spec.Given(Cash(Ann, 1_000)).After(bid);
        spec.When(Replace(bid, 10, 91) with { ParticipantId = Bob }).ThenRejected("unknown-order");
        spec.After(new CancelOrder(bid.OrderId, Ann, Morning)).When(Replace(bid, 10, 91)).ThenRejected("order-finished");
        spec.When(Replace(bid, 10, 90)).Then(new NothingChanged(Ann, Morning));
    }

    [Fact]
    public void All_of_ones_orders_are_cancelled_by_one_decision()
    {
        var (plain, ruled, others) = (Buy(Ann, "b1", 10, 90), Buy(Ann, "b2", 10, 7_460, Ruled), Buy(Bob, "b3", 10, 90));
        var spec = Spec.Given(Cash(Ann, 1_000_000), Units(Ann, 5), Cash(Bob, 1_000)).After(plain, ruled, others, Sell(Ann, "s1", 5, 95));
        spec.When(new CancelAllOrders(Ann, null, null, Morning)).ThenState(market =>
        {
            market.Accounts[Ann].Cash.Reserved.ShouldBe(0);
            market.BookOf(Plain).Count.ShouldBe(1);
        });
        spec.When(new CancelAllOrders(Ann, Plain, null, Morning)).ThenEvents(events => events.Count.ShouldBe(2));
        spec.When(new CancelAllOrders(Ann, Plain, Side.Sell, Morning)).ThenEvents(events => events.Count.ShouldBe(1));
    }

    /// <summary>A repeat of it, when there is something, would take what was placed since.</summary>
    [Fact]
    public void A_mass_cancel_that_finds_nothing_is_written_down()
    {
        Spec.Given(Cash(Ann, 1_000)).When(new CancelAllOrders(Ann, null, null, Morning)).Then(new NothingChanged(Ann, Morning));
        Spec.Given().When(new CancelAllOrders(Cem, Plain, Side.Buy, Morning)).Then(new NothingChanged(Cem, Morning));
        Spec.Given().When(new CancelAllOrders(Cem, null, null, Morning) { BeyondRate = true }).ThenNothing();
    }

    /// <summary>It would believe its orders gone.</summary>
    [Fact]
    public void Who_misspells_the_instrument_of_a_mass_cancel_is_told_so()
    {
        var spec = Spec.Given(Cash(Ann, 1_000)).After(Buy(Ann, "b1", 10, 90));
        spec.When(new CancelAllOrders(Ann, "PLAN", null, Morning)).ThenRejected("unknown-instrument");
        spec.When(new CancelAllOrders(Ann, Ruled, null, Morning)).Then(new NothingChanged(Ann, Morning));
    }

    [Fact]
    public void What_the_end_of_the_day_took_is_not_counted_as_cancelled_on_request()
    {
        var spec = Spec.Given(Cash(Ann, 1_000)).After(Buy(Ann, "b1", 10, 90));
        spec.When(new CancelAllOrders(Ann, null, null, Morning)).ThenEvents(events => OrderEnding.CancelledOnRequest(events).ShouldBe(1));
        spec.When(new CancelAllOrders(Ann, null, null, At(10, 0, daysLater: 1))).ThenEvents(events =>
        {
            events.Count.ShouldBeGreaterThan(0);
            OrderEnding.CancelledOnRequest(events).ShouldBe(0);
        });
    }

    private static ReplaceOrder Replace(PlaceOrder order, long quantity, long price) =>
        new(order.OrderId, order.ParticipantId, Quantity.Of(quantity), Price.OfMinor(price), Morning);
}
