using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.TradingAccounts;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.Orders;

public sealed record CancelOrder(Guid OrderId, Guid ParticipantId, DateTimeOffset At) : MarketCommand(At);

/// <summary>All open orders of a participant at once.</summary>
/// <param name="Instrument">Null: of every instrument.</param>
/// <param name="Side">Null: of both sides.</param>
public sealed record CancelAllOrders(Guid ParticipantId, string? Instrument, Side? Side, DateTimeOffset At) : MarketCommand(At)
{
    /// <summary>Its participant sends too many messages: it is carried out, but where it finds nothing, nothing is kept of it.</summary>
    [JsonIgnore]
    public bool BeyondRate { get; init; }
}

/// <summary>A session that was to take its orders with it has ended.</summary>
public sealed record EndSession(Guid SessionId, Guid ParticipantId, DateTimeOffset At) : MarketCommand(At);

/// <summary>What was left of the order is out of the book and its reservation released.</summary>
/// <param name="Reason">One of <see cref="CancelReason"/>.</param>
public sealed record OrderCancelled(
    Guid OrderId, Guid ParticipantId, Quantity Remaining, string Reason, DateTimeOffset At) : MarketEvent(At);

/// <summary>The order is for less than it was and keeps its place; what it held for the difference is released.</summary>
/// <param name="Remaining">What is left of it after that, always above zero.</param>
/// <param name="Reason"><see cref="CancelReason.Requested"/> or <see cref="CancelReason.SelfTrade"/>.</param>
public sealed record OrderReduced(
    Guid OrderId, Guid ParticipantId, Quantity By, Quantity Remaining, string Reason, DateTimeOffset At) : MarketEvent(At);

/// <summary>The trading day (or the last of its days) ended before the order was filled.</summary>
public sealed record OrderLapsed(Guid OrderId, Guid ParticipantId, Quantity Remaining, DateTimeOffset At) : MarketEvent(At);

public static class CancelReason
{
    public const string Requested = "requested";

    public const string ImmediateOrCancel = "immediate-or-cancel";

    public const string FillOrKill = "fill-or-kill";

    /// <summary>Less than its minimum would have traded at once.</summary>
    public const string MinimumNotMet = "minimum-not-met";

    /// <summary>It met an order of the same participant; the instrument's rule says which of the two goes.</summary>
    public const string SelfTrade = "self-trade";

    /// <summary>A trade that was to bring its cover failed in clearing.</summary>
    public const string CoverLost = "cover-lost";

    /// <summary>The session it was placed in has ended.</summary>
    public const string Disconnected = "disconnected";

    /// <summary>A kill switch was thrown.</summary>
    public const string KillSwitch = "kill-switch";

    public const string ParticipantSuspended = "participant-suspended";

    /// <summary>What it rested on was frozen.</summary>
    public const string Frozen = "frozen";

    /// <summary>The day's close has moved the band away from its price.</summary>
    public const string OutsideBand = "outside-band";
}

/// <summary>How an order leaves the book before it is filled, or a part of it does.</summary>
public static class OrderEnding
{
    /// <summary>
    /// A refusal is not remembered: an order that is unknown because it is still on its way is known in a moment, and a program
    /// that goes on cancelling what has ended leaves nothing behind.
    /// </summary>
    public static Decision<MarketEvent> Decide(MarketState market, CancelOrder cancel, DateTimeOffset at) =>
        !market.Orders.TryGetValue(cancel.OrderId, out var order) || order.ParticipantId != cancel.ParticipantId
            ? RejectForNow("unknown-order", $"There is no order {cancel.OrderId} of yours on this trading day.")
        : order.Status switch
        {
            OrderStatus.Open => Accept(Cancelled(order, CancelReason.Requested, at)),
            OrderStatus.Cancelled => Accept(),
            _ => RejectForNow("order-finished", $"Order {cancel.OrderId} is {order.Status.ToString().ToLowerInvariant()} already."),
        };

