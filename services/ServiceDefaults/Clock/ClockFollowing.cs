using CarbonMarket.Journaling;
using Microsoft.Extensions.Logging;

namespace CarbonMarket.ServiceDefaults.Clock;

/// <summary>
/// What a service does when legal time passes: close sessions, begin years, meet deadlines. Called by the leader at
/// every jump and every second; does nothing when nothing is due, and the same thing once however often it is called.
/// </summary>
public interface IClockFollower
{
    Task Follow(DateTimeOffset legalTime, CancellationToken cancellationToken);
}

/// <summary>The leader's duty of calling the clock followers.</summary>
public sealed class ClockFollowing(
    MarketClock clock, ClockFetching fetching, IEnumerable<IClockFollower> followers, ILogger<ClockFollowing> logger)
    : ILeaderDuty
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public string Name => "clock";

    public bool IsReady => true;

    public async Task Run(CancellationToken untilLost)
    {
        using var jumped = new SemaphoreSlim(0, 1);
        void Wake(object? sender, EventArgs args)
        {
            try
            {
                if (jumped.CurrentCount == 0)
                    jumped.Release();
            }
            catch (SemaphoreFullException)
            {
                logger.LogTrace("Two jumps woke the clock's followers at once");
            }
        }

        clock.Changed += Wake;
        try
        {
            while (!untilLost.IsCancellationRequested)
            {
                // A sandbox that has just started does not know its time yet: followed by the system's, every deadline would pass.
                foreach (var follower in fetching.IsKnown ? followers : [])
                    await Follow(follower, untilLost);
                await jumped.WaitAsync(Tick, untilLost);
            }
        }
        finally
        {
            clock.Changed -= Wake;
        }
    }

    private async Task Follow(IClockFollower follower, CancellationToken untilLost)
    {
        try
        {
            await follower.Follow(clock.GetUtcNow(), untilLost);
        }
        catch (EngineUnavailableException exception)
        {
            logger.LogDebug(exception, "{Follower} waits for its engine", follower.GetType().Name);
        }
        catch (Exception exception) when (!untilLost.IsCancellationRequested)
        {
            logger.LogError(exception, "{Follower} failed; it is called again at the next tick", follower.GetType().Name);
        }
    }
}
