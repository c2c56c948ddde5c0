using System.Collections.Immutable;
using System.Text.Json;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.MarketData;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.Controls.AControl;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.MarketData;

/// <summary>What each fact looks like to everybody.</summary>
public sealed class MarketDataSpecs
{
    private readonly TheJournal _journal;
    private readonly MarketDataFold _fold = new([Pack]);

    public MarketDataSpecs()
    {
        _journal = TheJournal.Begun(out var beginning);
        foreach (var command in beginning)
            _fold.Evolve(command);
    }

    [Fact]
    public void An_order_that_rests_is_told_by_its_number_and_by_its_price()
    {
        var told = Do(Sell(Bob, "offer", 30, 100));
        told[MarketDataChannel.Orders].Orders!.Value.ShouldBe([new OrderChange(OrderChangeKind.Placed, 1, Side.Sell, At(100), Quantity.Of(30))]);
        told[MarketDataChannel.Depth].Depth!.Value.ShouldBe([new LevelChange(Side.Sell, At(100), Quantity.Of(30), 1)]);
        told.ShouldNotContainKey(MarketDataChannel.Trades);
    }

    [Fact]
    public void An_order_that_comes_and_takes_is_told_with_its_trades_and_with_what_is_left_of_it()
    {
        Do(Sell(Bob, "offer", 30, 100));
        var told = Do(Buy(Ann, "bid", 50, 101));
        told[MarketDataChannel.Trades].Trades!.Value.ShouldHaveSingleItem().ShouldBe(new PublicTrade(
            1, Trade.IdOf(Id("bid"), 1), At(100), Quantity.Of(30), TradeMode.Continuous, Side.Buy, RestingOrder: 1, Monday, Morning));
        told[MarketDataChannel.Orders].Orders!.Value.ShouldBe(
        [
            new OrderChange(OrderChangeKind.Removed, 1, Side.Sell, At(100), Quantity.Zero),
            new OrderChange(OrderChangeKind.Placed, 2, Side.Buy, At(101), Quantity.Of(20)),
        ]);
        told[MarketDataChannel.Depth].Depth!.Value.ShouldBe(
            [new LevelChange(Side.Buy, At(101), Quantity.Of(20), 1), new LevelChange(Side.Sell, At(100), Quantity.Zero, 0)]);
    }

    [Fact]
    public void An_order_that_never_rests_is_seen_by_what_it_takes_alone()
    {
        Do(Sell(Bob, "offer", 30, 100));
        var told = Do(Buy(Ann, "bid", 50, 100, life: TimeInForce.Ioc));
        told[MarketDataChannel.Orders].Orders!.Value.ShouldHaveSingleItem().Kind.ShouldBe(OrderChangeKind.Removed);
        told[MarketDataChannel.Trades].Trades!.Value.ShouldHaveSingleItem().Quantity.Value.ShouldBe(30);
        Do(Buy(Ann, "nobody there", 50, 100, life: TimeInForce.Ioc)).ShouldBeEmpty();
    }

    [Fact]
    public void A_smaller_order_keeps_its_place_and_a_larger_one_is_placed_again()
    {
        Do(Sell(Bob, "offer", 30, 100));
        Do(Sell(Bob, "another", 30, 100));
        Do(new ReplaceOrder(Id("offer"), Bob, Quantity.Of(20), At(100), Morning))[MarketDataChannel.Orders].Orders!.Value
            .ShouldHaveSingleItem().ShouldBe(new OrderChange(OrderChangeKind.Reduced, 1, Side.Sell, At(100), Quantity.Of(20)));
        Do(new ReplaceOrder(Id("offer"), Bob, Quantity.Of(40), At(100), Morning))[MarketDataChannel.Orders].Orders!.Value
            .ShouldHaveSingleItem().ShouldBe(new OrderChange(OrderChangeKind.Placed, 1, Side.Sell, At(100), Quantity.Of(40)));
        _fold.Snapshot(Pack.Instrument(Plain)!, MarketDataChannel.Orders).Orders!.Value.Select(order => order.Number).ShouldBe([2, 1]);
    }

