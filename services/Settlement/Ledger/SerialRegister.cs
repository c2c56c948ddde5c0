using CarbonMarket.Kernel;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>Serials given out so far by instrument and vintage: from 1, without gaps, never given out twice.</summary>
public sealed class SerialRegister
{
    private readonly SortedDictionary<string, SortedList<ComplianceYear, long>> _last = new(StringComparer.Ordinal);

    public IEnumerable<(string Instrument, ComplianceYear Vintage, long Last)> All =>
        from instrument in _last
        from vintage in instrument.Value
        select (instrument.Key, vintage.Key, vintage.Value);

    public Block Next(string instrument, ComplianceYear vintage, Quantity quantity)
    {
        var last = Last(instrument, vintage);
        return new Block(vintage, last + 1, checked(last + quantity.Value));
    }

    public void Extend(string instrument, Block block)
    {
        var last = Last(instrument, block.Vintage);
        LedgerImbalanceException.Unless(block.First == last + 1 && block.Last >= block.First,
            $"Serials of {instrument} {block.Vintage} go on at {last + 1}, not at {block.First}-{block.Last}.");
        if (!_last.TryGetValue(instrument, out var vintages))
            _last.Add(instrument, vintages = []);
        vintages[block.Vintage] = block.Last;
    }

    private long Last(string instrument, ComplianceYear vintage) =>
        _last.TryGetValue(instrument, out var vintages) ? vintages.GetValueOrDefault(vintage) : 0;
}
