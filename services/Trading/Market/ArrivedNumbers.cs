namespace CarbonMarket.Trading.Market;

/// <summary>An unbroken run of numbers, both ends included.</summary>
public readonly record struct NumberRange(long First, long Last);

/// <summary>
/// Which numbers of a count without gaps have arrived, in whatever order. Kept as ranges that do not touch: one, and one
/// more for each stretch that is still on its way.
/// </summary>
public sealed class ArrivedNumbers
{
    private readonly List<NumberRange> _ranges = [];

    public IReadOnlyList<NumberRange> Ranges => _ranges;

    public bool Contains(long number) => At(number) is var at && at >= 0 && number <= _ranges[at].Last;

    /// <summary>A number that has arrived before changes nothing.</summary>
    public void Add(long number)
    {
        var at = At(number);
        if (at >= 0 && number <= _ranges[at].Last)
            return;
        var first = at >= 0 && _ranges[at].Last == number - 1 ? _ranges[at].First : number;
        var joinsNext = at + 1 < _ranges.Count && _ranges[at + 1].First == number + 1;
        var last = joinsNext ? _ranges[at + 1].Last : number;
        if (joinsNext)
            _ranges.RemoveAt(at + 1);
        if (first < number)
            _ranges[at] = new NumberRange(first, last);
        else
            _ranges.Insert(at + 1, new NumberRange(first, last));
    }

    public void Load(IEnumerable<NumberRange> saved) => _ranges.AddRange(saved);

    /// <summary>Index of the last range that begins at or before the number; -1 if none does.</summary>
    private int At(long number) => _ranges.FindLastIndex(range => range.First <= number);
}
