using System.Text.Json.Serialization;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>An unbroken run of numbers, both ends included.</summary>
/// <param name="First">Serial of the first unit.</param>
/// <param name="Last">Serial of the last unit, itself included.</param>
public readonly record struct SerialRange(long First, long Last)
{
    [JsonIgnore]
    public long Count => checked(Last - First + 1);
}

/// <summary>
/// A set of whole numbers kept as ordered ranges that neither overlap nor touch: serials on an account, lines of a plan.
/// Adding what is there or removing what is not is a bug of the ledger and throws.
/// </summary>
public sealed class SerialRanges
{
    private readonly List<SerialRange> _ranges = [];

    public long Count { get; private set; }

    public bool IsEmpty => _ranges.Count == 0;

    public IReadOnlyList<SerialRange> Ranges => _ranges;

    public bool Contains(long number) => At(number) is var at && at >= 0 && _ranges[at].Last >= number;

    public void Add(long first, long last)
    {
        LedgerImbalanceException.Unless(first <= last, $"The range {first}-{last} is empty.");
        var before = At(first);
        var after = before + 1;
        LedgerImbalanceException.Unless(before < 0 || _ranges[before].Last < first, $"{first}-{last} overlaps {Text(before)}.");
        LedgerImbalanceException.Unless(after == _ranges.Count || _ranges[after].First > last, $"{first}-{last} overlaps {Text(after)}.");
        Count = checked(Count + (last - first + 1));
        var joinsBefore = before >= 0 && _ranges[before].Last + 1 == first;
        var joinsAfter = after < _ranges.Count && last + 1 == _ranges[after].First;
        var merged = new SerialRange(joinsBefore ? _ranges[before].First : first, joinsAfter ? _ranges[after].Last : last);
        if (joinsBefore && joinsAfter)
            _ranges.RemoveAt(after);
        if (joinsBefore)
            _ranges[before] = merged;
        else if (joinsAfter)
            _ranges[after] = merged;
        else
            _ranges.Insert(after, merged);
    }

    public void Remove(long first, long last)
    {
        LedgerImbalanceException.Unless(first <= last, $"The range {first}-{last} is empty.");
        var at = At(first);
        LedgerImbalanceException.Unless(at >= 0 && _ranges[at].Last >= last, $"{first}-{last} is not held whole.");
        var whole = _ranges[at];
        Count -= last - first + 1;
        _ranges.RemoveAt(at);
        if (last < whole.Last)
            _ranges.Insert(at, whole with { First = last + 1 });
        if (whole.First < first)
            _ranges.Insert(at, whole with { Last = first - 1 });
    }

    /// <summary>The lowest numbers, as many as asked, without removing them.</summary>
    public IEnumerable<SerialRange> Lowest(long count)
    {
        for (var at = 0; count > 0 && at < _ranges.Count; at++)
        {
            var taken = Math.Min(count, _ranges[at].Count);
            yield return new SerialRange(_ranges[at].First, _ranges[at].First + taken - 1);
            count -= taken;
        }
    }

    /// <summary>Those of the numbers from first to last that are here, as ranges in their order.</summary>
    public IReadOnlyList<SerialRange> Within(long first, long last)
    {
        var found = new List<SerialRange>();
        for (var at = Math.Max(0, At(first)); at < _ranges.Count && _ranges[at].First <= last; at++)
        {
            if (_ranges[at].Last >= first)
                found.Add(new SerialRange(Math.Max(first, _ranges[at].First), Math.Min(last, _ranges[at].Last)));
        }
        return found;
    }

    /// <summary>Index of the last range that begins at or before the number; -1 if none does.</summary>
    private int At(long number)
    {
        int low = 0, high = _ranges.Count - 1;
        while (low <= high)
        {
            var middle = low + (high - low) / 2;
            if (_ranges[middle].First <= number)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return high;
    }

    private string Text(int at) => at >= 0 && at < _ranges.Count ? $"{_ranges[at].First}-{_ranges[at].Last}" : "nothing";
}
