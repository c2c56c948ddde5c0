using CarbonMarket.Journaling;

namespace CarbonMarket.Trading.Market;

/// <summary>How a duty goes along a market's journal while this process leads.</summary>
internal static class GoingAlong
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>Again and again: while the market is not served here it waits, and after a failure it begins anew.</summary>
    /// <param name="follow">Goes on from where it stands, until the market is not served here any more.</param>
    /// <param name="failed">Forgets what the failure may have left half done.</param>
    public static async Task Along(
        this Venue venue, string duty, Func<Task> follow, Action failed, ILogger logger, CancellationToken untilLost)
    {
        while (true)
        {
            var pause = Pause;
            try
            {
                await follow();
            }
            catch (EngineUnavailableException)
            {
                logger.LogDebug("{Market} is not served here for the moment; its {Duty} wait", venue.Market, duty);
            }
            catch (Exception exception) when (!untilLost.IsCancellationRequested)
            {
                logger.LogError(exception, "The {Duty} of {Market} failed and are begun again from what was stored last", duty, venue.Market);
                failed();
                pause = PauseAfterFailure;
            }
            await Task.Delay(pause, TimeProvider.System, untilLost);
        }
    }
}
