using CarbonMarket.Kernel;

namespace CarbonMarket.Trading.Market;

/// <summary>
/// Ids of documents. What callers name is unique within a market, and the documents of all markets lie in one table: under the
/// caller's id alone somebody could overwrite in one market what is told of another.
/// </summary>
internal static class MarketDocument
{
    /// <summary>
    /// Raised when the ids or the meaning of documents change: they are then made anew from the journal, in tables of their own.
    /// </summary>
    public const int Format = 2;

    /// <param name="market">Id of the market's journal.</param>
    /// <param name="id">As its maker named it.</param>
    public static Guid IdOf(Guid market, Guid id) => DeterministicGuid.From(market, id.ToString("n"));

    /// <inheritdoc cref="IdOf(Guid, Guid)"/>
    public static Guid IdOfTrade(Guid market, long sequence) => DeterministicGuid.From(market, "trade", sequence);
}
