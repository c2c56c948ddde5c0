namespace CarbonMarket.Contracts.Settlement.V1;

/// <summary>
/// What the ledger made of lines of approved allocation plans: units issued, or kept back for deductions (核减); up to 500 in ledger
/// order. A line of which a part is kept back comes in two. Owner: Settlement. Read by: Allocation. Key: Market, Booking.Version.
/// </summary>
public sealed record AllocationsBooked
{
    public required string Market { get; init; }

    public required IReadOnlyList<Booking> Bookings { get; init; }

    public sealed record Booking
    {
        public required Guid PlanId { get; init; }

        public required Guid ParticipantId { get; init; }

        /// <summary>Units issued.</summary>
        public required long Issued { get; init; }

        /// <summary>Units kept back.</summary>
        public required long Deducted { get; init; }

        /// <summary>Grows with every change of the market's ledger.</summary>
        public required long Version { get; init; }

        public required DateTimeOffset At { get; init; }
    }
}
