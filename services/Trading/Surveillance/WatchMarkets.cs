using System.Diagnostics;
using CarbonMarket.Journaling;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>
/// While this process leads, each market's committed events are watched. Trading waits for none of it: whatever fails here is
/// begun anew from the last checkpoint, and alerts that were recorded before are known by their ids.
/// </summary>
public sealed class WatchMarkets(
    Venues venues, SurveillanceCheckpoints checkpoints, RecordAlerts record, SurveillanceInstruments instruments,
    SurveillanceOptions options, ILogger<WatchMarkets> logger) : ILeaderDuty
{
    private const int MostTogether = 100;

    /// <summary>Within a day: a busy market's watch is large, and to write it down every few seconds would be the market's load.</summary>
    private static readonly TimeSpan BetweenCheckpoints = TimeSpan.FromMinutes(1);

    public string Name => "surveillance";

    public bool IsReady => true;

    public Task Run(CancellationToken untilLost) => Task.WhenAll(venues.All.Select(venue => Serve(venue, untilLost)));

    private Task Serve(Venue venue, CancellationToken untilLost)
    {
        MarketWatch? watch = null;
        return venue.Along(Name, Follow, failed: () => watch = null, logger, untilLost);

        async Task Follow()
        {
            watch ??= await checkpoints.Load(venue, untilLost);
            await Watch(venue, watch, untilLost);
        }
    }

    private async Task Watch(Venue venue, MarketWatch watch, CancellationToken untilLost)
    {
        var (saved, savedDay, savedAt, withheld) = (watch.Version, watch.LastClosedDay, Stopwatch.GetTimestamp(), watch.Withheld);
        var alerts = new List<Alert>();
        try
        {
            await foreach (var command in venue.Engine.Follow(watch.Version, untilLost))
            {
                var raised = watch.Evolve(command);
                if (!raised.IsEmpty)
                    alerts.AddRange(raised);
                // Behind, alerts are recorded together: more commands are sure to come. Otherwise at once.
                if (alerts.Count >= MostTogether || watch.Version >= venue.Engine.Version)
                    await Record();
                var isDue = watch.LastClosedDay != savedDay
                    || (watch.Version - saved >= options.CheckpointEvery && Stopwatch.GetElapsedTime(savedAt) >= BetweenCheckpoints);
                if (!isDue)
                    continue;
                await Record();
                await checkpoints.Save(venue, watch, untilLost);
                (saved, savedDay, savedAt) = (watch.Version, watch.LastClosedDay, Stopwatch.GetTimestamp());
            }
        }
        catch (EngineUnavailableException)
        {
            // The watch goes on from here later, and raises none of these again.
            await Record();
            throw;
        }

        async Task Record()
        {
            if (alerts.Count > 0)
                await record.Record(alerts, untilLost);
            alerts.Clear();
            if (watch.Withheld > withheld)
                instruments.Withheld(venue.Market, watch.Withheld - withheld);
            withheld = watch.Withheld;
        }
    }
}