    /// <summary>Who misspells an instrument is told so: it would believe its orders gone.</summary>
    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, CancelAllOrders cancel, DateTimeOffset at)
    {
        if (cancel.Instrument is { } named && pack.Instrument(named) is null && !market.Instruments.ContainsKey(named))
            return RejectForNow("unknown-instrument", $"{pack.Market} does not trade {named}; nothing is cancelled.");
        var cancelled = CancelledWhere(
            market, cancel.ParticipantId, CancelReason.Requested, at, order =>
                (cancel.Instrument is null || order.Instrument == cancel.Instrument) && (cancel.Side is null || order.Side == cancel.Side));
        return !cancelled.IsEmpty ? Accept(cancelled)
            : cancel.BeyondRate ? Accept()
            : Accept(new NothingChanged(cancel.ParticipantId, at));
    }

    public static Decision<MarketEvent> Decide(MarketState market, EndSession end, DateTimeOffset at) => Accept(CancelledWhere(
        market, end.ParticipantId, CancelReason.Disconnected, at, order => order.Conditions?.Session == end.SessionId));

    public static void Evolve(MarketState market, OrderCancelled cancelled) =>
        Finish(market, cancelled.OrderId, OrderStatus.Cancelled, cancelled.Reason);

    public static void Evolve(MarketState market, OrderLapsed lapsed) => Finish(market, lapsed.OrderId, OrderStatus.Lapsed);

    public static void Evolve(MarketState market, OrderReduced reduced)
    {
        var order = market.Orders[reduced.OrderId];
        order.Quantity -= reduced.By;
        market.OpenOrders.Reduce(order.Place, reduced.By.Value);
    }

    /// <summary>
    /// Pulls a participant's orders of a side, then its terms of blocks, each the newest first, until what is missing is free of
    /// them; tells by <paramref name="missing"/> what still is.
    /// </summary>
    /// <param name="instrument">Null: of every instrument.</param>
    internal static List<MarketEvent> Pull(
        MarketState market, TradingAccount account, Side side, string? instrument, ref long missing, string reason, DateTimeOffset at)
    {
        var pulled = new List<MarketEvent>();
        for (var i = account.Orders.Count - 1; i >= 0 && missing > 0; i--)
        {
            var order = account.Orders[i];
            if (order.Status != OrderStatus.Open || order.Side != side || (instrument is not null && order.Instrument != instrument))
                continue;
            missing -= order.Held;
            pulled.Add(Cancelled(order, reason, at));
        }
        foreach (var ended in Negotiating.Pull(market, account, side, instrument, missing, reason, at))
        {
            missing -= Negotiating.Held(market.Blocks.Open[ended.BlockId]);
            pulled.Add(ended);
        }
        return pulled;
    }

    /// <summary>How many orders were cancelled because it was asked: what was overdue before it may have ended others.</summary>
    internal static int CancelledOnRequest(IEnumerable<MarketEvent> events) =>
        events.Count(e => e is OrderCancelled { Reason: CancelReason.Requested });

    internal static MarketEvent Cancelled(Order order, string reason, DateTimeOffset at) =>
        new OrderCancelled(order.OrderId, order.ParticipantId, order.Remaining, reason, at);

    private static ImmutableArray<MarketEvent> CancelledWhere(
        MarketState market, Guid participantId, string reason, DateTimeOffset at, Func<Order, bool> wanted) =>
        market.Accounts.TryGetValue(participantId, out var account)
            ? [.. account.Orders.Where(order => order.Status == OrderStatus.Open && wanted(order)).Select(order => Cancelled(order, reason, at))]
            : [];

    private static void Finish(MarketState market, Guid orderId, OrderStatus status, string? cancelReason = null)
    {
        var order = market.Orders[orderId];
        (order.Status, order.CancelReason) = (status, cancelReason);
        market.OpenOrders.Close(order.Place);
    }
}
