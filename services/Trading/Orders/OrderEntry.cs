using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.Orders;

/// <param name="Price">The limit; null: market-to-limit, which takes the best price of the other side as its limit.</param>
public sealed record PlaceOrder(
    Guid OrderId, Guid ParticipantId, string Instrument, Side Side, Quantity Quantity, Price? Price, TimeInForce TimeInForce,
    DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => OrderId;

    // Left out when there is none: a command's content is its JSON, and commands older than conditions had none.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderConditions? Conditions { get; init; }

    /// <summary>
    /// The subject that acts for the participant; null: none is known. No part of the content: the same order sent again by a
    /// colleague is the same order.
    /// </summary>
    [JsonIgnore]
    public string? Representative { get; init; }

    /// <summary>
    /// The order-entry session with whose end the order is cancelled; null: none. No part of the content either: what had no
    /// answer is sent again over another session, or by another door.
    /// </summary>
    [JsonIgnore]
    public Guid? Session { get; init; }
}

/// <summary>The order passed every rule and its cash (limit x quantity, with the fees) or units are reserved.</summary>
/// <param name="Number">Counts the market's orders from 1 without gaps.</param>
/// <param name="Price">The limit; of a market-to-limit order the one it took.</param>
public sealed record OrderAccepted(
    long Number, Guid OrderId, Guid ParticipantId, string Instrument, Side Side, Quantity Quantity, Price Price, TimeInForce TimeInForce,
    DateTimeOffset At) : MarketEvent(At)
{
    /// <summary>Null: none beyond the usual.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderConditions? Conditions { get; init; }

    /// <summary>The first instant that is no longer the last day of a <see cref="TimeInForce.Gtd"/> order; null: it is not one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>The subject that placed it; null: none was known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Representative { get; init; }

    /// <summary>What its owner pays of each of its trades (手续费率), whatever the rules say later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BasisPoints FeeBasisPoints { get; init; }
}

