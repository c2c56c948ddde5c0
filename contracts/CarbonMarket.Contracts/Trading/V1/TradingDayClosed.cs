namespace CarbonMarket.Contracts.Trading.V1;

/// <summary>
/// A trading day is over; its trades may be cleared once all up to <see cref="LastTradeSequence"/> have arrived.
/// Owner: Trading. Read by: Settlement. Key: Market, TradingDay.
/// </summary>
public sealed record TradingDayClosed
{
    public required string Market { get; init; }

    /// <summary>ISO 8601 date.</summary>
    public required string TradingDay { get; init; }

    /// <summary>Sequence of the market's last trade so far; 0 if there never was one.</summary>
    public required long LastTradeSequence { get; init; }

    public required IReadOnlyList<Close> Closes { get; init; }

    public required DateTimeOffset ClosedAt { get; init; }

    public sealed record Close
    {
        public required string Instrument { get; init; }

        /// <summary>Closing price in minor units per unit; null until the instrument has a first price.</summary>
        public long? PriceMinorPerUnit { get; init; }

        /// <summary>Units traded that day, all modes.</summary>
        public required long Volume { get; init; }
    }
}
