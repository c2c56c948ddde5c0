namespace CarbonMarket.Contracts.Allocation.V1;

/// <summary>
/// An allocation plan was approved by a second official; its units are to be issued. Envelope of up to 500 lines; a plan
/// with more lines comes in several, told apart by FromLine. Owner: Allocation. Read by: Settlement. Key: PlanId, line.
/// </summary>
public sealed record AllocationApproved
{
    public required string Market { get; init; }

    public required Guid PlanId { get; init; }

    public required int Year { get; init; }

    /// <summary>The instrument to issue, as the policy pack names it.</summary>
    public required string Instrument { get; init; }

    /// <summary>Number of this envelope's first line within the plan, from 0.</summary>
    public required int FromLine { get; init; }

    public required IReadOnlyList<Line> Lines { get; init; }

    public required DateTimeOffset ApprovedAt { get; init; }

    public sealed record Line
    {
        public required Guid ParticipantId { get; init; }

        /// <summary>Units of the instrument.</summary>
        public required long Quantity { get; init; }

        /// <summary>Onto the province's account for the participant (省级账户), not onto its own.</summary>
        public bool InTrust { get; init; }
    }
}