/// <summary>
/// The order book as an open auction (挂牌协议交易): better price first, then earlier acceptance; a trade is made at the
/// resting order's price. Buying power is reserved before an order may meet anybody.
/// </summary>
public static class OrderEntry
{
    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, PlaceOrder order, DateTimeOffset at)
    {
        if (market.Orders.TryGetValue(order.OrderId, out var earlier))
            return Repeat(earlier, order);
        if (market.PastOrders.Contains(order.OrderId))
            return Reject("id-reused", $"Order {order.OrderId} was placed on an earlier day; another takes an id of its own.");
        if (pack.Instrument(order.Instrument) is not { } rules)
            return Reject("unknown-instrument", $"{pack.Market} does not trade {order.Instrument}.");
        if (market.Controls.Refuse(pack, order.ParticipantId, order.Representative, rules.Id) is { } stopped)
            return Reject(stopped.Code, stopped.Reason);
        if (pack.SessionAt(at, rules) is not { } session)
            return Reject(OrderRules.OutsideSession, OrderRules.Hours(pack, rules, at));
        return Refused(pack, market, session, rules, order, at) is { } refusal ? Reject(refusal.Code, refusal.Reason)
            : PriceOf(market, order) is not { } price
                ? Reject("no-opposite-price", "A market-to-limit order takes the best price of the other side, and there is none.")
            : Enter(pack, market, session, rules, order, price, at);
    }

    public static void Evolve(MarketState market, OrderAccepted accepted)
    {
        market.LastOrderNumber = accepted.Number;
        var order = new Order
        {
            Number = accepted.Number,
            Priority = ++market.LastPriority,
            OrderId = accepted.OrderId,
            ParticipantId = accepted.ParticipantId,
            Instrument = accepted.Instrument,
            Side = accepted.Side,
            Price = accepted.Price,
            Quantity = accepted.Quantity,
            OriginalQuantity = accepted.Quantity,
            OriginalPrice = accepted.Price,
            TimeInForce = accepted.TimeInForce,
            Conditions = accepted.Conditions,
            Until = accepted.Until,
            Representative = accepted.Representative,
            FeeBasisPoints = accepted.FeeBasisPoints,
            AcceptedAt = accepted.At,
        };
        market.Hold(order);
        var account = market.AccountOf(order.ParticipantId);
        var place = market.OpenOrders.Open(
            order.Number, account.Cash.Place, account.UnitsOf(order.Instrument).Place, order.Side, order.Price.MinorPerUnit,
            order.Quantity.Value, order.FeeBasisPoints);
        market.OpenOrders.Name(place, order);
        // What must not rest is filled or cancelled by the facts that follow, and never stands where others could meet it.
        if (order.TimeInForce is not (TimeInForce.Ioc or TimeInForce.Fok))
            market.OpenOrders.Join(market.InstrumentOf(order.Instrument).Book, place);
    }

    private static Decision<MarketEvent> Repeat(Order earlier, PlaceOrder order) =>
        (earlier.ParticipantId, earlier.Instrument, earlier.Side, earlier.OriginalQuantity, earlier.TimeInForce, Asked(earlier.Conditions))
            == (order.ParticipantId, order.Instrument, order.Side, order.Quantity, order.TimeInForce, Asked(ConditionsOf(order)))
            && (order.Price is null || order.Price == earlier.OriginalPrice)
            ? Accept()
            : Reject("id-reused", $"Order {order.OrderId} exists with other content.");

    /// <summary>What the order says, whichever session it came by.</summary>
    private static OrderConditions Asked(OrderConditions? conditions) => (conditions ?? OrderConditions.None) with { Session = null };

    private static Refusal? Refused(
        PolicyPack pack, MarketState market, Session session, Instrument rules, PlaceOrder order, DateTimeOffset at)
    {
        if (session.Mode == Session.Call && !Gathers(order))
            return new("not-in-call", $"In a call (集合竞价, until {session.Closes}) orders gather: limit orders, day or good till date, without conditions on what trades at once.");
        return TooMany(pack.Trading, market, order)
            ?? OrderRules.Life(rules, order.TimeInForce, order.Conditions?.GoodTill, pack.LegalDay(at))
            // What contradicts itself otherwise never comes this far: the edge refuses it as malformed.
            ?? (order.Conditions?.Minimum > order.Quantity
                ? new("minimum-above-quantity", $"The minimum of {order.Conditions.Minimum} is more than the order's {order.Quantity}.")
                : null);
    }

    /// <summary>Which of its orders are open, or of an earlier day, is counted only where there are as many at all.</summary>
    private static Refusal? TooMany(TradingRules rules, MarketState market, PlaceOrder order)
    {
        if (!market.Accounts.TryGetValue(order.ParticipantId, out var account))
            return null;
        if (market.OpenDay is not null && account.Orders.Count >= rules.MostOrdersPerDay
            && account.Orders.Count - account.Orders.TakeWhile(earlier => earlier.Number < market.FirstOrderKept).Count() >= rules.MostOrdersPerDay)
            return new("too-many-orders", $"A participant places at most {rules.MostOrdersPerDay} orders a day.");
        return order.TimeInForce is TimeInForce.Day or TimeInForce.Gtd
            && account.Orders.Count >= rules.MostOpenOrders && account.OpenOrders >= rules.MostOpenOrders
            ? new("too-many-open-orders", $"A participant has at most {rules.MostOpenOrders} orders open at a time.")
            : null;
    }

    private static bool Gathers(PlaceOrder order) =>
        order is { Price: not null, TimeInForce: TimeInForce.Day or TimeInForce.Gtd, Conditions: null or { Minimum: null, PostOnly: false } };

    /// <summary>The order's limit; of a market-to-limit order the best price it could trade at. Null: there is nobody.</summary>
    private static Price? PriceOf(MarketState market, PlaceOrder order) =>
        order.Price ?? market.BookOf(order.Instrument).BestPrice(order.Side == Side.Buy ? Side.Sell : Side.Buy);

    private static OrderConditions? ConditionsOf(PlaceOrder order) => order is { Price: not null, Session: null }
        ? order.Conditions
        : (order.Conditions ?? OrderConditions.None) with { MarketToLimit = order.Price is null, Session = order.Session };

    private static Decision<MarketEvent> Enter(
        PolicyPack pack, MarketState market, Session session, Instrument rules, PlaceOrder order, Price price, DateTimeOffset at)
    {
        var account = market.Accounts.GetValueOrDefault(order.ParticipantId);
        var incoming = new IncomingOrder(
            account?.Cash.Place ?? Balances.None, order.Side, price.MinorPerUnit, order.Quantity.Value,
            Minimum(order.TimeInForce, order.Quantity, order.Conditions), order.TimeInForce is TimeInForce.Ioc or TimeInForce.Fok,
            rules.SelfTrade, rules.FeeRate(buys: order.Side == Side.Buy));
        ref readonly var units = ref market.Balances[account?.PlaceOf(rules.Id) ?? Balances.None];
        if (OrderRules.Check(market.TermsOf(rules), incoming, market.Balances[incoming.Owner], units) is { } refusal)
            return PriceRun.Refuse(market, rules, refusal, order.OrderId, order.ParticipantId, price, at);
        var plan = session.Mode == Session.Call ? market.PlanToGather(incoming) : market.Plan(rules.Id, incoming);
        if (order.Conditions is { PostOnly: true } && plan.Traded > 0)
            return Reject("post-only-would-trade", $"At {price.MinorPerUnit} minor units {plan.Traded} would trade at once; a post-only order only rests.");
        var events = ImmutableArray.CreateBuilder<MarketEvent>();
        if (market.OpenDay is null)
            events.Add(TradingDay.Open(pack, at));
        events.Add(new OrderAccepted(
            market.LastOrderNumber + 1, order.OrderId, order.ParticipantId, order.Instrument, order.Side, order.Quantity, price,
            order.TimeInForce, at)
        {
            Conditions = ConditionsOf(order), Representative = order.Representative, FeeBasisPoints = incoming.Fee,
            Until = order.Conditions?.GoodTill is { } last ? pack.EndOfDay(last) : null,
        });
        var taker = new Taker(order.OrderId, order.ParticipantId, order.Instrument, order.Side, order.Quantity, incoming.Fee,
            market.OpenDay ?? pack.LegalDay(at));
        OrderMatching.Facts(market, plan, taker, events, at);
        return Accept(events.DrainToImmutable());
    }

    internal static long Minimum(TimeInForce timeInForce, Quantity quantity, OrderConditions? conditions) =>
        timeInForce == TimeInForce.Fok ? quantity.Value : conditions?.Minimum?.Value ?? 0;
}
