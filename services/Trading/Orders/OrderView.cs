using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Orders;

/// <summary>An order as it is told to its owner and to those who supervise.</summary>
/// <param name="OrderId">Made by the caller who placed it.</param>
/// <param name="Number">Counts the market's orders from 1.</param>
/// <param name="ParticipantId">Its owner.</param>
/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="Side">buy or sell.</param>
/// <param name="Quantity">Units, those filled included, as it stands; a replacement or self-trade prevention may have changed it.</param>
/// <param name="PriceMinor">Limit, in minor units of the currency per unit; of a market-to-limit order the one it took.</param>
/// <param name="TimeInForce">day, gtd, ioc or fok, as it was placed.</param>
/// <param name="FilledQuantity">Units traded so far.</param>
/// <param name="Status">open, filled, cancelled or lapsed (the trading day ended first).</param>
/// <param name="CancelReason">
/// Why it was cancelled: requested, immediate-or-cancel, fill-or-kill, minimum-not-met, self-trade, cover-lost, disconnected, kill-switch,
/// participant-suspended, frozen or outside-band; null: it was not.
/// </param>
/// <param name="AcceptedAt">Legal time.</param>
/// <param name="GoodTill">Last legal day of a gtd order; null on the others.</param>
/// <param name="MinimumQuantity">What had to trade at once, or nothing did; null: no matter.</param>
/// <param name="PostOnly">It was to add to the book only.</param>
/// <param name="MarketToLimit">It came without a price.</param>
/// <param name="FeeBasisPoints">What its owner pays of each of its trades, in 0.01 %.</param>
public sealed record OrderAnswer(
    Guid OrderId, long Number, Guid ParticipantId, string Instrument, Side Side, Quantity Quantity, Price PriceMinor,
    TimeInForce TimeInForce, Quantity FilledQuantity, OrderStatus Status, string? CancelReason, DateTimeOffset AcceptedAt, DateOnly? GoodTill,
    Quantity? MinimumQuantity, bool PostOnly, bool MarketToLimit, BasisPoints FeeBasisPoints)
{
    public static OrderAnswer Of(Order order) => new(
        order.OrderId, order.Number, order.ParticipantId, order.Instrument, order.Side, order.Quantity, order.Price,
        order.TimeInForce, order.Filled, order.Status, order.CancelReason, order.AcceptedAt, order.Conditions?.GoodTill, order.Conditions?.Minimum,
        order.Conditions is { PostOnly: true }, order.Conditions is { MarketToLimit: true }, order.FeeBasisPoints);

    public static OrderAnswer Of(OrderView order) => new(
        order.OrderId, order.Number, order.ParticipantId, order.Instrument, order.Side, order.Quantity, order.Price,
        order.TimeInForce, order.Filled, order.Status, order.CancelReason, order.AcceptedAt, order.Conditions?.GoodTill, order.Conditions?.Minimum,
        order.Conditions is { PostOnly: true }, order.Conditions is { MarketToLimit: true }, order.FeeBasisPoints);
}

/// <summary>An order of a past day, as a document. While the market's memory has the order, the memory is right.</summary>
/// <param name="Id">See <see cref="MarketDocument"/>.</param>
/// <param name="Market">Id of the market's journal.</param>
public sealed record OrderView(
    Guid Id, Guid Market, Guid OrderId, long Number, Guid ParticipantId, string Instrument, Side Side, Quantity Quantity, Price Price,
    TimeInForce TimeInForce, Quantity Filled, OrderStatus Status, DateTimeOffset AcceptedAt, OrderConditions? Conditions = null,
    BasisPoints FeeBasisPoints = default, string? CancelReason = null)
{
    public static OrderView Of(OrderAccepted accepted, Guid market) => new(
        MarketDocument.IdOf(market, accepted.OrderId), market, accepted.OrderId, accepted.Number, accepted.ParticipantId, accepted.Instrument, accepted.Side, accepted.Quantity,
        accepted.Price, accepted.TimeInForce, Quantity.Zero, OrderStatus.Open, accepted.At, accepted.Conditions, accepted.FeeBasisPoints);

    public OrderView Fill(Quantity quantity) => this with
    {
        Filled = Filled + quantity,
        Status = Filled + quantity == Quantity ? OrderStatus.Filled : OrderStatus.Open,
    };
}
