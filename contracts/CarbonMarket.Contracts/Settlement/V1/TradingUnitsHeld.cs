namespace CarbonMarket.Contracts.Settlement.V1;

/// <summary>
/// Units that lie on trading accounts and may not move, because a court has frozen them, they are pledged, or a transaction of the
/// registry has taken them up; up to 500 in ledger order. Each says how many are held from then on, and the one with the higher
/// version counts. Owner: Settlement. Read by: Trading. Key: Market, Hold.ParticipantId, Hold.Instrument.
/// </summary>
public sealed record TradingUnitsHeld
{
    public required string Market { get; init; }

    public required IReadOnlyList<Hold> Holds { get; init; }

    public sealed record Hold
    {
        public required Guid ParticipantId { get; init; }

        public required string Instrument { get; init; }

        /// <summary>All holds together; 0: nothing is held any more.</summary>
        public required long Quantity { get; init; }

        /// <summary>Grows with every change of the market's ledger.</summary>
        public required long Version { get; init; }

        public required DateTimeOffset At { get; init; }
    }
}
