using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Clearing;

namespace CarbonMarket.Settlement.CarryOvers;

/// <summary>What a participant sold and bought in one calendar year of trading days, of one instrument and vintage; settled trades only.</summary>
public sealed record TradedUnits(Guid ParticipantId, int Year, string Instrument, ComplianceYear Vintage, Quantity Sold, Quantity Bought);

/// <summary>
/// Settled trades as the carry-over asks for them. One entry for each participant, year, instrument and vintage that it
/// traded: they do not grow with the number of trades.
/// </summary>
public sealed class NetSales
{
    private readonly Dictionary<(Guid ParticipantId, int Year, string Instrument, ComplianceYear Vintage), (Quantity Sold, Quantity Bought)> _traded = [];
    private readonly Dictionary<Guid, SortedSet<(int Year, string Instrument, ComplianceYear Vintage)>> _ofParticipant = [];

    public IEnumerable<TradedUnits> All => _traded.Select(entry => new TradedUnits(
        entry.Key.ParticipantId, entry.Key.Year, entry.Key.Instrument, entry.Key.Vintage, entry.Value.Sold, entry.Value.Bought));

    /// <summary>Of the vintages that are carried over, traded in the years that count.</summary>
    public (Quantity Sold, Quantity Bought) Of(Guid participantId, CarryOverRules rules, Func<string, bool> isAllowance)
    {
        var (sold, bought) = (Quantity.Zero, Quantity.Zero);
        foreach (var (year, instrument, vintage) in _ofParticipant.GetValueOrDefault(participantId) ?? [])
        {
            if (year < rules.FirstTradingYear || year > rules.LastTradingYear || !rules.Carries(vintage.Value) || !isAllowance(instrument))
                continue;
            var traded = _traded[(participantId, year, instrument, vintage)];
            (sold, bought) = (sold + traded.Sold, bought + traded.Bought);
        }
        return (sold, bought);
    }

    public void Note(DateOnly tradingDay, TradeSettled e)
    {
        foreach (var (vintage, quantity) in e.Blocks.Vintages)
        {
            Add(new TradedUnits(e.SellerParticipantId, tradingDay.Year, e.Instrument, vintage, quantity, Quantity.Zero));
            Add(new TradedUnits(e.BuyerParticipantId, tradingDay.Year, e.Instrument, vintage, Quantity.Zero, quantity));
        }
    }

    internal void Add(TradedUnits traded)
    {
        var key = (traded.ParticipantId, traded.Year, traded.Instrument, traded.Vintage);
        var known = _traded.GetValueOrDefault(key);
        _traded[key] = (known.Sold + traded.Sold, known.Bought + traded.Bought);
        if (!_ofParticipant.TryGetValue(traded.ParticipantId, out var entries))
            _ofParticipant.Add(traded.ParticipantId, entries = new(ByYear));
        entries.Add((traded.Year, traded.Instrument, traded.Vintage));
    }

    internal ImmutableArray<TradedUnits> Parts() =>
        [.. All.OrderBy(entry => entry.ParticipantId).ThenBy(entry => entry.Year).ThenBy(entry => entry.Instrument, StringComparer.Ordinal).ThenBy(entry => entry.Vintage)];

    private static readonly Comparer<(int Year, string Instrument, ComplianceYear Vintage)> ByYear = Comparer<(int Year, string Instrument, ComplianceYear Vintage)>.Create(
        (left, right) => left.Year != right.Year ? left.Year.CompareTo(right.Year)
            : string.CompareOrdinal(left.Instrument, right.Instrument) is not 0 and var order ? order
            : left.Vintage.CompareTo(right.Vintage));
}
