using System.Diagnostics;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Trades;
using JasperFx.Events;
using Marten.Events.Projections;

namespace CarbonMarket.Trading.Orders;

/// <summary>An order as it is told to its owner and to those who supervise.</summary>
/// <param name="Number">Counts the market's orders from 1.</param>
/// <param name="Quantity">As it stands; a replacement or self-trade prevention may have changed it.</param>
/// <param name="PriceMinor">Limit, in minor units of the currency per unit; of a market-to-limit order the one it took.</param>
/// <param name="Status">open, filled, cancelled or lapsed (the trading day ended first).</param>
/// <param name="AcceptedAt">Legal time.</param>
/// <param name="GoodTill">Last legal day of a gtd order; null on the others.</param>
/// <param name="MinimumQuantity">What had to trade at once, or nothing did; null: no matter.</param>
/// <param name="PostOnly">It was to add to the book only.</param>
/// <param name="MarketToLimit">It came without a price.</param>
/// <param name="FeeBasisPoints">What its owner pays of each of its trades, in 0.01 %.</param>
public sealed record OrderAnswer(
    Guid OrderId, long Number, Guid ParticipantId, string Instrument, Side Side, Quantity Quantity, Price PriceMinor,
    TimeInForce TimeInForce, Quantity FilledQuantity, OrderStatus Status, DateTimeOffset AcceptedAt, DateOnly? GoodTill,
    Quantity? MinimumQuantity, bool PostOnly, bool MarketToLimit, BasisPoints FeeBasisPoints)
{
    public static OrderAnswer Of(Order order) => new(
        order.OrderId, order.Number, order.ParticipantId, order.Instrument, order.Side, order.Quantity, order.Price,
        order.TimeInForce, order.Filled, order.Status, order.AcceptedAt, order.Conditions?.GoodTill, order.Conditions?.Minimum,
        order.Conditions is { PostOnly: true }, order.Conditions is { MarketToLimit: true }, order.FeeBasisPoints);

    public static OrderAnswer Of(OrderView order) => new(
        order.Id, order.Number, order.ParticipantId, order.Instrument, order.Side, order.Quantity, order.Price,
        order.TimeInForce, order.Filled, order.Status, order.AcceptedAt, order.Conditions?.GoodTill, order.Conditions?.Minimum,
        order.Conditions is { PostOnly: true }, order.Conditions is { MarketToLimit: true }, order.FeeBasisPoints);
}

/// <summary>An order of a past day, as a document. Follows the journal with a short delay.</summary>
/// <param name="Market">Id of the market's journal.</param>
public sealed record OrderView(
    Guid Id, Guid Market, long Number, Guid ParticipantId, string Instrument, Side Side, Quantity Quantity, Price Price,
    TimeInForce TimeInForce, Quantity Filled, OrderStatus Status, DateTimeOffset AcceptedAt, OrderConditions? Conditions = null, BasisPoints FeeBasisPoints = default);

public sealed class OrderViews : MultiStreamProjection<OrderView, Guid>
{
    public OrderViews()
    {
        Identity<OrderAccepted>(e => e.OrderId);
        Identity<OrderReduced>(e => e.OrderId);
        Identity<OrderReplaced>(e => e.OrderId);
        Identity<OrderCancelled>(e => e.OrderId);
        Identity<OrderLapsed>(e => e.OrderId);
        // In an auction bids meet the auction itself: no order takes part.
        Identities<TradeExecuted>(e => e.Mode is TradeMode.Continuous or TradeMode.Call ? [e.BuyOrderId, e.SellOrderId] : []);
    }

    public override OrderView Evolve(OrderView? snapshot, Guid id, IEvent e) => e.Data switch
    {
        OrderAccepted accepted => new OrderView(
            id, e.StreamId, accepted.Number, accepted.ParticipantId, accepted.Instrument, accepted.Side, accepted.Quantity,
            accepted.Price, accepted.TimeInForce, Quantity.Zero, OrderStatus.Open, accepted.At, accepted.Conditions, accepted.FeeBasisPoints),
        TradeExecuted trade => Fill(snapshot!, trade.Quantity),
        OrderReduced reduced => snapshot! with { Quantity = snapshot!.Quantity - reduced.By },
        OrderReplaced replaced => snapshot! with { Quantity = replaced.Quantity, Price = replaced.Price },
        OrderCancelled => snapshot! with { Status = OrderStatus.Cancelled },
        OrderLapsed => snapshot! with { Status = OrderStatus.Lapsed },
        _ => throw new UnreachableException(e.EventTypeName),
    };

    private static OrderView Fill(OrderView order, Quantity quantity) => order with
    {
        Filled = order.Filled + quantity,
        Status = order.Filled + quantity == order.Quantity ? OrderStatus.Filled : OrderStatus.Open,
    };
}
