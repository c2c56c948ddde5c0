using CarbonMarket.Kernel;

namespace CarbonMarket.Trading.Orders;

public enum Side
{
    Buy,
    Sell,
}

public enum TimeInForce
{
    /// <summary>Rests until filled, cancelled, or the trading day ends (当日有效).</summary>
    Day,

    /// <summary>Immediate or cancel: what does not trade at once is cancelled.</summary>
    Ioc,

    /// <summary>Good till date: rests over the days up to a legal day, that one included.</summary>
    Gtd,

    /// <summary>Fill or kill: trades at once and whole, or not at all.</summary>
    Fok,
}

public enum OrderStatus
{
    Open,
    Filled,
    Cancelled,

    /// <summary>The trading day (or the last of its days) ended first.</summary>
    Lapsed,
}

/// <summary>What an order says beyond side, quantity and price; none of it is the rule.</summary>
/// <param name="GoodTill">Last legal day of a <see cref="TimeInForce.Gtd"/> order.</param>
/// <param name="Minimum">What must trade at once, or nothing does and the order is cancelled; null: no matter.</param>
/// <param name="PostOnly">Only adds to the book: refused where it would trade at once.</param>
/// <param name="Session">The order-entry session with whose end the order is cancelled; null: none.</param>
/// <param name="MarketToLimit">Came without a price and took the best one of the other side as its limit.</param>
public sealed record OrderConditions(
    DateOnly? GoodTill = null, Quantity? Minimum = null, bool PostOnly = false, bool MarketToLimit = false,
    Guid? Session = null)
{
    public static OrderConditions None { get; } = new();
}

/// <summary>One order that is open, or was accepted on the open trading day.</summary>
public sealed class Order
{
    /// <summary>Counts the market's orders from 1 without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>Its place in time priority among the orders of its price; a later one after a change that costs it its place.</summary>
    public required long Priority { get; set; }

    public required Guid OrderId { get; init; }

    public required Guid ParticipantId { get; init; }

    public required string Instrument { get; init; }

    public required Side Side { get; init; }

    public required Price Price { get; set; }

    public required Quantity Quantity { get; set; }

    /// <summary>As it was first asked for: by this a repeat is known, whatever has been changed since.</summary>
    public required Quantity OriginalQuantity { get; init; }

    public required Price OriginalPrice { get; init; }

    public required TimeInForce TimeInForce { get; init; }

    public OrderConditions? Conditions { get; init; }

    /// <inheritdoc cref="OrderAccepted.Until"/>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The subject that placed it; null: none was known.</summary>
    public string? Representative { get; init; }

    /// <inheritdoc cref="OrderAccepted.FeeBasisPoints"/>
    public BasisPoints FeeBasisPoints { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public Quantity Filled { get; set; }

    public OrderStatus Status { get; set; }

    /// <summary>Why it was cancelled, one of <see cref="Orders.CancelReason"/>; null: it was not.</summary>
    public string? CancelReason { get; set; }

    [System.Text.Json.Serialization.JsonIgnore]
    public Quantity Remaining => Quantity - Filled;

    /// <summary>What it holds: minor units of cash with the fees, or units.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long Held => Side == Side.Buy ? FeeBasisPoints.Cover(Remaining, Price).Minor : Remaining.Value;

    /// <summary>Where the matcher keeps it; none while it is not open.</summary>
    internal int Place { get; set; }

    public Order Copy() => (Order)MemberwiseClone();
}
