using CarbonMarket.Kernel;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>The units of one account: ranges of serials by instrument and vintage, oldest vintage first.</summary>
public sealed class UnitHoldings
{
    private readonly SortedDictionary<string, SortedList<ComplianceYear, SerialRanges>> _holdings = new(StringComparer.Ordinal);

    public IEnumerable<string> Instruments => _holdings.Keys;

    /// <summary>Units of the instrument, all vintages.</summary>
    public Quantity Of(string instrument) => _holdings.TryGetValue(instrument, out var vintages)
        ? vintages.Values.Aggregate(Quantity.Zero, (sum, ranges) => sum + Quantity.Of(ranges.Count))
        : Quantity.Zero;

    public Quantity Of(string instrument, ComplianceYear vintage) => Quantity.Of(Ranges(instrument, vintage)?.Count ?? 0);

    public IEnumerable<(ComplianceYear Vintage, Quantity Quantity)> Vintages(string instrument) =>
        _holdings.TryGetValue(instrument, out var vintages)
            ? vintages.Select(held => (held.Key, Quantity.Of(held.Value.Count)))
            : [];

    public IEnumerable<(string Instrument, Block Block)> Blocks =>
        from held in _holdings
        from vintage in held.Value
        from range in vintage.Value.Ranges
        select (held.Key, new Block(vintage.Key, range.First, range.Last));

    /// <summary>Those of one instrument, oldest vintages first, then lowest serials.</summary>
    public IEnumerable<Block> BlocksOf(string instrument) => _holdings.TryGetValue(instrument, out var vintages)
        ? vintages.SelectMany(held => held.Value.Ranges, (held, range) => new Block(held.Key, range.First, range.Last))
        : [];

    /// <summary>
    /// The units that leave first: oldest vintages, then lowest serials; or those of one vintage. The caller has made sure
    /// that there are enough.
    /// </summary>
    public Blocks Oldest(string instrument, Quantity quantity, ComplianceYear? vintage = null)
    {
        var blocks = new List<Block>();
        var wanted = quantity.Value;
        foreach (var (year, ranges) in _holdings.GetValueOrDefault(instrument) ?? [])
        {
            if (wanted == 0)
                break;
            if (vintage is { } only && only != year)
                continue;
            var taken = Math.Min(wanted, ranges.Count);
            blocks.AddRange(ranges.Lowest(taken).Select(range => new Block(year, range.First, range.Last)));
            wanted -= taken;
        }
        LedgerImbalanceException.Unless(wanted == 0, $"{wanted} of {quantity} units of {instrument} are not there to move.");
        return new Blocks(blocks);
    }

    /// <summary>Those of the block's units that are here.</summary>
    public IReadOnlyList<Block> Within(string instrument, Block block) =>
        [.. (Ranges(instrument, block.Vintage)?.Within(block.First, block.Last) ?? []).Select(range => block with { First = range.First, Last = range.Last })];

    /// <summary>Whether all of the block's units are here.</summary>
    public bool Contains(string instrument, Block block) => Within(instrument, block) is [var only] && only == block;

    public void Put(string instrument, Block block)
    {
        if (!_holdings.TryGetValue(instrument, out var vintages))
            _holdings.Add(instrument, vintages = []);
        if (!vintages.TryGetValue(block.Vintage, out var ranges))
            vintages.Add(block.Vintage, ranges = new SerialRanges());
        ranges.Add(block.First, block.Last);
    }

    public void Take(string instrument, Block block)
    {
        var ranges = Ranges(instrument, block.Vintage);
        LedgerImbalanceException.Unless(ranges is not null, $"No {instrument} of {block.Vintage} is held.");
        ranges.Remove(block.First, block.Last);
        if (!ranges.IsEmpty)
            return;
        _holdings[instrument].Remove(block.Vintage);
        if (_holdings[instrument].Count == 0)
            _holdings.Remove(instrument);
    }

    private SerialRanges? Ranges(string instrument, ComplianceYear vintage) =>
        _holdings.TryGetValue(instrument, out var vintages) ? vintages.GetValueOrDefault(vintage) : null;
}
