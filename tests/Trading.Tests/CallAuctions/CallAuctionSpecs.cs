using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Testing;
using CarbonMarket.Trading.CallAuctions;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.CallAuctions;

/// <summary>A market that opens with a call from 09:15 to 09:25, trades from 09:30 to 14:57 and closes with a call until 15:00.</summary>
public sealed class CallAuctionSpecs
{
    private static readonly DateTimeOffset InCall = At(9, 20);
    private static readonly DateTimeOffset CallCloses = At(9, 25);
    private static readonly DateTimeOffset Late = At(14, 58);

    [Fact]
    public void In_a_call_orders_gather_and_nobody_meets()
    {
        var (bid, offer) = (Early(Buy(Ann, "b1", 10, 105)), Early(Sell(Bob, "s1", 10, 95)));
        Market().After(bid).When(offer).Then(Accepted(offer, 2));
        Market().After(bid).When(offer).ThenState(market => CallAuction.Indication(market, Pack.Instrument(Plain)! with { BasePriceMinor = 100 })
            .ShouldBe(new CallPrice(Price.OfMinor(100), Quantity.Of(10), 0)));
    }

    [Fact]
    public void When_the_call_closes_all_trade_at_one_price_the_better_first_and_then_the_earlier()
    {
        var (late, early, high) = (Early(Buy(Ann, "b3", 4, 100)), Early(Buy(Ann, "b2", 4, 100)), Early(Buy(Cem, "b1", 4, 110)));
        var offer = Early(Sell(Bob, "s1", 10, 90));
        Market().After(early, late, high, offer).When(new AdvanceTime(CallCloses)).Then(
            Trade(1, high, offer, 4, 100), Trade(2, early, offer, 4, 100), Trade(3, late, offer, 2, 100),
            new CallUncrossed(Plain, Price.OfMinor(100), Quantity.Of(10), 2, CallCloses));
    }

    [Fact]
    public void A_better_limit_gives_back_what_the_price_leaves_of_it() => Market()
        .After(Early(Buy(Ann, "b1", 10, 110)), Early(Sell(Bob, "s1", 10, 90))).When(new AdvanceTime(CallCloses)).ThenState(market =>
        {
            market.Accounts[Ann].Cash.ShouldSatisfyAllConditions(cash => cash.PendingOut.ShouldBe(1_000), cash => cash.Reserved.ShouldBe(0));
            market.BookOf(Plain).Count.ShouldBe(0);
        });

    [Fact]
    public void What_does_not_trade_in_the_call_stays_for_the_continuous_market() => Market()
        .After(Early(Buy(Ann, "b1", 10, 100)), Early(Sell(Bob, "s1", 4, 100)), new AdvanceTime(CallCloses))
        .When(Sell(Bob, "s2", 6, 100, at: At(9, 30)))
        .ThenState(market => market.Orders[Id("b1")].Status.ShouldBe(OrderStatus.Filled));

    [Fact]
    public void A_call_without_a_price_says_so() => Market().After(Early(Buy(Ann, "b1", 10, 95)), Early(Sell(Bob, "s1", 4, 100)))
        .When(new AdvanceTime(CallCloses)).Then(new CallUncrossed(Plain, null, Quantity.Zero, 0, CallCloses));

    [Fact]
    public void An_order_that_comes_late_finds_the_call_closed() => Market()
        .After(Early(Buy(Ann, "b1", 10, 100)), Early(Sell(Bob, "s1", 4, 100))).When(Sell(Bob, "s2", 6, 100, at: At(9, 30)))
        .ThenEvents(events => events.Select(e => e.GetType()).ShouldBe(
            [typeof(TradeExecuted), typeof(CallUncrossed), typeof(OrderAccepted), typeof(TradeExecuted)]));

    [Fact]
    public void Between_call_and_trading_no_order_is_taken_but_cancels_are()
    {
        var bid = Early(Buy(Ann, "b1", 10, 100));
        Market().After(bid).When(Buy(Ann, "b2", 1, 100, at: At(9, 27))).ThenRejected("outside-session");
        Market().After(bid).When(new CancelOrder(bid.OrderId, Ann, At(9, 27)))
            .ThenState(market => market.BookOf(Plain).Count.ShouldBe(0));
    }

    [Fact]
    public void What_is_about_trading_at_once_has_no_place_in_a_call()
    {
        Market().When(Early(Buy(Ann, "b1", 1, 100, life: TimeInForce.Ioc))).ThenRejected("not-in-call");
        Market().When(Early(Buy(Ann, "b1", 1, 100, life: TimeInForce.Fok))).ThenRejected("not-in-call");
        Market().When(Early(Buy(Ann, "b1", 1, 100).With(minimum: 1))).ThenRejected("not-in-call");
        Market().When(Early(Buy(Ann, "b1", 1, 100).With(postOnly: true))).ThenRejected("not-in-call");
        Market().When(Early(Buy(Ann, "b1", 1, 100) with { Price = null })).ThenRejected("not-in-call");
    }

