using System.Diagnostics;

namespace CarbonMarket.Bench.Edges;

/// <summary>What callers outside saw: each sends its next request when the one before is answered.</summary>
internal sealed record EdgeFigures(long Requests, double Seconds, IReadOnlyList<double> SortedMs)
{
    public double PerSecond => Requests / Seconds;

    public EdgeFigures With(EdgeFigures other) =>
        new(Requests + other.Requests, Seconds + other.Seconds, [.. SortedMs.Concat(other.SortedMs).Order()]);
}

internal static class EdgeCallers
{
    /// <param name="ask">One request of a caller, by its number, and its answer.</param>
    public static async Task<EdgeFigures> Call(int callers, TimeSpan duration, Func<int, Task> ask)
    {
        var started = Stopwatch.GetTimestamp();
        var seen = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => Call(caller, started, duration, ask))));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var sorted = seen.SelectMany(one => one).Order().ToList();
        return new EdgeFigures(sorted.Count, seconds, sorted);
    }

    private static async Task<List<double>> Call(int caller, long started, TimeSpan duration, Func<int, Task> ask)
    {
        var milliseconds = new List<double>(4096);
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            var asked = Stopwatch.GetTimestamp();
            await ask(caller);
            milliseconds.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }
        return milliseconds;
    }
}