    [Fact]
    public void A_day_is_told_from_its_open_to_its_official_close()
    {
        Do(Sell(Bob, "o1", 10, 7_500, Ruled), Ruled)[MarketDataChannel.Ticker].Ticker!
            .ShouldBe(Ticker.Of(Pack.Instrument(Ruled)!, null, Monday), "The first order opens the day, within the band of the base price.");
        Do(Buy(Ann, "b1", 10, 7_500, Ruled), Ruled);
        Do(Sell(Bob, "o2", 30, 7_400, Ruled), Ruled);
        var ticker = Do(Buy(Ann, "b2", 30, 7_400, Ruled), Ruled)[MarketDataChannel.Ticker].Ticker!;
        (ticker.OpenMinor, ticker.HighMinor, ticker.LowMinor, ticker.LastMinor, ticker.CloseMinor).ShouldBe((At(7_500), At(7_500), At(7_400), At(7_400), null));
        (ticker.Volume, ticker.TurnoverMinor, ticker.Trades, ticker.ChangeMinor, ticker.ChangeBasisPoints)
            .ShouldBe((40, (10 * 7_500) + (30 * 7_400), 2, -60, -80));

        var closed = Do(new AdvanceTime(EndOfMonday), Ruled)[MarketDataChannel.Ticker].Ticker!;
        (closed.DayOpen, closed.CloseMinor, closed.ChangeMinor, closed.Volume).ShouldBe((false, At(7_425), -35, 40));
        var next = Do(Sell(Bob, "o3", 10, 7_400, Ruled, at: At(10, 0, daysLater: 1)), Ruled)[MarketDataChannel.Ticker].Ticker!;
        (next.TradingDay, next.ReferenceMinor, next.LastMinor, next.Volume, next.LowestPriceMinor).ShouldBe((Monday.AddDays(1), At(7_425), null, 0, 6_685));
    }

    [Fact]
    public void A_day_without_a_trade_opens_and_closes_at_the_close_before()
    {
        Do(Sell(Bob, "o1", 10, 7_500, Ruled), Ruled);
        var closed = Do(new AdvanceTime(EndOfMonday), Ruled)[MarketDataChannel.Ticker].Ticker!;
        (closed.OpenMinor, closed.CloseMinor, closed.LastMinor, closed.ChangeBasisPoints).ShouldBe((At(7_460), At(7_460), null, 0));
    }

    [Fact]
    public void Bars_stand_for_stretches_of_legal_time_and_know_trades_in_the_book_alone()
    {
        Meet("1", 10, 100, At(9, 59));
        var second = Meet("2", 5, 102, At(10, 0));
        var third = Meet("3", 5, 99, At(10, 0).AddSeconds(59));
        second[MarketDataChannel.Bars].Bars!.Value.Select(bar => (bar.Interval, bar.StartsAt, bar.Volume)).ShouldBe(
        [
            (BarInterval.Minute, At(10, 0), 5), (BarInterval.FiveMinutes, At(10, 0), 5), (BarInterval.Hour, At(10, 0), 5), (BarInterval.Day, At(0, 0), 15),
        ]);
        third[MarketDataChannel.Bars].Bars!.Value[0].ShouldBe(new Bar(
            BarInterval.Minute, At(10, 0), At(102), At(102), At(99), At(99), 10, (5 * 102) + (5 * 99), 2));
        third[MarketDataChannel.Bars].Bars!.Value[3].OpenMinor.ShouldBe(At(100));
    }

    [Fact]
    public void Only_who_is_concerned_is_told_and_each_channel_counts_for_itself()
    {
        Do(Sell(Bob, "offer", 30, 100));
        Do(Buy(Ann, "bid", 30, 100), Ruled).ShouldBeEmpty("Another instrument's trade is none of this one's.");
        Channels(Plain).ShouldBe([2, 2, 1, 2, 1, 0, 0, 0]);
        Channels(Ruled).ShouldBe([0, 0, 0, 1, 0, 0, 0, 0], "The day has opened, no more.");
    }

    [Fact]
    public void What_keeps_an_instrument_from_trading_is_told_the_gravest_first_until_it_trades_again()
    {
        var halt = Impose(ControlKind.Halt, endsAt: At(11, 0), id: "halt");
        Do(halt)[MarketDataChannel.Status].Status.ShouldBe(new TradingStatus(ControlKind.Halt, Morning, At(11, 0)));
        StatusOf(Ruled).ShouldBe(new TradingStatus(ControlKind.Halt, Morning, At(11, 0)), "The whole market is halted.");
        Do(Impose(ControlKind.InstrumentSuspension, instrument: Plain))[MarketDataChannel.Status].Status!.Stop.ShouldBe(ControlKind.InstrumentSuspension);
        Do(Kill(Ann, id: "kill")).ShouldNotContainKey(MarketDataChannel.Status, "Who may not trade is nobody else's business.");
        Do(new AdvanceTime(At(11, 0))).ShouldNotContainKey(MarketDataChannel.Status, "It is suspended still.");
        var restored = MarketDataFold.Load([Pack], JsonSerializer.Deserialize<MarketDataState>(JsonSerializer.Serialize(_fold.Save()))!);
        restored.Snapshot(Pack.Instrument(Plain)!, MarketDataChannel.Status).Status!.Stop.ShouldBe(ControlKind.InstrumentSuspension);
        StatusOf(Ruled).ShouldBe(TradingStatus.Trading);
        Do(Lift(Operator, at: At(11, 0)))[MarketDataChannel.Status].Status.ShouldBe(TradingStatus.Trading);
    }

