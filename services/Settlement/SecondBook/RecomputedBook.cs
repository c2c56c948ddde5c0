using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;

namespace CarbonMarket.Settlement.SecondBook;

/// <summary>What one side says an account has of one asset and vintage.</summary>
/// <param name="Serials">The units, ascending, neighbours joined; empty for cash.</param>
public sealed record BookedHolding(long Amount, ImmutableArray<SerialRange> Serials)
{
    public static BookedHolding Nothing { get; } = new(0, []);

    public bool Is(BookedHolding other) => Amount == other.Amount && Serials.AsSpan().SequenceEqual(other.Serials.AsSpan());
}

/// <summary>
/// The second book (独立账): every account reckoned anew from the postings alone. It adds and subtracts and follows each unit
/// from hand to hand, and shares nothing with the ledger that it is held against.
/// </summary>
public sealed class RecomputedBook
{
    private readonly Dictionary<Position, long> _amounts = [];
    private readonly Dictionary<(string Asset, ComplianceYear Vintage), UnitOwners> _owners = [];
    private readonly HashSet<Position> _misstated = [];

    public long Postings { get; private set; }

    /// <summary>Positions whose stated balance was not the sum of their postings at some place.</summary>
    public IReadOnlySet<Position> Misstated => _misstated;

    public void Enter(Posting posting)
    {
        Postings++;
        var position = new Position(posting.AccountId, posting.Asset, posting.Vintage);
        var amount = _amounts[position] = _amounts.GetValueOrDefault(position) + posting.In - posting.Out;
        if (amount != posting.VintageBalance)
            _misstated.Add(position);
        if (posting.In == 0 || posting.Vintage is not { } vintage)
            return;
        if (!_owners.TryGetValue((posting.Asset, vintage), out var owners))
            _owners.Add((posting.Asset, vintage), owners = new UnitOwners());
        foreach (var serials in posting.Serials)
            owners.Give(serials.First, serials.Last, posting.AccountId);
    }

    /// <summary>What every account has, positions that came to nothing left out.</summary>
    public Dictionary<Position, BookedHolding> Holdings()
    {
        var serials = (
            from series in _owners
            from run in series.Value.Runs
            group new SerialRange(run.First, run.Last) by new Position(run.Owner, series.Key.Asset, series.Key.Vintage))
            .ToDictionary(runs => runs.Key, runs => SerialRuns.Joined(runs));
        return _amounts.Keys.Union(serials.Keys)
            .Select(position => (position, Holding: new BookedHolding(_amounts.GetValueOrDefault(position), serials.GetValueOrDefault(position, []))))
            .Where(booked => !booked.Holding.Is(BookedHolding.Nothing))
            .ToDictionary(booked => booked.position, booked => booked.Holding);
    }
}

internal static class SerialRuns
{
    /// <summary>Ascending, with neighbours joined into one.</summary>
    public static ImmutableArray<SerialRange> Joined(IEnumerable<SerialRange> ranges)
    {
        var joined = new List<SerialRange>();
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (joined.Count > 0 && joined[^1].Last + 1 == range.First)
                joined[^1] = joined[^1] with { Last = range.Last };
            else
                joined.Add(range);
        }
        return [.. joined];
    }
}
