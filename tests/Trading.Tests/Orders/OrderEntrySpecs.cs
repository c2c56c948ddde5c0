using CarbonMarket.Kernel;
using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Tests.Matching;
using CarbonMarket.Trading.Trades;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Orders;

public sealed class OrderEntrySpecs
{
    [Fact]
    public void The_first_order_of_the_day_opens_the_day() =>
        Spec.Given(Cash(Ann, 1_000)).When(Buy(Ann, "b1", 10, 100)).Then(DayOpened, Accepted(Buy(Ann, "b1", 10, 100)));

    [Fact]
    public void A_buy_order_reserves_its_limit_times_its_quantity() =>
        Spec.Given(Cash(Ann, 1_500)).When(Buy(Ann, "b1", 10, 100)).ThenState(market =>
        {
            market.Accounts[Ann].Cash.Reserved.ShouldBe(1_000);
            market.Accounts[Ann].Cash.Free.ShouldBe(500);
        });

    [Fact]
    public void A_sell_order_reserves_its_units() =>
        Spec.Given(Units(Ann, 15)).When(Sell(Ann, "s1", 10, 100)).ThenState(market =>
        {
            market.Accounts[Ann].Units[Plain].Reserved.ShouldBe(10);
            market.Accounts[Ann].Units[Plain].Free.ShouldBe(5);
        });

    [Fact]
    public void An_order_beyond_the_cash_at_hand_is_refused() =>
        Spec.Given(Cash(Ann, 999)).When(Buy(Ann, "b1", 10, 100)).ThenRejected("insufficient-cash");

    [Fact]
    public void Cash_reserved_by_one_order_does_not_serve_another() =>
        Spec.Given(Cash(Ann, 1_500)).After(Buy(Ann, "b1", 10, 100)).When(Buy(Ann, "b2", 6, 100)).ThenRejected("insufficient-cash");

    [Fact]
    public void An_offer_beyond_the_units_at_hand_is_refused() =>
        Spec.Given(Units(Ann, 9)).When(Sell(Ann, "s1", 10, 100)).ThenRejected("insufficient-units");

    [Fact]
    public void A_participant_without_a_trading_account_has_nothing_to_trade_with()
    {
        Spec.Given().When(Sell(Ann, "s1", 10, 100)).ThenRejected("insufficient-units");
        Spec.Given().When(Buy(Ann, "b1", 10, 100)).ThenRejected("insufficient-cash");
    }

