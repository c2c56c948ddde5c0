using System.Runtime.InteropServices;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Clearing;

/// <summary>
/// What a trading account would have after the trades that a clearing run has tried on it; the account itself stays as it
/// is. Costs what those trades move, however much lies on the account.
/// </summary>
internal sealed class TriedAccount(Account account)
{
    private readonly Dictionary<string, TriedUnits> _units = new(StringComparer.Ordinal);

    public Guid Id => account.Id;

    public Guid ParticipantId => account.ParticipantId;

    public Money Cash { get; private set; } = account.Cash;

    public TriedUnits Units(string instrument)
    {
        ref var units = ref CollectionsMarshal.GetValueRefOrAddDefault(_units, instrument, out _);
        return units ??= new TriedUnits(account.Units, instrument);
    }

    public void Debit(Money amount) => Cash -= amount;

    public void Credit(Money amount) => Cash += amount;
}

/// <summary>
/// Units of one instrument, of which those leave first that <see cref="UnitHoldings.Oldest"/> names: what the account has is
/// looked at in that order, no further than it leaves, and what comes in takes its place among it.
/// </summary>
internal sealed class TriedUnits
{
    private readonly PriorityQueue<(Block Block, bool Settled), (ComplianceYear Vintage, long First)> _lowest = new();
    private readonly IEnumerator<Block> _settled;

    public TriedUnits(UnitHoldings holdings, string instrument)
    {
        Quantity = holdings.Of(instrument);
        _settled = holdings.BlocksOf(instrument).GetEnumerator();
        LookAtNext();
    }

    public Quantity Quantity { get; private set; }

    public void Put(Block block)
    {
        Queue(block, settled: false);
        Quantity += block.Quantity;
    }

    /// <summary>The caller has made sure that there are enough.</summary>
    public Blocks Take(Quantity quantity)
    {
        Quantity -= quantity;
        var taken = new List<Block>();
        for (var wanted = quantity.Value; wanted > 0;)
        {
            var (block, settled) = _lowest.Dequeue();
            var part = block with { Last = Math.Min(block.Last, block.First + wanted - 1) };
            wanted -= part.Quantity.Value;
            if (part.Last < block.Last)
                Queue(block with { First = part.Last + 1 }, settled);
            else if (settled)
                LookAtNext();
            if (taken is [.., var last] && last.Vintage == part.Vintage && last.Last + 1 == part.First)
                taken[^1] = last with { Last = part.Last };
            else
                taken.Add(part);
        }
        return new Blocks(taken);
    }

    private void Queue(Block block, bool settled) => _lowest.Enqueue((block, settled), (block.Vintage, block.First));

    private void LookAtNext()
    {
        if (_settled.MoveNext())
            Queue(_settled.Current, settled: true);
    }
}
