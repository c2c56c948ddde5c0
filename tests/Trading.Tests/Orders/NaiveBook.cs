using CarbonMarket.Kernel;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Tests.Orders;

/// <summary>The book as one would explain it: a list, sorted whenever somebody asks. Slow and plainly right.</summary>
internal sealed class NaiveBook
{
    private readonly List<Entry> _entries = [];

    public int Count => _entries.Count;

    public void Add(Guid orderId, Guid participantId, Side side, Price price, Quantity quantity) =>
        _entries.Add(new Entry(orderId, participantId, side, price, quantity));

    public void Reduce(Guid orderId, Quantity by)
    {
        var place = _entries.FindIndex(entry => entry.OrderId == orderId);
        var left = _entries[place].Remaining - by;
        if (left.IsZero)
            _entries.RemoveAt(place);
        else
            _entries[place] = _entries[place] with { Remaining = left };
    }

    public void Remove(Guid orderId) => _entries.RemoveAll(entry => entry.OrderId == orderId);

    public bool Contains(Guid orderId) => _entries.Exists(entry => entry.OrderId == orderId);

    /// <summary>Stable sort: entries of one price stay in the order they came.</summary>
    public IEnumerable<RestingOrder> Against(Side incoming, Price limit) => incoming == Side.Buy
        ? Resting(_entries.Where(entry => entry.Side == Side.Sell && entry.Price <= limit).OrderBy(entry => entry.Price))
        : Resting(_entries.Where(entry => entry.Side == Side.Buy && entry.Price >= limit).OrderByDescending(entry => entry.Price));

    public IEnumerable<DepthLevel> Depth(Side side, int levels)
    {
        var prices = _entries.Where(entry => entry.Side == side).GroupBy(entry => entry.Price);
        return (side == Side.Buy ? prices.OrderByDescending(price => price.Key) : prices.OrderBy(price => price.Key))
            .Take(levels)
            .Select(price => new DepthLevel(price.Key, Quantity.Of(price.Sum(entry => entry.Remaining.Value)), price.Count()));
    }

    private static IEnumerable<RestingOrder> Resting(IEnumerable<Entry> entries) =>
        entries.Select(entry => new RestingOrder(entry.OrderId, entry.ParticipantId, entry.Price, entry.Remaining));

    private sealed record Entry(Guid OrderId, Guid ParticipantId, Side Side, Price Price, Quantity Remaining);
}
