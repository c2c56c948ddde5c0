using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Holds;

public enum HoldKind
{
    /// <summary>A transaction that is not completed has taken them up.</summary>
    Transaction,

    /// <summary>An authority has frozen them (司法冻结).</summary>
    Freeze,

    /// <summary>They secure a debt (质押).</summary>
    Pledge,

    /// <summary>They are to be carried over (结转).</summary>
    CarryOver,
}

/// <summary>Why units stay where they are. Several holds may lie on one unit; it moves when the last has ended.</summary>
/// <param name="ImposedBy">The official who froze or pledged them; null: nobody did, or a snapshot of before does not say.</param>
public sealed record UnitHold(Guid HoldId, HoldKind Kind, string Instrument, Blocks Blocks, string? ImposedBy = null)
{
    public bool Overlaps(string instrument, Block block) => Instrument == instrument
        && Blocks.Any(held => held.Vintage == block.Vintage && held.First <= block.Last && block.First <= held.Last);
}
