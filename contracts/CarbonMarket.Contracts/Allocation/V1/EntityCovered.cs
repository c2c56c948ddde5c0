namespace CarbonMarket.Contracts.Allocation.V1;

/// <summary>
/// A participant is a covered entity (重点排放单位) of a market for a span of years, or the span was changed.
/// Owner: Allocation. Read by: Settlement, Verification. Key: Market, ParticipantId, Revision.
/// </summary>
public sealed record EntityCovered
{
    public required string Market { get; init; }

    public required Guid ParticipantId { get; init; }

    /// <summary>First year whose emissions must be verified.</summary>
    public required int FirstYear { get; init; }

    /// <summary>Last such year; null while the entity goes on.</summary>
    public int? LastYear { get; init; }

    /// <summary>Counts from 1 for each entity; a reader ignores a revision that is not above the one it holds.</summary>
    public required long Revision { get; init; }

    public required DateTimeOffset At { get; init; }
}
