namespace CarbonMarket.Contracts.Trading.V1;

/// <summary>
/// Trades of one market, in order, without a gap inside the envelope; up to 500. A reader that has seen a part of it
/// skips that part by sequence. Owner: Trading. Read by: Settlement. Key: Market, Trade.Sequence.
/// </summary>
public sealed record TradesExecuted
{
    public required string Market { get; init; }

    public required long FromSequence { get; init; }

    public required long ToSequence { get; init; }

    public required IReadOnlyList<Trade> Trades { get; init; }

    public sealed record Trade
    {
        /// <summary>Counts from 1 within the market, without gaps.</summary>
        public required long Sequence { get; init; }

        public required Guid TradeId { get; init; }

        public required string Instrument { get; init; }

        public required Guid BuyerParticipantId { get; init; }

        public required Guid SellerParticipantId { get; init; }

        /// <summary>Units of the instrument.</summary>
        public required long Quantity { get; init; }

        /// <summary>Minor units of the market's currency per unit.</summary>
        public required long PriceMinorPerUnit { get; init; }

        /// <summary>continuous, call, auction, block or fixed-price.</summary>
        public required string Mode { get; init; }

        /// <summary>The legal trading day, ISO 8601 (2026-03-31).</summary>
        public required string TradingDay { get; init; }

        /// <summary>Legal time.</summary>
        public required DateTimeOffset ExecutedAt { get; init; }

        /// <summary>What the buyer pays on top of quantity times price, in minor units of the market's currency.</summary>
        public long BuyerFeeMinor { get; init; }

        /// <summary>What goes off the seller's proceeds, likewise.</summary>
        public long SellerFeeMinor { get; init; }
    }
}
