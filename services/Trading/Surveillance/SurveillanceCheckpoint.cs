using CarbonMarket.Trading.Market;
using Marten;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>The watch as it stood at a version of the journal, its alerts recorded. May be lost at any time.</summary>
/// <param name="Id">Of the market's journal.</param>
public sealed record SurveillanceCheckpoint(Guid Id, int Format, WatchState State);

public sealed class SurveillanceCheckpoints(IDocumentStore store)
{
    public async Task<MarketWatch> Load(Venue venue, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.LoadAsync<SurveillanceCheckpoint>(venue.Stream, cancellationToken) is { Format: MarketWatch.Format } saved
            ? MarketWatch.Load(venue.Packs, saved.State)
            : new MarketWatch(venue.Packs);
    }

    public async Task Save(Venue venue, MarketWatch watch, CancellationToken cancellationToken)
    {
        await using var session = store.LightweightSession();
        session.Store(new SurveillanceCheckpoint(venue.Stream, MarketWatch.Format, watch.Save()));
        await session.SaveChangesAsync(cancellationToken);
    }
}
