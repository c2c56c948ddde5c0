namespace CarbonMarket.Contracts.Allocation.V1;

/// <summary>
/// An approved plan gives participants less for the year than they were issued before: the difference is to be returned
/// (多退少补). Envelope of up to 500 lines, told apart by FromLine. Owner: Allocation. Read by: Settlement. Key: PlanId, line.
/// </summary>
public sealed record AllocationLowered
{
    public required string Market { get; init; }

    public required Guid PlanId { get; init; }

    public required int Year { get; init; }

    public required string Instrument { get; init; }

    /// <summary>Number of this envelope's first line among the plan's lowered ones, from 0.</summary>
    public required int FromLine { get; init; }

    public required IReadOnlyList<Line> Lines { get; init; }

    /// <summary>Subject of the official who approved it.</summary>
    public required string ApprovedBy { get; init; }

    public required DateTimeOffset ApprovedAt { get; init; }

    public sealed record Line
    {
        public required Guid ParticipantId { get; init; }

        /// <summary>What the participant should have been issued for the year in all; units of the instrument.</summary>
        public required long Final { get; init; }
    }
}
