using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using CarbonMarket.Journaling;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>
/// A market's alerts as they follow from its journal and from nothing else: no clock, no chance. The patterns are asked fact
/// by fact, so it does not matter how the journal is cut when it is read.
/// </summary>
/// <param name="packs">The market's rules, every version, oldest first.</param>
public sealed class MarketWatch(ImmutableArray<PolicyPack> packs)
{
    /// <summary>Raised when a state that was saved before would be read wrongly; the journal is then folded from its beginning.</summary>
    public const int Format = 2;

    private readonly Moment _now = new(packs);
    private readonly Dictionary<Guid, WatchedOrder> _orders = [];

    /// <summary>A new pattern is a class of its own, its thresholds in the pack, and its place here.</summary>
    private readonly ImmutableArray<Pattern> _patterns =
        [new WashTrades(), new RoundTrips(), new Layering(), new ClosingTrades(), new SplitBlocks(), new NewAccounts()];

    /// <summary>Of the journal, as far as it has been folded.</summary>
    public long Version { get; private set; }

    public DateOnly? LastClosedDay { get; private set; }

    /// <inheritdoc cref="Moment.Withheld"/>
    public long Withheld => _now.Withheld;

    /// <summary>The alerts that a command's facts lead to; most often none.</summary>
    public ImmutableArray<Alert> Evolve(CommittedCommand command)
    {
        if (command.FirstVersion != Version + 1)
            throw new InvalidDataException($"Surveillance stands at version {Version}; {command.FirstVersion} does not follow.");
        foreach (var fact in command.Events)
        {
            Version++;
            if (fact is MarketEvent @event)
                Evolve(@event);
        }
        return _now.TakeRaised();
    }

    public WatchState Save() => new()
    {
        Version = Version,
        LastClosedDay = LastClosedDay,
        Orders = [.. _orders.Values.OrderBy(order => order.Version)],
        Alerts = JsonSerializer.SerializeToElement(_now.Save()),
        Patterns = _patterns.ToImmutableSortedDictionary(pattern => pattern.Kind, pattern => pattern.Save()),
    };

    /// <summary>A pattern that is newer than what was saved begins where the others are.</summary>
    public static MarketWatch Load(ImmutableArray<PolicyPack> packs, WatchState saved)
    {
        var watch = new MarketWatch(packs) { Version = saved.Version, LastClosedDay = saved.LastClosedDay };
        foreach (var order in saved.Orders)
            watch._orders.Add(order.OrderId, order);
        watch._now.Load(saved.Alerts.Deserialize<AlertCounts>()!);
        foreach (var pattern in watch._patterns)
            if (saved.Patterns.TryGetValue(pattern.Kind, out var kept))
                pattern.Load(kept);
        return watch;
    }

    private void Evolve(MarketEvent @event)
    {
        switch (@event)
        {
            case OrderAccepted e: Accept(e); break;
            case OrderReduced e: Resize(e.OrderId, e.At, _orders[e.OrderId].Quantity - e.By.Value); break;
            case OrderReplaced e: Resize(e.OrderId, e.At, e.Quantity.Value); break;
            case OrderCancelled e: Cancel(e); break;
            case OrderLapsed e: _orders.Remove(e.OrderId); break;
            case TradeExecuted e: TakePart(e); break;
            case AccountFunded e: Fund(e); break;
            case TradingDayClosed e: Close(e); break;
        }
    }

    private void Accept(OrderAccepted accepted)
    {
        _now.MoveTo(Version, accepted.At);
        var order = WatchedOrder.Of(accepted, Version);
        _orders.Add(order.OrderId, order);
        foreach (var pattern in _patterns)
            pattern.Ordered(_now, order);
    }

    private void Resize(Guid orderId, DateTimeOffset at, long quantity)
    {
        ref var order = ref CollectionsMarshal.GetValueRefOrNullRef(_orders, orderId);
        _now.MoveTo(Version, at);
        order.Quantity = quantity;
        foreach (var pattern in _patterns)
            pattern.Resized(_now, order);
    }

    private void Cancel(OrderCancelled cancelled)
    {
        _now.MoveTo(Version, cancelled.At);
        _orders.Remove(cancelled.OrderId, out var order);
        order.Quantity = order.Filled;
        foreach (var pattern in _patterns)
        {
            pattern.Resized(_now, order);
            pattern.Cancelled(_now, order, cancelled.Reason);
        }
    }

    private void TakePart(TradeExecuted trade)
    {
        _now.MoveTo(Version, trade.At);
        // Beside the book the ids are those of bids, sales and negotiations, and an order may have been given one of them.
        if (Trade.IsListed(trade))
        {
            Fill(trade.BuyOrderId, trade.Quantity.Value);
            Fill(trade.SellOrderId, trade.Quantity.Value);
        }
        foreach (var pattern in _patterns)
            pattern.Traded(_now, trade);
    }

    private void Fill(Guid orderId, long quantity)
    {
        ref var order = ref CollectionsMarshal.GetValueRefOrNullRef(_orders, orderId);
        if (Unsafe.IsNullRef(ref order))
            return;
        order.Filled += quantity;
        if (order.Filled == order.Quantity)
            _orders.Remove(orderId);
    }

    private void Fund(AccountFunded funded)
    {
        _now.MoveTo(Version, funded.At);
        foreach (var pattern in _patterns)
            pattern.Funded(_now, funded);
    }

    private void Close(TradingDayClosed closed)
    {
        _now.MoveTo(Version, closed.At);
        foreach (var pattern in _patterns)
            pattern.DayClosed(_now, closed);
        LastClosedDay = closed.Day;
    }
}

/// <summary>Where the fold stands, in a form that can be stored. What a pattern keeps is its own affair.</summary>
public sealed record WatchState
{
    public required long Version { get; init; }

    public DateOnly? LastClosedDay { get; init; }

    [JsonConverter(typeof(PackedWatchedOrders))]
    public required IReadOnlyList<WatchedOrder> Orders { get; init; }

    public required JsonElement Alerts { get; init; }

    public required ImmutableSortedDictionary<AbusePattern, JsonElement> Patterns { get; init; }
}
