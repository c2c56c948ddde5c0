using System.Buffers.Binary;
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
    public const int Format = 4;

    private const int HalfAnId = 8;

    /// <summary>The two bits by which an id says that it is one of RFC 9562; its version is that of the market's id.</summary>
    private const long Variant = long.MinValue;

    /// <param name="market">Id of the market's journal.</param>
    /// <param name="id">As its maker named it.</param>
    public static Guid IdOf(Guid market, Guid id) => DeterministicGuid.From(market, id.ToString("n"));

    /// <summary>
    /// Begins with half of the market's id and ends with the sequence: a market's trades lie side by side in their order. Under ids
    /// without order each of them would be entered on another page of the index, and most pages be written whole again.
    /// </summary>
    /// <param name="market">Id of the market's journal.</param>
    /// <param name="sequence">Counts its trades.</param>
    public static Guid IdOfTrade(Guid market, long sequence)
    {
        Span<byte> id = stackalloc byte[HalfAnId * 2];
        market.TryWriteBytes(id, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(id[HalfAnId..], sequence | Variant);
        return new Guid(id, bigEndian: true);
    }
}
