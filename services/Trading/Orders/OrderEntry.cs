using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.Orders;

public sealed record PlaceOrder(
    Guid OrderId, Guid ParticipantId, string Instrument, Side Side, Quantity Quantity, Price Price, TimeInForce TimeInForce,
    DateTimeOffset At) : MarketCommand(At);

public sealed record CancelOrder(Guid OrderId, Guid ParticipantId, DateTimeOffset At) : MarketCommand(At);

/// <summary>The order passed every rule and its cash (limit x quantity) or units are reserved.</summary>
/// <param name="Number">Its place in time priority: counts the market's orders from 1 without gaps.</param>
public sealed record OrderAccepted(
    long Number, Guid OrderId, Guid ParticipantId, string Instrument, Side Side, Quantity Quantity, Price Price, TimeInForce TimeInForce,
    DateTimeOffset At) : MarketEvent(At);

/// <summary>What was left of the order is out of the book and its reservation released.</summary>
/// <param name="Reason">One of <see cref="CancelReason"/>.</param>
public sealed record OrderCancelled(
    Guid OrderId, Guid ParticipantId, Quantity Remaining, string Reason, DateTimeOffset At) : MarketEvent(At);

/// <summary>The trading day ended before the order was filled.</summary>
public sealed record OrderLapsed(Guid OrderId, Guid ParticipantId, Quantity Remaining, DateTimeOffset At) : MarketEvent(At);

public static class CancelReason
{
    public const string Requested = "requested";

    public const string ImmediateOrCancel = "immediate-or-cancel";

    /// <summary>It met an order of the same participant: the incoming remainder goes, the resting order stays.</summary>
    public const string SelfTrade = "self-trade";

    /// <summary>A trade that was to bring its cover failed in clearing.</summary>
    public const string CoverLost = "cover-lost";
}

/// <summary>
/// The order book as an open auction (挂牌协议交易): better price first, then earlier acceptance; a trade is made at the
/// resting order's price. Buying power is reserved before an order may meet anybody.
/// </summary>
public static class OrderEntry
{
    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, PlaceOrder order, DateTimeOffset at) =>
        market.Orders.TryGetValue(order.OrderId, out var earlier) ? Repeat(earlier, order)
        : market.PastOrders.Contains(order.OrderId)
            ? Reject("id-reused", $"Order {order.OrderId} was placed on an earlier day; another takes an id of its own.")
        : OrderRules.Check(pack, market, order, at) is { } refusal ? Reject(refusal.Code, refusal.Reason)
        : Accept(Enter(pack, market, order, at));

    public static Decision<MarketEvent> Decide(MarketState market, CancelOrder cancel, DateTimeOffset at) =>
        !market.Orders.TryGetValue(cancel.OrderId, out var order) || order.ParticipantId != cancel.ParticipantId
            ? Reject("unknown-order", $"There is no order {cancel.OrderId} of yours on this trading day.")
        : order.Status switch
        {
            OrderStatus.Open => Accept(
                new OrderCancelled(order.OrderId, order.ParticipantId, order.Remaining, CancelReason.Requested, at)),
            OrderStatus.Cancelled => Accept(),
            _ => Reject("order-finished", $"Order {cancel.OrderId} is {order.Status.ToString().ToLowerInvariant()} already."),
        };

    public static void Evolve(MarketState market, OrderAccepted accepted)
    {
        var order = new Order
        {
            Number = accepted.Number,
            OrderId = accepted.OrderId,
            ParticipantId = accepted.ParticipantId,
            Instrument = accepted.Instrument,
            Side = accepted.Side,
            Price = accepted.Price,
            Quantity = accepted.Quantity,
            TimeInForce = accepted.TimeInForce,
            AcceptedAt = accepted.At,
        };
        market.LastOrderNumber = order.Number;
        var account = market.AccountOf(order.ParticipantId);
        if (order.Side == Side.Buy)
            account.Cash.Reserve((order.Quantity * order.Price).Minor);
        else
            account.UnitsOf(order.Instrument).Reserve(order.Quantity.Value);
        market.Hold(order);
    }

    public static void Evolve(MarketState market, OrderCancelled cancelled) =>
        Finish(market, cancelled.OrderId, OrderStatus.Cancelled);

    public static void Evolve(MarketState market, OrderLapsed lapsed) => Finish(market, lapsed.OrderId, OrderStatus.Lapsed);

    private static Decision<MarketEvent> Repeat(Order earlier, PlaceOrder order) =>
        (earlier.ParticipantId, earlier.Instrument, earlier.Side, earlier.Quantity, earlier.Price, earlier.TimeInForce)
            == (order.ParticipantId, order.Instrument, order.Side, order.Quantity, order.Price, order.TimeInForce)
            ? Accept()
            : Reject("id-reused", $"Order {order.OrderId} exists with other content.");

    private static ImmutableArray<MarketEvent> Enter(PolicyPack pack, MarketState market, PlaceOrder order, DateTimeOffset at)
    {
        var events = ImmutableArray.CreateBuilder<MarketEvent>();
        if (market.OpenDay is null)
            events.Add(TradingDay.Open(pack, at));
        events.Add(new OrderAccepted(
            market.LastOrderNumber + 1, order.OrderId, order.ParticipantId, order.Instrument, order.Side, order.Quantity,
            order.Price, order.TimeInForce, at));
        var remaining = order.Quantity;
        var reason = order.TimeInForce == TimeInForce.Ioc ? CancelReason.ImmediateOrCancel : null;
        var sequence = market.LastTradeSequence;
        foreach (var resting in market.BookOf(order.Instrument).Against(order.Side, order.Price))
        {
            if (remaining.IsZero)
                break;
            if (resting.ParticipantId == order.ParticipantId)
            {
                reason = CancelReason.SelfTrade;
                break;
            }
            var quantity = Quantity.Min(remaining, resting.Remaining);
            events.Add(Meet(order, resting, quantity, ++sequence, market.OpenDay ?? pack.LegalDay(at), at));
            remaining -= quantity;
        }
        if (reason is not null && !remaining.IsZero)
            events.Add(new OrderCancelled(order.OrderId, order.ParticipantId, remaining, reason, at));
        return events.ToImmutable();
    }

    private static TradeExecuted Meet(
        PlaceOrder taker, RestingOrder maker, Quantity quantity, long sequence, DateOnly day, DateTimeOffset at)
    {
        var buying = taker.Side == Side.Buy;
        return new TradeExecuted(
            sequence, Trade.IdOf(taker.OrderId, sequence), taker.Instrument,
            buying ? taker.OrderId : maker.OrderId, buying ? maker.OrderId : taker.OrderId,
            buying ? taker.ParticipantId : maker.ParticipantId, buying ? maker.ParticipantId : taker.ParticipantId,
            quantity, maker.Price, TradeMode.Continuous, day, at);
    }

    private static void Finish(MarketState market, Guid orderId, OrderStatus status)
    {
        var order = market.Orders[orderId];
        var account = market.AccountOf(order.ParticipantId);
        if (order.Side == Side.Buy)
            account.Cash.Release((order.Remaining * order.Price).Minor);
        else
            account.UnitsOf(order.Instrument).Release(order.Remaining.Value);
        order.Status = status;
        market.InstrumentOf(order.Instrument).Book.Remove(orderId);
    }
}