    [Fact]
    public void A_fixed_price_sale_is_told_from_its_announcement_to_its_end()
    {
        Do(new AnnounceSale(Id("sale"), Plain, Cem, Quantity.Of(50), At(60), At(9, 30), At(11, 0), Quantity.Of(40), At(9, 0)))[MarketDataChannel.Sales]
            .Sales!.Value.ShouldBe([Sale(SaleNoticeKind.Announced, 0)]);
        var bought = Do(new BuyFromSale(Id("first"), Id("sale"), Ann, Quantity.Of(40), Morning));
        bought[MarketDataChannel.Sales].Sales!.Value.ShouldBe([Sale(SaleNoticeKind.Bought, 40)]);
        bought[MarketDataChannel.Trades].Trades!.Value.ShouldHaveSingleItem().Mode.ShouldBe(TradeMode.FixedPrice);
        _fold.Snapshot(Pack.Instrument(Plain)!, MarketDataChannel.Sales).Sales!.Value.ShouldBe([Sale(SaleNoticeKind.Bought, 40)]);
        Do(new BuyFromSale(Id("second"), Id("sale"), Bob, Quantity.Of(10), Morning))[MarketDataChannel.Sales].Sales!.Value
            .ShouldBe([Sale(SaleNoticeKind.Bought, 50), Sale(SaleNoticeKind.Closed, 50) with { Reason = "sold-out" }]);
        _fold.Snapshot(Pack.Instrument(Plain)!, MarketDataChannel.Sales).Sales!.Value.ShouldBeEmpty();
    }

    [Fact]
    public void An_order_with_the_id_of_a_sale_takes_no_part_in_what_is_sold()
    {
        Do(new AnnounceSale(Id("sale"), Plain, Cem, Quantity.Of(50), At(60), At(9, 30), At(11, 0), null, At(9, 0)));
        Do(Buy(Bob, "sale", 1, 50));
        Do(new BuyFromSale(Id("first"), Id("sale"), Ann, Quantity.Of(5), Morning))[MarketDataChannel.Trades].Trades!.Value
            .ShouldHaveSingleItem().Aggressor.ShouldBeNull();
        _fold.Snapshot(Pack.Instrument(Plain)!, MarketDataChannel.Depth).Depth!.Value.ShouldBe([new LevelChange(Side.Buy, At(50), Quantity.Of(1), 1)]);
        Do(new CancelOrder(Id("sale"), Bob, Morning))[MarketDataChannel.Depth].Depth!.Value
            .ShouldBe([new LevelChange(Side.Buy, At(50), Quantity.Zero, 0)]);
    }

    [Fact]
    public void A_call_is_told_where_it_stands_until_it_is_uncrossed()
    {
        var calls = new Calls();
        calls.Do(Buy(Ann, "b1", 10, 105, at: At(9, 20))).ShouldBe([Call(AuctionNoticeKind.Indication, 0, null, 0)]);
        calls.Do(Sell(Bob, "s1", 4, 95, at: At(9, 20))).ShouldBe([Call(AuctionNoticeKind.Indication, 4, 95, 6)]);
        calls.Do(Sell(Bob, "s2", 5, 200, at: At(9, 20))).ShouldBeEmpty("It would trade nothing.");
        calls.Snapshot(MarketDataChannel.Auctions).Auctions!.Value.ShouldBe([Call(AuctionNoticeKind.Indication, 4, 95, 6)]);
        calls.Do(new AdvanceTime(At(9, 25))).ShouldBe([Call(AuctionNoticeKind.Uncrossed, 4, 95, 6) with { ClosesAt = At(9, 25) }]);
        calls.Snapshot(MarketDataChannel.Auctions).Auctions!.Value.ShouldBeEmpty();
        calls.Snapshot(MarketDataChannel.Ticker).Ticker!.OpenMinor.ShouldBe(At(95), "A call's price is the day's open.");
    }

