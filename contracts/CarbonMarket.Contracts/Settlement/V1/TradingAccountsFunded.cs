namespace CarbonMarket.Contracts.Settlement.V1;

/// <summary>
/// Units or cash arrived on trading accounts from outside trading (a transfer in, a deposit); up to 500 in ledger order.
/// Owner: Settlement. Read by: Trading. Key: Market, Funding.Number.
/// </summary>
public sealed record TradingAccountsFunded
{
    public required string Market { get; init; }

    public required IReadOnlyList<Funding> Fundings { get; init; }

    public sealed record Funding
    {
        /// <summary>The transfer's or deposit's id.</summary>
        public required Guid FundingId { get; init; }

        /// <summary>Counts the market's fundings from 1 without gaps; null on one that is older than the count.</summary>
        public long? Number { get; init; }

        public required Guid ParticipantId { get; init; }

        /// <summary>Null when cash arrived.</summary>
        public string? Instrument { get; init; }

        public required long Quantity { get; init; }

        public required long CashMinor { get; init; }

        /// <summary>True when the authority issued the units onto the trading account, where they are to be auctioned.</summary>
        public bool ForAuction { get; init; }

        public required DateTimeOffset At { get; init; }
    }
}
