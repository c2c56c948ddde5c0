using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.CallAuctions;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.MarketData;

/// <summary>An open order as far as its instrument's market data need it.</summary>
internal sealed class PublicOrder
{
    public required Guid OrderId { get; init; }

    public required long Number { get; init; }

    public required string Instrument { get; init; }

    public required Side Side { get; init; }

    public required Price Price { get; set; }

    public required Quantity Quantity { get; set; }

    public Quantity Filled { get; set; }

    /// <summary>Its place among the orders of its price.</summary>
    public required long Priority { get; set; }

    /// <summary>Stands in the book; an order that is immediate or cancel never does.</summary>
    public bool Rests { get; set; }

    public Quantity Remaining => Quantity - Filled;

    /// <summary>As it was last told; nothing: not at all.</summary>
    public Quantity ToldRemaining { get; set; }

    public long ToldPriority { get; set; }

    /// <summary>Has changed since it was last told.</summary>
    public bool IsTouched { get; set; }
}

/// <summary>
/// What anybody may see of one instrument's book, and what has changed of it since it was last asked. A command's changes
/// are told together: an order that comes and takes is never seen standing across the other side.
/// </summary>
internal sealed class PublicBook
{
    private readonly record struct Level(long Quantity, int Orders);

    private readonly Dictionary<(Side Side, long Price), Level> _levels = [];
    private readonly Dictionary<(Side Side, long Price), Level> _toldLevels = [];
    private readonly Dictionary<long, PublicOrder> _resting = [];
    private readonly List<PublicOrder> _touched = [];

    public bool HasChanged => _touched.Count > 0;

    /// <summary>Best price first, then time; what the order channel's snapshot tells.</summary>
    public ImmutableArray<OrderChange> Orders =>
    [
        .. _resting.Values.OrderBy(order => order.Side).ThenBy(Rank).ThenBy(order => order.Priority)
            .Select(order => new OrderChange(OrderChangeKind.Placed, order.Number, order.Side, order.Price, order.Remaining)),
    ];

    /// <summary>Best price first.</summary>
    public ImmutableArray<LevelChange> Levels =>
    [
        .. _levels.OrderBy(level => level.Key.Side).ThenBy(level => Rank(level.Key.Side, level.Key.Price))
            .Select(level => Told(level.Key, level.Value)),
    ];

    /// <summary>What a call auction of these orders would come to.</summary>
    public CallPrice? Uncrossed(long? reference, long tickMinor) => Uncrossing.Of(Limits(Side.Buy), Limits(Side.Sell), reference, tickMinor);

    public void Join(PublicOrder order)
    {
        order.Rests = true;
        _resting.Add(order.Number, order);
        Count(order, order.Remaining.Value, 1);
    }

    public void Leave(PublicOrder order)
    {
        if (!order.Rests)
            return;
        order.Rests = false;
        _resting.Remove(order.Number);
        Count(order, -order.Remaining.Value, -1);
    }

    /// <summary>Part of what is left of a standing order goes; call it before the order itself is changed.</summary>
    public void Shrink(PublicOrder order, Quantity by)
    {
        if (by == order.Remaining)
            Leave(order);
        else if (order.Rests)
            Count(order, -by.Value, 0);
    }

    /// <summary>What goes comes before what is placed, and that in the order of its priority.</summary>
    public ImmutableArray<OrderChange> TakeOrderChanges()
    {
        _touched.Sort(static (left, right) => (PlacedAt(left), left.Number).CompareTo((PlacedAt(right), right.Number)));
        var changes = ImmutableArray.CreateBuilder<OrderChange>(_touched.Count);
        foreach (var order in _touched)
        {
            order.IsTouched = false;
            if (Change(order) is { } change)
                changes.Add(change);
        }
        _touched.Clear();
        return changes.DrainToImmutable();
    }

    /// <summary>By side and price; where they do not fit into one message, what goes first, so that no message crosses the sides.</summary>
    public ImmutableArray<LevelChange> TakeLevelChanges()
    {
        var changes = ImmutableArray.CreateBuilder<LevelChange>(_toldLevels.Count);
        foreach (var (key, told) in _toldLevels)
        {
            var level = _levels.GetValueOrDefault(key);
            if (level != told)
                changes.Add(Told(key, level));
        }
        _toldLevels.Clear();
        var apart = changes.Count > MessageParts.MostEntries;
        changes.Sort((left, right) =>
            (apart && left.Orders > 0, left.Side, Rank(left.Side, left.PriceMinor.MinorPerUnit))
                .CompareTo((apart && right.Orders > 0, right.Side, Rank(right.Side, right.PriceMinor.MinorPerUnit))));
        return changes.DrainToImmutable();
    }

    private static LevelChange Told((Side Side, long Price) key, Level level) =>
        new(key.Side, Price.OfMinor(key.Price), Quantity.Of(level.Quantity), level.Orders);

    /// <summary>When it took a place that has not been told; 0: it has none, or the old one.</summary>
    private static long PlacedAt(PublicOrder order) => order.Rests && order.Priority != order.ToldPriority ? order.Priority : 0;

    private List<LimitQuantity> Limits(Side side) =>
    [
        .. _levels.Where(level => level.Key.Side == side).OrderBy(level => Rank(side, level.Key.Price))
            .Select(level => new LimitQuantity(level.Key.Price, level.Value.Quantity)),
    ];

    private static long Rank(PublicOrder order) => Rank(order.Side, order.Price.MinorPerUnit);

    private static long Rank(Side side, long price) => side == Side.Buy ? -price : price;

    private static OrderChange? Change(PublicOrder order)
    {
        var (told, toldPriority) = (order.ToldRemaining, order.ToldPriority);
        (order.ToldRemaining, order.ToldPriority) = order.Rests ? (order.Remaining, order.Priority) : (Quantity.Zero, 0);
        return (order.Rests, told.IsZero) switch
        {
            (false, true) => null,
            (false, false) => new OrderChange(OrderChangeKind.Removed, order.Number, order.Side, order.Price, Quantity.Zero),
            (true, false) when toldPriority == order.Priority => told == order.Remaining
                ? null
                : new OrderChange(OrderChangeKind.Reduced, order.Number, order.Side, order.Price, order.Remaining),
            _ => new OrderChange(OrderChangeKind.Placed, order.Number, order.Side, order.Price, order.Remaining),
        };
    }

    private void Count(PublicOrder order, long quantity, int orders)
    {
        var key = (order.Side, order.Price.MinorPerUnit);
        var level = _levels.GetValueOrDefault(key);
        _toldLevels.TryAdd(key, level);
        if (!order.IsTouched)
            _touched.Add(order);
        order.IsTouched = true;
        level = new Level(level.Quantity + quantity, level.Orders + orders);
        if (level.Orders == 0)
            _levels.Remove(key);
        else
            _levels[key] = level;
    }
}
