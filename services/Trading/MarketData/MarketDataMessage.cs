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
/// <param name="Instrument">The instrument or composite quote (综合行情), as the policy pack names it.</param>
/// <param name="Channel">Which of its channels; the list of that name is the one that is there.</param>
/// <param name="Sequence">
/// Counts the increments of this instrument and channel from 1 without gaps, for the market's whole life. A snapshot
/// carries the sequence of the last increment it contains; 0: there has been none.
/// </param>
/// <param name="IsSnapshot">True: it replaces all that was known of the channel. False: it changes it.</param>
/// <param name="Version">Of the market's journal: everything up to it is contained.</param>
/// <param name="At">Legal time of the fact; of a snapshot, of the newest it contains. Null before the first.</param>
public sealed record MarketDataMessage(
    string Instrument, MarketDataChannel Channel, long Sequence, bool IsSnapshot, long Version, DateTimeOffset? At)
{
    /// <summary>Changes of the book order by order; in a snapshot all that stand, buyers first, best price first, then time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<OrderChange>? Orders { get; init; }

    /// <summary>Changes of the book by price; in a snapshot every price, buyers first, best price first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<LevelChange>? Depth { get; init; }

    /// <summary>Trades that were made; in a snapshot the last 100, oldest first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<PublicTrade>? Trades { get; init; }

    /// <summary>The whole ticker as it stands, in an increment too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Ticker? Ticker { get; init; }

    /// <summary>Bars as they stand that have changed; in a snapshot the newest of each interval.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<Bar>? Bars { get; init; }

    /// <summary>What has happened to auctions and calls; in a snapshot the auctions that are not closed and where a call stands.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<AuctionNotice>? Auctions { get; init; }

    /// <summary>Whether the instrument trades, as it stands.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TradingStatus? Status { get; init; }

    /// <summary>What has happened to fixed-price sales; in a snapshot those that are not closed.</summary>
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

/// <param name="Kind">
/// placed: it stands behind all others of its price, and where it stood before no more; reduced: it is for less and keeps its place;
/// removed.
/// </param>
/// <param name="Number">The order's public name: counts the market's orders from 1. Whose it is, and its id, is not told.</param>
/// <param name="Side">buy or sell.</param>
/// <param name="PriceMinor">Its limit, in minor units of the currency per unit.</param>
/// <param name="Remaining">Units left of it; 0 when it is removed.</param>
public sealed record OrderChange(OrderChangeKind Kind, long Number, Side Side, Price PriceMinor, Quantity Remaining);

/// <summary>All that stands at a price now. No orders: the price is gone.</summary>
/// <param name="Side">buy or sell.</param>
/// <param name="PriceMinor">Minor units of the currency per unit.</param>
/// <param name="Quantity">Units that stand at it now, all orders together; 0: the price is gone.</param>
/// <param name="Orders">How many orders stand at it now; 0: the price is gone.</param>
public sealed record LevelChange(Side Side, Price PriceMinor, Quantity Quantity, int Orders);

/// <param name="TradeSequence">Counts the trades of the market, all instruments together.</param>
/// <param name="TradeId">Made by the market.</param>
/// <param name="PriceMinor">Minor units of the currency per unit, without fees.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Mode">continuous, call, auction, block or fixed-price.</param>
/// <param name="Aggressor">The side that came and took; null where nobody did: in calls and beside the book.</param>
/// <param name="RestingOrder">Number of the order that stood; null where none did.</param>
/// <param name="TradingDay">The legal day that it belongs to.</param>
/// <param name="ExecutedAt">Legal time.</param>
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

/// <param name="Kind">announced, rescheduled (put off) or closed, of an auction; indication or uncrossed, of a call (集合竞价).</param>
/// <param name="AuctionId">Made by whoever announced it; null of a call.</param>
/// <param name="Quantity">Units on sale, in a purchase asked for; of a call, what would trade or has traded.</param>
/// <param name="PriceMinor">
/// In minor units of the currency per unit: until closed the reserve, when closed the clearing price, of a call the price found; null:
/// none.
/// </param>
/// <param name="OpensAt">Legal time from which bids are taken; null of a call.</param>
/// <param name="ClosesAt">Legal time at which no bid is taken any more; of a call, when it was uncrossed, and null before that.</param>
/// <param name="Sold">Units that changed hands; null before the close, and of a call.</param>
/// <param name="Bids">How many bids stood; null before the close, for bids are sealed, and of a call.</param>
/// <param name="QuantityBid">Units of those bids, winners and losers; null before the close, and of a call.</param>
/// <param name="Surplus">Of a call: units bid at the price beyond those offered at it; below zero: the other way round.</param>
/// <param name="Purchase">The initiator buys and the lowest offers win.</param>
public sealed record AuctionNotice(
    AuctionNoticeKind Kind, Guid? AuctionId, Quantity Quantity, Price? PriceMinor, DateTimeOffset? OpensAt, DateTimeOffset? ClosesAt,
    Quantity? Sold = null, int? Bids = null, long? QuantityBid = null, long? Surplus = null, bool Purchase = false);

/// <summary>Whether an instrument trades, sessions aside: these are the clock's matter.</summary>
/// <param name="Stop">
/// The gravest control that keeps it from trading, its own or the market's: kill-switch, instrument-suspension or halt. Null: none.
/// </param>
/// <param name="Since">Legal time at which that began; null: nothing keeps it from trading.</param>
/// <param name="EndsAt">Legal time at which it ends by itself; null: when somebody lifts it, or nothing keeps it from trading.</param>
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

/// <param name="Kind">announced, bought or closed.</param>
/// <param name="SaleId">Made by the official who announced it.</param>
/// <param name="Quantity">Units on sale from the beginning.</param>
/// <param name="PriceMinor">What every buyer pays, in minor units of the currency per unit, without its fee.</param>
/// <param name="OpensAt">Legal time from which purchases are taken.</param>
/// <param name="ClosesAt">Legal time at which none is taken any more, as announced.</param>
/// <param name="MostPerBuyer">Units one buyer may buy in all; null: as many as there are.</param>
/// <param name="Sold">Units bought so far.</param>
/// <param name="Reason">Why it closed: sold-out, window-ended, withdrawn or frozen; null before.</param>
public sealed record SaleNotice(
    SaleNoticeKind Kind, Guid SaleId, Quantity Quantity, Price PriceMinor, DateTimeOffset OpensAt, DateTimeOffset ClosesAt,
    Quantity? MostPerBuyer, Quantity Sold, string? Reason = null);
