using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Streaming;
using Marten;

namespace CarbonMarket.Trading.MarketData;

/// <summary>The fold as it stood at a version of the journal, so that a start need not fold all of it. May be lost at any time.</summary>
/// <param name="Id">Of the market's journal.</param>
/// <param name="Packed">See <see cref="PackedState"/>. Null in checkpoints that were saved otherwise.</param>
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
            ? MarketDataFold.Load(venue.Packs, PackedState.Unpack<MarketDataState>(store, packed))
            : new MarketDataFold(venue.Packs);
    }

    public async Task Save(Venue venue, MarketDataPublisher publisher, CancellationToken cancellationToken)
    {
        var (state, finished) = publisher.Capture();
        await using var session = store.LightweightSession();
        foreach (var (instrument, bars) in finished)
            session.Store(bars.Select(bar => BarView.Of(venue.Stream, instrument, bar)));
        session.Store(new MarketDataCheckpoint(venue.Stream, MarketDataFold.Format, PackedState.Pack(store, state)));
        await session.SaveChangesAsync(cancellationToken);
        publisher.Forget(finished);
    }
}

/// <summary>The publishers of the markets that trade here.</summary>
public sealed class MarketDataPublishers(PolicyPackCatalog packs, StreamingOptions options)
{
    private readonly ImmutableSortedDictionary<string, MarketDataPublisher> _publishers = packs.Markets.ToImmutableSortedDictionary(
        market => market, market => new MarketDataPublisher(packs.Versions(market), options), StringComparer.Ordinal);

    public MarketDataPublisher this[string market] => _publishers[market];
}
