using CarbonMarket.Journaling;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Streaming;

namespace CarbonMarket.Trading.MarketData;

/// <summary>
/// While this process leads, each market's committed events go to its publisher. Trading waits for none of it: whatever
/// fails here is begun anew from the last checkpoint, and consumers are told to come again.
/// </summary>
public sealed class PublishMarketData(
    Venues venues, MarketDataPublishers publishers, MarketDataCheckpoints checkpoints, StreamingOptions options,
    ILogger<PublishMarketData> logger) : ILeaderDuty
{
    public string Name => "market data";

    public bool IsReady => true;

    public Task Run(CancellationToken untilLost) => Task.WhenAll(venues.All.Select(venue => Serve(venue, publishers[venue.Market], untilLost)));

    private Task Serve(Venue venue, MarketDataPublisher publisher, CancellationToken untilLost)
    {
        var isWhole = false;
        return venue.Along(Name, Follow, failed: () => isWhole = false, logger, untilLost);

        async Task Follow()
        {
            try
            {
                if (!isWhole)
                    publisher.Begin(await checkpoints.Load(venue, untilLost));
                isWhole = true;
                await Publish(venue, publisher, untilLost);
            }
            finally
            {
                publisher.Close();
            }
        }
    }

    private async Task Publish(Venue venue, MarketDataPublisher publisher, CancellationToken untilLost)
    {
        var saved = publisher.Version;
        var (isLive, head) = (false, await venue.Read(_ => venue.Engine.Version, untilLost));
        if (publisher.Version >= head)
            GoLive();
        await foreach (var command in venue.Engine.Follow(publisher.Version, untilLost))
        {
            publisher.Publish(command);
            if (!isLive && command.LastVersion >= head)
                GoLive();
            if (command.LastVersion - saved < options.CheckpointEvery)
                continue;
            await checkpoints.Save(venue, publisher, untilLost);
            saved = command.LastVersion;
        }

        void GoLive()
        {
            isLive = true;
            publisher.GoLive();
            logger.LogInformation("The data of {Market} are live at version {Version}", venue.Market, publisher.Version);
        }
    }
}
