namespace CarbonMarket.Trading.Streaming;

/// <summary>A stream on which nothing happens says so from time to time.</summary>
internal static class Silence
{
    /// <summary>False: nothing came for so long. The wait leaves nothing behind, however often it is begun.</summary>
    public static async Task<bool> CompletesWithin(this Task arrival, TimeSpan silence, CancellationToken cancellationToken)
    {
        try
        {
            await arrival.WaitAsync(silence, TimeProvider.System, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