    /// <summary>Orders that a halt kept from being matched in the closing call stand crossed until the next call opens the day.</summary>
    [Fact]
    public void Before_the_day_has_opened_a_call_stays_nearest_the_official_close_and_not_the_last_trade()
    {
        var calls = new Calls();
        Trade("most", 10, 100);
        Trade("last", 1, 110);
        foreach (var order in new[] { Buy(Ann, "b1", 5, 120, at: At(14, 57)), Sell(Bob, "s1", 5, 90, at: At(14, 57)), Sell(Bob, "s2", 1, 200, at: At(14, 57)) })
            calls.Do((order with { TimeInForce = TimeInForce.Gtd }).With(goodTill: Monday.AddDays(1)));
        calls.Do(Impose(ControlKind.Halt) with { EndsAt = At(16, 0), At = At(14, 58) });
        calls.Do(new AdvanceTime(At(9, 15, daysLater: 1)));
        calls.Do(new CancelOrder(Id("s2"), Bob, At(9, 16, daysLater: 1))).ShouldBe([Call(AuctionNoticeKind.Indication, 5, 101, 0)]);
        calls.Latest.ShouldBe(At(101));

        void Trade(string name, long quantity, long price)
        {
            calls.Do(Sell(Bob, "offer " + name, quantity, price, at: At(14, 0)));
            calls.Do(Buy(Ann, "bid " + name, quantity, price, at: At(14, 0)));
        }
    }

    /// <summary>A market that opens and closes with a call, and what of its calls is told.</summary>
    private sealed class Calls
    {
        private readonly MarketModel _model;
        private readonly MarketDataFold _fold;
        private MarketState _market;
        private long _version;

        public Calls()
        {
            (_model, _fold) = (new MarketModel([CallsAtBothEnds]), new MarketDataFold([CallsAtBothEnds]));
            _market = new MarketEvent[] { Cash(Ann, 1_000_000), Units(Bob, 1_000) }.Aggregate(_model.Initial(), _model.Evolve);
        }

        /// <summary>What a call that would be uncrossed now is measured from, by the market itself.</summary>
        public Price? Latest => _market.LatestPrice(CallsAtBothEnds.Instrument(Plain)!);

        public MarketDataMessage Snapshot(MarketDataChannel channel) => _fold.Snapshot(CallsAtBothEnds.Instrument(Plain)!, channel);

        public ImmutableArray<AuctionNotice> Do(MarketCommand command)
        {
            var events = _model.Decide(_market, command).ShouldBeOfType<Decision<MarketEvent>.Accepted>().Events;
            _market = events.Aggregate(_market, _model.Evolve);
            var committed = new CommittedCommand(Guid.Empty, _version + 1, [.. events]);
            _version = committed.LastVersion;
            return [.. _fold.Evolve(committed).Where(message => message.Instrument == Plain).SelectMany(message => message.Auctions ?? [])];
        }
    }

    private TradingStatus? StatusOf(string instrument) => _fold.Snapshot(Pack.Instrument(instrument)!, MarketDataChannel.Status).Status;

    private static SaleNotice Sale(SaleNoticeKind kind, long sold) =>
        new(kind, Id("sale"), Quantity.Of(50), At(60), At(9, 30), At(11, 0), Quantity.Of(40), Quantity.Of(sold));

    private static AuctionNotice Call(AuctionNoticeKind kind, long quantity, long? price, long surplus) =>
        new(kind, null, Quantity.Of(quantity), price is { } minor ? At(minor) : null, null, null, Surplus: surplus);

    private IEnumerable<long> Channels(string instrument) =>
        Enum.GetValues<MarketDataChannel>().Select(channel => _fold.Snapshot(Pack.Instrument(instrument)!, channel).Sequence);

    private ImmutableDictionary<MarketDataChannel, MarketDataMessage> Meet(string name, long quantity, long price, DateTimeOffset at)
    {
        Do(Sell(Bob, "offer " + name, quantity, price, at: at));
        return Do(Buy(Ann, "bid " + name, quantity, price, at: at));
    }

    private ImmutableDictionary<MarketDataChannel, MarketDataMessage> Do(MarketCommand command, string instrument = Plain) =>
        _fold.Evolve(_journal.Do(command)).Where(message => message.Instrument == instrument).ToImmutableDictionary(message => message.Channel);

    private static Price At(long minor) => Price.OfMinor(minor);

    private static DateTimeOffset At(int hour, int minute, int daysLater = 0) => TheMarket.At(hour, minute, daysLater);
}
