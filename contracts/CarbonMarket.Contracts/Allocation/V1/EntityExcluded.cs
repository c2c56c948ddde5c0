namespace CarbonMarket.Contracts.Allocation.V1;

/// <summary>
/// A covered entity owes nothing for one year, or (Excluded = false) owes it again.
/// Owner: Allocation. Read by: Settlement. Key: Market, ParticipantId, Year, Revision.
/// </summary>
public sealed record EntityExcluded
{
    public required string Market { get; init; }

    public required Guid ParticipantId { get; init; }

    public required int Year { get; init; }

    public required bool Excluded { get; init; }

    /// <summary>The entity's revision, shared with <see cref="EntityCovered"/>.</summary>
    public required long Revision { get; init; }

    public required DateTimeOffset At { get; init; }
}
