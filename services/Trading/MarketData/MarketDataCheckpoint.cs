using System.Buffers;
using System.Collections.Immutable;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Streaming;
using Marten;

namespace CarbonMarket.Trading.MarketData;

/// <summary>The fold as it stood at a version of the journal, so that a start need not fold all of it. May be lost at any time.</summary>
/// <param name="Id">Of the market's journal.</param>
/// <param name="Packed">
/// The fold's state as JSON, compressed (zlib): as a document of its own it would be megabytes that the server takes apart and nobody
/// asks for. Null in checkpoints that were saved otherwise.
/// </param>
public sealed record MarketDataCheckpoint(Guid Id, int Format, byte[]? Packed);

/// <summary>A finished bar as a document.</summary>
/// <param name="Id">Made of market, instrument, interval and start: saved again it is the same.</param>
/// <param name="Market">Id of the market's journal.</param>
public sealed record BarView(Guid Id, Guid Market, string Instrument, BarInterval Interval, long StartsAtSeconds, Bar Bar)
{
    public static BarView Of(Guid market, string instrument, Bar bar)
    {
        var start = bar.StartsAt.ToUnixTimeSeconds();
        return new BarView(DeterministicGuid.From(market, $"bar:{instrument}:{bar.Interval}", start), market, instrument, bar.Interval, start, bar);
    }
}

/// <summary>Keeps the folds in the store, each with the bars that it then no longer has to hold.</summary>
public sealed class MarketDataCheckpoints(IDocumentStore store)
{
    public async Task<MarketDataFold> Load(Venue venue, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.LoadAsync<MarketDataCheckpoint>(venue.Stream, cancellationToken) is { Format: MarketDataFold.Format, Packed: { } packed }
            ? MarketDataFold.Load(venue.Packs, Unpack(packed))
            : new MarketDataFold(venue.Packs);
    }

    public async Task Save(Venue venue, MarketDataPublisher publisher, CancellationToken cancellationToken)
    {
        var (state, finished) = publisher.Capture();
        await using var session = store.LightweightSession();
        foreach (var (instrument, bars) in finished)
            session.Store(bars.Select(bar => BarView.Of(venue.Stream, instrument, bar)));
        session.Store(new MarketDataCheckpoint(venue.Stream, MarketDataFold.Format, Pack(state)));
        await session.SaveChangesAsync(cancellationToken);
        publisher.Forget(finished);
    }

    private byte[] Pack(MarketDataState state)
    {
        var json = new ArrayBufferWriter<byte>();
        store.Options.Serializer().WriteTo(json, state);
        return Zlib.Compress(json.WrittenSpan);
    }

    private MarketDataState Unpack(byte[] packed)
    {
        using var json = new MemoryStream(Zlib.Decompress(packed));
        return store.Options.Serializer().FromJson<MarketDataState>(json);
    }
}

/// <summary>The publishers of the markets that trade here.</summary>
public sealed class MarketDataPublishers(PolicyPackCatalog packs, StreamingOptions options)
{
    private readonly ImmutableSortedDictionary<string, MarketDataPublisher> _publishers = packs.Markets.ToImmutableSortedDictionary(
        market => market, market => new MarketDataPublisher(packs.Versions(market), options), StringComparer.Ordinal);

    public MarketDataPublisher this[string market] => _publishers[market];
}
