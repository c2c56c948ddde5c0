using System.Diagnostics;
using CarbonMarket.Bench.Market;

namespace CarbonMarket.Bench.Orders;

/// <summary>What callers in the process saw: each sends its next order when the one before is answered, and so durable.</summary>
internal sealed record CallersFigures(long Orders, long Events, double Seconds, IReadOnlyList<double> SortedMs)
{
    public double OrdersPerSecond => Orders / Seconds;

    public double EventsPerSecond => Events / Seconds;
}

internal static class InProcess
{
    public static async Task<CallersFigures> Call(
        RunningMarket market, IReadOnlyList<OrderFlow> callers, TimeSpan duration, CancellationToken cancellationToken)
    {
        var before = market.Engine.Version;
        var started = Stopwatch.GetTimestamp();
        var seen = await Task.WhenAll(callers.Select(caller => Task.Run(() => Call(market, caller, started, duration, cancellationToken))));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var sorted = seen.SelectMany(one => one).Order().ToList();
        return new CallersFigures(sorted.Count, market.Engine.Version - before, seconds, sorted);
    }

    private static async Task<List<double>> Call(
        RunningMarket market, OrderFlow caller, long started, TimeSpan duration, CancellationToken cancellationToken)
    {
        var milliseconds = new List<double>(4096);
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            var envelope = caller.Next(RunningMarket.Morning);
            var asked = Stopwatch.GetTimestamp();
            var outcome = await market.Engine.Execute(envelope, cancellationToken);
            milliseconds.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            caller.Learn(envelope.Command, outcome);
        }
        return milliseconds;
    }
}
