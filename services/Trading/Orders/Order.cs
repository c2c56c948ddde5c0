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
}

public enum OrderStatus
{
    Open,
    Filled,
    Cancelled,

    /// <summary>The trading day ended first.</summary>
    Lapsed,
}

/// <summary>One order of the open trading day. Its number is its place in time priority within the market.</summary>
public sealed class Order
{
    public required long Number { get; init; }

    public required Guid OrderId { get; init; }

    public required Guid ParticipantId { get; init; }

    public required string Instrument { get; init; }

    public required Side Side { get; init; }

    public required Price Price { get; init; }

    public required Quantity Quantity { get; init; }

    public required TimeInForce TimeInForce { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public Quantity Filled { get; set; }

    public OrderStatus Status { get; set; }

    [System.Text.Json.Serialization.JsonIgnore]
    public Quantity Remaining => Quantity - Filled;

    public Order Copy() => (Order)MemberwiseClone();
}