    [Fact]
    public void A_replacement_in_a_call_gathers_too()
    {
        var (bid, offer) = (Early(Buy(Ann, "b1", 10, 90)), Early(Sell(Bob, "s1", 10, 95)));
        Market().After(bid, offer).When(new ReplaceOrder(bid.OrderId, Ann, Quantity.Of(10), Price.OfMinor(100), InCall))
            .Then(new OrderReplaced(bid.OrderId, Ann, Quantity.Of(10), Price.OfMinor(100), InCall));
    }

    [Fact]
    public void The_closing_call_takes_what_the_day_left_and_ends_before_the_day_does()
    {
        var (bid, offer) = (Buy(Ann, "b1", 10, 100), Sell(Bob, "s1", 4, 98, at: Late));
        Market().After(bid, offer).When(new AdvanceTime(At(15, 0))).ThenEvents(events =>
        {
            events.Select(e => e.GetType()).ShouldBe(
                [typeof(TradeExecuted), typeof(CallUncrossed), typeof(OrderLapsed), typeof(TradingDayClosed)]);
            events.OfType<TradingDayClosed>().Single().Closes.Single().ShouldBe(new InstrumentClose(Plain, Price.OfMinor(100), 4));
        });
    }

    [Fact]
    public void The_closing_call_stays_nearest_the_days_last_price() => Market()
        .After(Buy(Ann, "b0", 1, 101), Sell(Bob, "s0", 1, 101), Buy(Ann, "b1", 10, 110, at: Late), Sell(Bob, "s1", 10, 90, at: Late))
        .When(new AdvanceTime(At(15, 0)))
        .ThenEvents(events => events.OfType<CallUncrossed>().Single().Price.ShouldBe(Price.OfMinor(101)));

    [Theory]
    [InlineData(SelfTradePrevention.CancelIncoming)]
    [InlineData(SelfTradePrevention.CancelResting)]
    [InlineData(SelfTradePrevention.ReduceBoth)]
    public void Nobody_meets_itself_in_a_call(SelfTradePrevention rule)
    {
        var (own, offer, others) = (Early(Buy(Ann, "b1", 6, 110)), Early(Sell(Ann, "s1", 4, 90)), Early(Sell(Bob, "s2", 2, 95)));
        Market(rule).After(own, offer, others).When(new AdvanceTime(CallCloses)).ThenEvents(events =>
        {
            events.OfType<TradeExecuted>().ShouldAllBe(trade => trade.BuyerParticipantId != trade.SellerParticipantId);
            (events.OfType<TradeExecuted>().Sum(trade => trade.Quantity.Value), events.OfType<OrderReduced>().Count(), events.OfType<OrderCancelled>().Count())
                .ShouldBe(rule switch
                {
                    SelfTradePrevention.CancelIncoming => (2, 0, 1), // the offer goes, as the later
                    SelfTradePrevention.CancelResting => (0, 0, 1), // the bid goes, and Bob meets nobody
                    _ => (2, 1, 1), // the offer goes, and the bid with four of its six
                });
        });
    }

    private static PlaceOrder Early(PlaceOrder order) => order with { At = InCall };

    private static Spec<MarketState, MarketCommand, MarketEvent>.Facts Market(SelfTradePrevention rule = default)
    {
        var model = new MarketModel(
        [
            Pack with
            {
                Instruments = [Pack.Instrument(Plain)! with { SelfTrade = rule, BasePriceMinor = 100 }],
                Trading = Pack.Trading with
                {
                    Sessions =
                    [
                        new Session(Session.Call, new TimeOnly(9, 15), new TimeOnly(9, 25)) { Purpose = CallPurpose.Open },
                        new Session(Session.Continuous, new TimeOnly(9, 30), new TimeOnly(14, 57)),
                        new Session(Session.Call, new TimeOnly(14, 57), new TimeOnly(15, 0)) { Purpose = CallPurpose.Close },
                    ],
                },
            },
        ]);
        return new Spec<MarketState, MarketCommand, MarketEvent>(model.Initial, model.Decide, model.Evolve).WhereTheJournalAnswersRepeats()
            .Given(Cash(Ann, 10_000), Cash(Cem, 10_000), Units(Ann, 20), Units(Bob, 20),
                new TradingDayOpened(Monday, EndOfMonday, At(9, 16)) { Calls = [new PendingCall(Plain, CallCloses), new PendingCall(Plain, EndOfMonday)] });
    }

    private static TradeExecuted Trade(long sequence, PlaceOrder buy, PlaceOrder sell, long quantity, long price) => new(
        sequence, DeterministicGuid.From(buy.OrderId, "trade", sequence), Plain, buy.OrderId, sell.OrderId, buy.ParticipantId,
        sell.ParticipantId, Quantity.Of(quantity), Price.OfMinor(price), TradeMode.Call, Monday, CallCloses);
}