    [Fact]
    public void A_trade_is_made_at_the_resting_orders_price_and_the_buyer_keeps_the_difference()
    {
        var (offer, bid) = (Sell(Bob, "s1", 10, 95), Buy(Ann, "b1", 10, 100));
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 10)).After(offer).When(bid).Then(Accepted(bid, 2), Trade(1, bid, offer, 10, 95));
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 10)).After(offer).When(bid).ThenState(market =>
        {
            market.Accounts[Ann].Cash.PendingOut.ShouldBe(950);
            market.Accounts[Ann].Cash.Reserved.ShouldBe(0);
            market.Accounts[Ann].Cash.Free.ShouldBe(50);
            market.Accounts[Ann].Units[Plain].PendingIn.ShouldBe(10);
            market.Accounts[Bob].Units[Plain].PendingOut.ShouldBe(10);
            market.Accounts[Bob].Cash.PendingIn.ShouldBe(950);
        });
    }

    [Fact]
    public void The_better_price_is_met_first_and_then_the_earlier_order()
    {
        var (late, early, dear, bid) =
            (Sell(Bob, "s2", 5, 90), Sell(Bob, "s1", 5, 90), Sell(Cem, "s0", 5, 91), Buy(Ann, "b1", 12, 91));
        Spec.Given(Cash(Ann, 2_000), Units(Bob, 10), Units(Cem, 5)).After(dear, early, late).When(bid).Then(
            Accepted(bid, 4), Trade(1, bid, early, 5, 90), Trade(2, bid, late, 5, 90), Trade(3, bid, dear, 2, 91));
    }

    [Fact]
    public void What_does_not_trade_rests_until_somebody_meets_it()
    {
        var (bid, offer) = (Buy(Ann, "b1", 10, 100), Sell(Bob, "s1", 4, 99));
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 4)).After(bid).When(offer).Then(Accepted(offer, 2), Trade(1, bid, offer, 4, 100, offer));
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 4)).After(bid).When(offer).ThenState(market =>
            market.BookOf(Plain).Best(Side.Buy).ShouldBe(new DepthLevel(Price.OfMinor(100), Quantity.Of(6), 1)));
    }

    [Fact]
    public void An_immediate_order_never_rests()
    {
        var (offer, bid) = (Sell(Bob, "s1", 4, 100), Buy(Ann, "b1", 10, 100, life: TimeInForce.Ioc));
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 4)).After(offer).When(bid).Then(
            Accepted(bid, 2), Trade(1, bid, offer, 4, 100),
            new OrderCancelled(bid.OrderId, Ann, Quantity.Of(6), CancelReason.ImmediateOrCancel, Morning));
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 4)).After(offer).When(bid).ThenState(market =>
        {
            market.BookOf(Plain).Count.ShouldBe(0);
            market.Accounts[Ann].Cash.Free.ShouldBe(600);
        });
    }

    [Fact]
    public void Nobody_trades_with_itself_the_incoming_remainder_is_cancelled()
    {
        var (other, own, bid) = (Sell(Bob, "s1", 4, 99), Sell(Ann, "s2", 5, 100), Buy(Ann, "b1", 10, 100));
        Spec.Given(Cash(Ann, 1_000), Units(Ann, 5), Units(Bob, 4)).After(own, other).When(bid).Then(
            Accepted(bid, 3), Trade(1, bid, other, 4, 99),
            new OrderCancelled(bid.OrderId, Ann, Quantity.Of(6), CancelReason.SelfTrade, Morning));
    }

    [Fact]
    public void Trades_are_numbered_from_one_and_named_after_the_taker()
    {
        var (offer, bid) = (Sell(Bob, "s1", 4, 100), Buy(Ann, "b1", 4, 100));
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 4)).After(offer).When(bid).ThenEvents(events =>
            events.OfType<TradeExecuted>().Single().TradeId.ShouldBe(DeterministicGuid.From(bid.OrderId, "trade", 1)));
    }

    [Theory]
    [InlineData(9, 29)]
    [InlineData(11, 30)]
    [InlineData(12, 30)]
    [InlineData(15, 0)]
    public void Orders_are_taken_in_session_only(int hour, int minute) =>
        Spec.Given(Cash(Ann, 1_000)).When(Buy(Ann, "b1", 1, 100, at: At(hour, minute))).ThenRejected("outside-session");

    [Fact]
    public void There_is_no_session_on_weekends_and_holidays()
    {
        Spec.Given(Cash(Ann, 1_000)).When(Buy(Ann, "b1", 1, 100, at: At(10, 0, daysLater: 5))).ThenRejected("outside-session");
        Spec.Given(Cash(Ann, 1_000)).When(Buy(Ann, "b1", 1, 100, at: At(10, 0, daysLater: 2))).ThenRejected("outside-session");
    }

    [Fact]
    public void Who_comes_outside_of_a_session_is_told_the_hours_and_the_time_by_the_markets_clocks()
    {
        Spec.Given(Cash(Ann, 1_000)).When(Buy(Ann, "b1", 1, 100, at: At(9, 29).ToUniversalTime())).ThenRejected(
            "outside-session", "PLAIN trades in the book on trading days at 09:30-11:30, 13:00-15:00, not on 2021-03-01 at 09:29:00.");
        Spec.Given(Cash(Ann, 1_000)).When(Buy(Ann, "b1", 1, 100, at: At(10, 0, daysLater: 2))).ThenRejected(
            "outside-session", "PLAIN trades in the book on trading days at 09:30-11:30, 13:00-15:00, not on 2021-03-03 at 10:00:00, which is no trading day.");
    }

    [Fact]
    public void A_late_clock_at_the_edge_does_not_turn_the_market_back() =>
        Spec.Given(Cash(Ann, 1_000)).After(Buy(Ann, "b1", 1, 100), new Trading.TradingDays.AdvanceTime(EndOfMonday))
            .When(Buy(Ann, "b2", 1, 100, at: At(14, 59))).ThenRejected("outside-session");

    [Fact]
    public void Every_rule_of_the_instrument_has_its_code()
    {
        var funded = Spec.Given(Cash(Ann, 1_000_000_000_000));
        funded.When(Buy(Ann, "b1", 10, 7_460, "NOBODYS")).ThenRejected("unknown-instrument");
        funded.When(Buy(Ann, "b1", 15, 7_460, Ruled)).ThenRejected("quantity-off-lot");
        funded.When(Buy(Ann, "b1", 0, 7_460, Ruled)).ThenRejected("quantity-off-lot");
        funded.When(Buy(Ann, "b1", 10, 7_461, Ruled)).ThenRejected("price-off-tick");
        funded.When(Buy(Ann, "b1", 1_000, 7_460, Ruled)).ThenRejected("quantity-not-listed");
        funded.When(Buy(Ann, "b1", 10, 6_710, Ruled)).ThenRejected("price-outside-band");
        funded.When(Buy(Ann, "b1", 10, 8_210, Ruled)).ThenRejected("price-outside-band");
        funded.When(Buy(Ann, "b1", long.MaxValue, long.MaxValue)).ThenRejected("value-too-large");
        funded.When(Buy(Ann, "b1", 990, 8_205, Ruled)).ThenState(market => market.Orders.Count.ShouldBe(1));
    }

    [Fact]
    public void Units_bought_today_are_not_sold_today_where_the_pack_bans_it()
    {
        var traded = Spec.Given(Cash(Ann, 1_000_000), Units(Ann, 20, Ruled), Units(Bob, 50, Ruled))
            .After(Sell(Bob, "s1", 50, 7_460, Ruled), Buy(Ann, "b1", 50, 7_460, Ruled));
        traded.When(Sell(Ann, "s2", 30, 7_460, Ruled)).ThenRejected("same-day-resale");
        traded.When(Sell(Ann, "s2", 20, 7_460, Ruled)).ThenState(market => market.BookOf(Ruled).Count.ShouldBe(1));
        traded.When(Sell(Ann, "s2", 80, 7_460, Ruled)).ThenRejected("insufficient-units");
        traded.After(new Trading.TradingDays.AdvanceTime(EndOfMonday))
            .When(Sell(Ann, "s2", 30, 7_460, Ruled, at: At(10, 0, daysLater: 1)))
            .ThenState(market => market.BookOf(Ruled).Count.ShouldBe(1));
    }

    [Fact]
    public void Units_bought_today_are_sold_today_where_the_pack_allows_it() =>
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 5)).After(Sell(Bob, "s1", 5, 100), Buy(Ann, "b1", 5, 100))
            .When(Sell(Ann, "s2", 5, 110)).ThenState(market => market.BookOf(Plain).Count.ShouldBe(1));

    [Fact]
    public void The_proceeds_of_a_sale_buy_at_once() =>
        Spec.Given(Cash(Ann, 500), Units(Bob, 5)).After(Sell(Bob, "s1", 5, 100), Buy(Ann, "b1", 5, 100))
            .When(Buy(Bob, "b2", 4, 120)).ThenState(market => market.Accounts[Bob].Cash.Free.ShouldBe(20));

    [Fact]
    public void A_cancelled_order_leaves_the_book_and_gives_back_what_it_held()
    {
        var bid = Buy(Ann, "b1", 10, 100);
        Spec.Given(Cash(Ann, 1_000)).After(bid).When(new CancelOrder(bid.OrderId, Ann, Morning))
            .Then(new OrderCancelled(bid.OrderId, Ann, Quantity.Of(10), CancelReason.Requested, Morning));
        Spec.Given(Cash(Ann, 1_000)).After(bid).When(new CancelOrder(bid.OrderId, Ann, Morning)).ThenState(market =>
        {
            market.BookOf(Plain).Count.ShouldBe(0);
            market.Accounts[Ann].Cash.Free.ShouldBe(1_000);
        });
    }

    [Fact]
    public void Cancelling_again_changes_nothing()
    {
        var bid = Buy(Ann, "b1", 10, 100);
        Spec.Given(Cash(Ann, 1_000)).After(bid, new CancelOrder(bid.OrderId, Ann, Morning))
            .When(new CancelOrder(bid.OrderId, Ann, Morning)).ThenNothing();
    }

    [Fact]
    public void Only_the_owner_cancels_and_a_filled_order_stays_filled()
    {
        var (offer, bid) = (Sell(Bob, "s1", 4, 100), Buy(Ann, "b1", 4, 100));
        Spec.Given(Cash(Ann, 1_000)).After(bid).When(new CancelOrder(bid.OrderId, Bob, Morning)).ThenRejected("unknown-order");
        Spec.Given(Cash(Ann, 1_000), Units(Bob, 4)).After(offer, bid)
            .When(new CancelOrder(bid.OrderId, Ann, Morning)).ThenRejected("order-finished");
    }

    [Fact]
    public void An_order_id_with_other_content_is_refused()
    {
        Spec.Given(Cash(Ann, 5_000)).After(Buy(Ann, "b1", 10, 100)).When(Buy(Ann, "b1", 11, 100)).ThenRejected("id-reused");
        Spec.Given(Cash(Ann, 5_000), Cash(Bob, 5_000)).After(Buy(Ann, "b1", 10, 100)).When(Buy(Bob, "b1", 10, 100)).ThenRejected("id-reused");
        Spec.Given(Cash(Ann, 5_000)).After(Buy(Ann, "b1", 10, 100)).When(Buy(Ann, "b1", 10, 100)).ThenNothing();
    }

    private static TradeExecuted Trade(
        long sequence, PlaceOrder buy, PlaceOrder sell, long quantity, long price, PlaceOrder? taker = null) => new(
        sequence, DeterministicGuid.From((taker ?? buy).OrderId, "trade", sequence), buy.Instrument, buy.OrderId, sell.OrderId,
        buy.ParticipantId, sell.ParticipantId, Quantity.Of(quantity), Price.OfMinor(price), TradeMode.Continuous, Monday, Morning);
}
