using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;

namespace CarbonMarket.Trading.MarketData;

/// <summary>What a consumer of market data (行情) may follow of an instrument.</summary>
public enum MarketDataChannel
{
    /// <summary>The book order by order (逐笔委托).</summary>
    Orders,

    /// <summary>The book by price (盘口).</summary>
    Depth,

    /// <summary>Trades one by one (逐笔成交).</summary>
    Trades,

    /// <summary>The day in one line: last, open, high, low, close.</summary>
    Ticker,

    /// <summary>Open, high, low and close of stretches of time (K线).</summary>
    Bars,

    /// <summary>Auctions: what is announced, how they ended, and where a call stands.</summary>
    Auctions,

    /// <summary>Whether the instrument trades in its sessions, or a control stands in the way (停牌、临时停市).</summary>
    Status,

    /// <summary>Fixed-price sales (定价出让): announced, bought from, closed.</summary>
    Sales,
}

/// <summary>
/// One step of one channel of one instrument, or where the channel stands. Exactly one of the lists is there: the
/// channel's. A snapshot replaces all that was known, an increment changes it, and both are read the same way.
/// </summary>
/// <param name="Sequence">
/// Counts the increments of this instrument and channel from 1 without gaps, for the market's whole life. A snapshot
/// carries the sequence of the last increment it contains; 0: there has been none.
/// </param>
/// <param name="Version">Of the market's journal: everything up to it is contained.</param>
/// <param name="At">Legal time of the fact; of a snapshot, of the newest it contains. Null before the first.</param>
public sealed record MarketDataMessage(
    string Instrument, MarketDataChannel Channel, long Sequence, bool IsSnapshot, long Version, DateTimeOffset? At)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<OrderChange>? Orders { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<LevelChange>? Depth { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<PublicTrade>? Trades { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Ticker? Ticker { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<Bar>? Bars { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<AuctionNotice>? Auctions { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TradingStatus? Status { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<SaleNotice>? Sales { get; init; }

    /// <summary>
    /// Of a snapshot that is too large for one message, from 1: the first replaces what was known, the others add to it.
    /// Null: it is whole.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Part { get; init; }

    /// <summary>How many parts there are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Parts { get; init; }

    /// <summary>Of the two channels that grow with the book.</summary>
    [JsonIgnore]
    public int Entries => (Orders?.Length ?? 0) + (Depth?.Length ?? 0);
}

public enum OrderChangeKind
{
    /// <summary>Stands behind all others of its price; where it stood before, it stands no more.</summary>
    Placed,

    /// <summary>Is for less and keeps its place.</summary>
    Reduced,

    /// <summary>Is out of the book.</summary>
    Removed,
}

/// <param name="Number">The order's public name: counts the market's orders from 1. Whose it is, and its id, is not told.</param>
/// <param name="Remaining">What is left of it; 0 when it is removed.</param>
public sealed record OrderChange(OrderChangeKind Kind, long Number, Side Side, Price PriceMinor, Quantity Remaining);

/// <summary>All that stands at a price now. No orders: the price is gone.</summary>
public sealed record LevelChange(Side Side, Price PriceMinor, Quantity Quantity, int Orders);

/// <param name="TradeSequence">Counts the trades of the market, all instruments together.</param>
/// <param name="Aggressor">The side that came and took; null where nobody did: auctions, blocks.</param>
/// <param name="RestingOrder">Number of the order that stood; null where none did.</param>
public sealed record PublicTrade(
    long TradeSequence, Guid TradeId, Price PriceMinor, Quantity Quantity, TradeMode Mode, Side? Aggressor, long? RestingOrder,
    DateOnly TradingDay, DateTimeOffset ExecutedAt);

public enum AuctionNoticeKind
{
    Announced,

    /// <summary>Put off; all else stands.</summary>
    Rescheduled,
    Closed,

    /// <summary>Where a call (集合竞价) stands: the price and quantity it would find if it closed now.</summary>
    Indication,

    /// <summary>A call has closed; its trades, if there were any, are told as such.</summary>
    Uncrossed,
}

/// <param name="AuctionId">Null of a call.</param>
/// <param name="Quantity">On sale; of a call, what would trade or has traded.</param>
/// <param name="PriceMinor">When announced the reserve, when closed the clearing price, of a call the price found; null: none.</param>
/// <param name="Sold">Null before the close.</param>
/// <param name="Surplus">Of a call: units bid at the price beyond those offered at it; below zero: the other way round.</param>
/// <param name="Purchase">The initiator buys and the lowest offers win.</param>
public sealed record AuctionNotice(
    AuctionNoticeKind Kind, Guid? AuctionId, Quantity Quantity, Price? PriceMinor, DateTimeOffset? OpensAt, DateTimeOffset? ClosesAt,
    Quantity? Sold = null, int? Bids = null, long? QuantityBid = null, long? Surplus = null, bool Purchase = false);

/// <summary>Whether an instrument trades, sessions aside: these are the clock's matter.</summary>
/// <param name="Stop">
/// The gravest control that keeps it from trading, its own or the market's: kill-switch, instrument-suspension or halt. Null: none.
/// </param>
/// <param name="Since">When that began.</param>
/// <param name="EndsAt">When it ends by itself; null: when somebody lifts it.</param>
public sealed record TradingStatus(ControlKind? Stop, DateTimeOffset? Since, DateTimeOffset? EndsAt)
{
    public static TradingStatus Trading { get; } = new(null, null, null);

    public static TradingStatus Of(ControlImposed? stop) => stop is null ? Trading : new(stop.Kind, stop.At, stop.EndsAt);
}

public enum SaleNoticeKind
{
    Announced,

    /// <summary>Somebody has bought; the trade is told as such, of mode fixed-price.</summary>
    Bought,
    Closed,
}

/// <param name="Quantity">On sale from the beginning.</param>
/// <param name="MostPerBuyer">Null: as many as there are.</param>
/// <param name="Sold">So far.</param>
/// <param name="Reason">Why it closed: sold-out, window-ended, withdrawn or frozen; null before.</param>
public sealed record SaleNotice(
    SaleNoticeKind Kind, Guid SaleId, Quantity Quantity, Price PriceMinor, DateTimeOffset OpensAt, DateTimeOffset ClosesAt,
    Quantity? MostPerBuyer, Quantity Sold, string? Reason = null);
