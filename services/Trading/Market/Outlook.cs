using System.Collections.Immutable;

namespace CarbonMarket.Trading.Market;

/// <summary>A market as it will be once all that is due by a moment has happened.</summary>
/// <param name="LastDue">The latest of the moments that were due.</param>
/// <param name="Ahead">For deciders to read.</param>
/// <param name="Overdue">The facts that lead there.</param>
public sealed record Outlook(DateTimeOffset LastDue, MarketState Ahead, ImmutableArray<MarketEvent> Overdue)
{
    /// <summary>True when neither more nor less is due by this moment.</summary>
    public bool Holds(DateTimeOffset by) => LastDue <= by && (Ahead.NextDue is not { } next || next > by);
}
