using CarbonMarket.Trading.Market;
using Marten;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>The watch as it stood at a version of the journal, its alerts recorded. May be lost at any time.</summary>
/// <param name="Id">Of the market's journal.</param>
/// <param name="Packed">See <see cref="PackedState"/>. Null in checkpoints that were saved otherwise.</param>
public sealed record SurveillanceCheckpoint(Guid Id, int Format, byte[]? Packed);

public sealed class SurveillanceCheckpoints(IDocumentStore store)
{
    public async Task<MarketWatch> Load(Venue venue, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.LoadAsync<SurveillanceCheckpoint>(venue.Stream, cancellationToken) is { Format: MarketWatch.Format, Packed: { } packed }
            ? MarketWatch.Load(venue.Packs, PackedState.Unpack<WatchState>(store, packed))
            : new MarketWatch(venue.Packs);
    }

    public async Task Save(Venue venue, MarketWatch watch, CancellationToken cancellationToken)
    {
        await using var session = store.LightweightSession();
        session.Store(new SurveillanceCheckpoint(venue.Stream, MarketWatch.Format, PackedState.Pack(store, watch.Save())));
        await session.SaveChangesAsync(cancellationToken);
    }
}
