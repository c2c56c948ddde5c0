namespace CarbonMarket.Contracts.Settlement.V1;

/// <summary>
/// Outcomes of the clearing run, trade by trade (逐笔全额清算); up to 500. Owner: Settlement. Read by: Trading.
/// Key: Market, Outcome.TradeSequence.
/// </summary>
public sealed record TradesSettled
{
    public required string Market { get; init; }

    public required IReadOnlyList<Outcome> Outcomes { get; init; }

    public sealed record Outcome
    {
        public required Guid TradeId { get; init; }

        public required long TradeSequence { get; init; }

        /// <summary>True: units and cash have changed hands. False: the trade failed and both sides were released.</summary>
        public required bool Settled { get; init; }

        /// <summary>The code of the rule that failed the trade; null when settled.</summary>
        public string? FailureCode { get; init; }

        public required DateTimeOffset At { get; init; }
    }
}
