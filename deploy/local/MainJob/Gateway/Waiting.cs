using System.Diagnostics;

namespace CarbonMarket.MainJob.Gateway;

/// <summary>Waiting for an effect that arrives by way of events: reads until it is there, and says what is missing if it never is.</summary>
public sealed class Waiting(TimeSpan patience)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <param name="missing">What is not there yet, as a sentence; null when everything is.</param>
    public async Task Until(string effect, Func<Task<string?>> missing, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        for (var pause = FirstPause; await missing() is { } lacking; pause = Longer(pause))
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
                throw new TimeoutException($"Waited {patience.TotalSeconds:0} s for {effect}. {lacking}");
            await Task.Delay(pause, stopping);
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;
}
