using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.CallAuctions;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.TradingDays;

/// <summary>Legal time has come this far: whatever was due by then happens. Sent by the follower of the market clock.</summary>
public sealed record AdvanceTime(DateTimeOffset At) : MarketCommand(At);

/// <summary>The day's first order (or auction sale) opens it.</summary>
/// <param name="EndsAt">When its last session closes, by the rules of the day it opened.</param>
public sealed record TradingDayOpened(DateOnly Day, DateTimeOffset EndsAt, DateTimeOffset At) : MarketEvent(At)
{
    /// <summary>The call auctions still to come that day, by the rules of the day; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<PendingCall>? Calls { get; init; }
}

/// <summary>The day is over, its orders have lapsed, its trades may be cleared.</summary>
/// <param name="LastTradeSequence">Of the market so far; 0 if there never was a trade.</param>
public sealed record TradingDayClosed(
    DateOnly Day, long LastTradeSequence, ImmutableArray<InstrumentClose> Closes, DateTimeOffset At) : MarketEvent(At);

/// <param name="Price">Closing price (收盘价); null while the instrument has neither a trade nor a base price.</param>
/// <param name="Volume">Units traded that day, in all modes.</param>
public sealed record InstrumentClose(string Instrument, Price? Price, long Volume);

/// <summary>How a trading day begins and ends, and what legal time makes due.</summary>
public static class TradingDay
{
    public static TradingDayOpened Open(PolicyPack pack, DateTimeOffset at)
    {
        var day = pack.LegalDay(at);
        var calls = from instrument in pack.Instruments
                    from call in pack.CallsOf(day, instrument)
                    where call.ClosesAt > at
                    select new PendingCall(instrument.Id, call.ClosesAt);
        ImmutableArray<PendingCall> toCome = [.. calls];
        return new TradingDayOpened(day, pack.EndOfTrading(day), at) { Calls = toCome.IsEmpty ? null : toCome };
    }

    /// <summary>Whether a moment lies on a trading day and not after it ends.</summary>
    public static bool Has(PolicyPack pack, DateTimeOffset moment) =>
        pack.LegalDay(moment) is var day && pack.IsTradingDay(day) && moment <= pack.EndOfTrading(day);

    /// <summary>
    /// What happens by itself at the market's next due moment: a halt ends, a call, an auction or a sale closes, offers of blocks
    /// expire, orders' last day is over, or the open day ends. What closes as the day ends still belongs to the day, so it goes first.
    /// </summary>
    public static ImmutableArray<MarketEvent> Due(PolicyPack pack, MarketState market, DateTimeOffset due)
    {
        if (market.Controls.NextEnd <= due)
            return Controlling.End(pack, market, due);
        if (market.NextCall is { } call && call.ClosesAt == due)
            return CallAuction.Close(pack, market, call);
        if (market.Blocks.NextDue == due)
            return Negotiating.Expire(market, due);
        if (market.Sales.NextDue == due)
            return FixedPriceSelling.Close(market, due);
        if (market.NextLapse == due)
            return Lapse(market, due);
        var auction = market.OpenAuctions.Values.OrderBy(open => open.ClosesAt).ThenBy(open => open.AuctionId).FirstOrDefault();
        return auction is not null && auction.ClosesAt == due
            ? AuctionEnding.Close(pack, market, auction)
            : Close(pack, market);
    }

    public static void Evolve(MarketState market, TradingDayOpened opened) => market.BeginDay(opened.Day, opened.EndsAt, opened.Calls ?? []);

    public static void Evolve(MarketState market, TradingDayClosed closed)
    {
        foreach (var close in closed.Closes)
            market.InstrumentOf(close.Instrument).EndDay(close.Price);
        market.EndDay();
    }

    /// <summary>
    /// Most orders end with a trading day; these were good till a day without trading, or till one that nobody opened.
    /// </summary>
    private static ImmutableArray<MarketEvent> Lapse(MarketState market, DateTimeOffset due) =>
    [
        .. market.Orders.Values.Where(order => order.Status == OrderStatus.Open && order.Until <= due).OrderBy(order => order.Number)
            .Select(order => new OrderLapsed(order.OrderId, order.ParticipantId, order.Remaining, due)),
    ];

    private static ImmutableArray<MarketEvent> Close(PolicyPack pack, MarketState market)
    {
        var (day, at) = (market.OpenDay!.Value, market.DayEndsAt!.Value);
        ImmutableArray<InstrumentClose> closes = [.. pack.Instruments.Select(rules => CloseOf(market, rules))];
        var open = market.Orders.Values.Where(order => order.Status == OrderStatus.Open).OrderBy(order => order.Number);
        return
        [
            .. open.Select(order => EndOf(pack, order, day, closes, at)).OfType<MarketEvent>(),
            new TradingDayClosed(day, market.LastTradeSequence, closes, at),
        ];
    }

    /// <summary>How an open order ends with the day; null: it is good for another, and the band the close sets leaves it in.</summary>
    private static MarketEvent? EndOf(PolicyPack pack, Order order, DateOnly day, ImmutableArray<InstrumentClose> closes, DateTimeOffset at)
    {
        if (order.Conditions?.GoodTill is not { } last || last <= day || pack.Instrument(order.Instrument) is not { } rules)
            return new OrderLapsed(order.OrderId, order.ParticipantId, order.Remaining, at);
        return PriceBand.Of(rules, closes.First(close => close.Instrument == rules.Id).Price) is { } band && !band.Contains(order.Price)
            ? OrderEnding.Cancelled(order, CancelReason.OutsideBand, at)
            : null;
    }

    private static InstrumentClose CloseOf(MarketState market, Instrument rules)
    {
        market.Instruments.TryGetValue(rules.Id, out var traded);
        return new InstrumentClose(
            rules.Id, traded?.MeanPrice(rules.TickMinor) ?? market.ReferencePrice(rules), traded?.Volume ?? 0);
    }
}
