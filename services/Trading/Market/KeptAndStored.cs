namespace CarbonMarket.Trading.Market;

/// <summary>
/// Auctions, blocks and sales are in the market's memory while they are open or recent, and in the store for ever, where they
/// arrive a moment later: where both tell of one, the memory is right.
/// </summary>
internal static class KeptAndStored
{
    /// <summary>By id, at most so many.</summary>
    public static IReadOnlyList<T> ById<T>(IEnumerable<T> kept, IEnumerable<T> stored, Func<T, Guid> id, int most) =>
        [.. kept.Concat(stored).DistinctBy(id).OrderBy(id).Take(most)];
}
