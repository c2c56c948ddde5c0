using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.Orders;

/// <summary>Asks for another quantity or price of an open order (改单).</summary>
/// <param name="Quantity">The whole order's, what has been filled included.</param>
public sealed record ReplaceOrder(
    Guid OrderId, Guid ParticipantId, Quantity Quantity, Price Price, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => OrderId;

    /// <inheritdoc cref="PlaceOrder.Representative"/>
    [JsonIgnore]
    public string? Representative { get; init; }
}

/// <summary>The order has another price or a larger quantity and queues behind all others of its price.</summary>
/// <param name="Quantity">The whole order's, what has been filled included.</param>
public sealed record OrderReplaced(
    Guid OrderId, Guid ParticipantId, Quantity Quantity, Price Price, DateTimeOffset At) : MarketEvent(At);

/// <summary>
/// An order keeps its place in the queue only when nobody behind it is the worse for it: when its quantity falls and its
/// price stays. Any other change is as if it were cancelled and came anew, without a moment in between.
/// </summary>
public static class OrderReplacing
{
    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, ReplaceOrder replace, DateTimeOffset at)
    {
        if (!market.Orders.TryGetValue(replace.OrderId, out var order) || order.ParticipantId != replace.ParticipantId)
            return Reject("unknown-order", $"There is no order {replace.OrderId} of yours on this trading day.");
        if (order.Status != OrderStatus.Open)
            return Reject("order-finished", $"Order {replace.OrderId} is {order.Status.ToString().ToLowerInvariant()} already.");
        if (replace.Quantity <= order.Filled)
            return Reject("quantity-below-filled", $"{order.Filled} of the order are filled: it can only be for more than that, not for {replace.Quantity}.");
        if (market.Controls.Refuse(pack, replace.ParticipantId, replace.Representative, order.Instrument) is { } stopped)
            return Reject(stopped.Code, stopped.Reason);
        if (pack.Instrument(order.Instrument) is not { } rules)
            return Reject(OrderRules.OutsideSession, $"{pack.Market} does not trade {order.Instrument} any more.");
        if (pack.SessionAt(at, rules) is not { } session)
            return Reject(OrderRules.OutsideSession, OrderRules.Hours(pack, rules, at));
        if (replace.Price != order.Price || replace.Quantity > order.Quantity)
            return Requeue(pack, market, session, rules, order, replace, at);
        return replace.Quantity == order.Quantity
            ? Accept(new NothingChanged(replace.ParticipantId, at))
            : Reduce(rules, order, replace, at);
    }

    public static void Evolve(MarketState market, OrderReplaced replaced)
    {
        var order = market.Orders[replaced.OrderId];
        order.Priority = ++market.LastPriority;
        (order.Quantity, order.Price) = (replaced.Quantity, replaced.Price);
        market.OpenOrders.Requeue(
            order.Place, market.InstrumentOf(order.Instrument).Book, order.Price.MinorPerUnit, order.Remaining.Value);
    }

    private static Decision<MarketEvent> Reduce(Instrument rules, Order order, ReplaceOrder replace, DateTimeOffset at) =>
        OrderRules.Form(rules, replace.Quantity, replace.Price) is { } fault
            ? Reject(fault.Code, fault.Reason)
            : Accept(new OrderReduced(
                order.OrderId, order.ParticipantId, order.Quantity - replace.Quantity, replace.Quantity - order.Filled, CancelReason.Requested, at));

    private static Decision<MarketEvent> Requeue(
        PolicyPack pack, MarketState market, Session session, Instrument rules, Order order, ReplaceOrder replace, DateTimeOffset at)
    {
        if (OrderRules.Form(rules, replace.Quantity, replace.Price) is { } fault)
            return Reject(fault.Code, fault.Reason);
        var account = market.AccountOf(order.ParticipantId);
        var incoming = new IncomingOrder(
            account.Cash.Place, order.Side, replace.Price.MinorPerUnit, (replace.Quantity - order.Filled).Value, Minimum: 0, Immediate: false,
            rules.SelfTrade, order.FeeBasisPoints);
        var ordered = order.Side == Side.Buy ? order.Remaining.Value : 0;
        ref readonly var units = ref market.Balances[account.PlaceOf(rules.Id)];
        if (OrderRules.Check(market.TermsOf(rules), incoming, market.Balances[incoming.Owner], units, order.Held, ordered, order.Filled.Value) is { } refusal)
            return PriceRun.Refuse(market, rules, refusal, order.OrderId, order.ParticipantId, replace.Price, at);
        var plan = session.Mode == Session.Call ? market.PlanToGather(incoming) : market.Plan(rules.Id, incoming);
        if (order.Conditions is { PostOnly: true } && plan.Traded > 0)
            return Reject("post-only-would-trade", $"At {replace.Price.MinorPerUnit} minor units {plan.Traded} would trade at once; a post-only order only rests.");
        var events = ImmutableArray.CreateBuilder<MarketEvent>();
        // An order that stood over the night may be the first to be touched on the new day.
        if (market.OpenDay is null)
            events.Add(TradingDay.Open(pack, at));
        events.Add(new OrderReplaced(order.OrderId, order.ParticipantId, replace.Quantity, replace.Price, at));
        var taker = new Taker(
            order.OrderId, order.ParticipantId, order.Instrument, order.Side, replace.Quantity - order.Filled, order.FeeBasisPoints,
            market.OpenDay ?? pack.LegalDay(at));
        OrderMatching.Facts(market, plan, taker, events, at);
        return Accept(events.DrainToImmutable());
    }
}
