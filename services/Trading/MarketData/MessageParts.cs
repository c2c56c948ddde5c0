using System.Collections.Immutable;

namespace CarbonMarket.Trading.MarketData;

/// <summary>
/// What one message may carry, so that every door can send it: a gRPC client takes 4 MB unless it is told otherwise, and
/// 10,000 entries are at most 300 kB there and 1 MB as JSON.
/// </summary>
internal static class MessageParts
{
    public const int MostEntries = 10_000;

    /// <summary>Of all channels of a snapshot that is asked for and not streamed; what is more is streamed, in parts.</summary>
    public const int MostEntriesAtOnce = 100_000;

    /// <summary>A large snapshot in parts that follow each other; all others as they are.</summary>
    public static IEnumerable<MarketDataMessage> InParts(this MarketDataMessage snapshot)
    {
        if (snapshot.Entries <= MostEntries)
            return [snapshot];
        var parts = (snapshot.Entries + MostEntries - 1) / MostEntries;
        return Enumerable.Range(0, parts).Select(part => snapshot with
        {
            Orders = Part(snapshot.Orders, part), Depth = Part(snapshot.Depth, part), Part = part + 1, Parts = parts,
        });
    }

    /// <summary>What one command has changed, in as many increments as it takes.</summary>
    public static IEnumerable<ImmutableArray<T>> Increments<T>(ImmutableArray<T> changes)
    {
        for (var from = 0; from < changes.Length; from += MostEntries)
            yield return changes.Slice(from, Math.Min(MostEntries, changes.Length - from));
    }

    private static ImmutableArray<T>? Part<T>(ImmutableArray<T>? whole, int part) => whole is { } entries
        ? entries.Slice(part * MostEntries, Math.Min(MostEntries, entries.Length - (part * MostEntries)))
        : null;
}
