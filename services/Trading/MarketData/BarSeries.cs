using System.Collections.Immutable;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Trades;

namespace CarbonMarket.Trading.MarketData;

/// <summary>
/// The bars of an instrument: those that trades still enter, and the finished ones that the store does not have yet. What
/// is saved is let go, so that memory holds no more than comes about between two savings.
/// </summary>
internal sealed class BarSeries
{
    private static readonly ImmutableArray<BarInterval> Intervals = [.. Enum.GetValues<BarInterval>()];

    private readonly Bar?[] _current = new Bar?[Intervals.Length];
    private readonly SortedDictionary<(BarInterval, DateTimeOffset), Bar> _changed = [];
    private readonly List<Bar> _finished = [];

    public ImmutableArray<Bar> Current => [.. _current.OfType<Bar>()];

    /// <summary>Finished and not saved, oldest first, all intervals.</summary>
    public IReadOnlyList<Bar> Finished => _finished;

    public bool HasChanged => _changed.Count > 0;

    public void Add(TradeExecuted trade, PolicyPack pack)
    {
        var day = pack.StartOfDay(pack.LegalDay(trade.At));
        foreach (var interval in Intervals)
        {
            var start = Bar.StartOf(interval, day, trade.At);
            ref var current = ref _current[(int)interval];
            if (current is not null && current.StartsAt != start)
            {
                _finished.Add(current);
                current = null;
            }
            current = current?.After(trade) ?? Bar.Of(interval, start, trade);
            _changed[(interval, start)] = current;
        }
    }

    public ImmutableArray<Bar> TakeChanges()
    {
        ImmutableArray<Bar> changes = [.. _changed.Values];
        _changed.Clear();
        return changes;
    }

    /// <summary>The first so many of the finished are in the store.</summary>
    public void Forget(int saved) => _finished.RemoveRange(0, saved);

    public void Load(ImmutableArray<Bar> current)
    {
        foreach (var bar in current)
            _current[(int)bar.Interval] = bar;
    }
}
