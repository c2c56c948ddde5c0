using System.Diagnostics;

namespace CarbonMarket.Bench;

/// <summary>
/// <c>./bench matching --input FILE.csv</c>: a workload file in the market's own code, without journal. Validation, buying
/// power and self-trade prevention are on, and every order comes from a participant of its own who can pay for it.
/// </summary>
internal sealed class MatchingBenchmark : IBenchmark
{
    private const int UsualRounds = 9;
    private const int WarmUps = 3;

    public string Name => "matching";

    public string Summary => "--input FILE.csv [--rounds N]: a workload file through the matching engine";

    public IReadOnlyList<string> Options => ["--input", "--rounds"];

    public Task<object> Run(string[] arguments, CancellationToken cancellationToken)
    {
        var operations = Workload.Read(InputOf(arguments));
        WorkloadResult? expected = null;
        var speeds = new List<double>();
        var bytes = 0.0;
        for (var round = -WarmUps; round < arguments.Number("--rounds", UsualRounds); round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var replay = new WorkloadReplay(operations);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            replay.All();
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)operations.Length;
            expected ??= replay.Result;
            if (replay.Result != expected)
                throw new InvalidOperationException($"The same operations came to {expected} and to {replay.Result}.");
            if (round < 0)
                continue;
            speeds.Add(operations.Length / seconds);
            Figures.Say($"round {round + 1}: {operations.Length / seconds / 1e6:0.00} million operations/s");
        }
        var single = Single(operations);
        return Task.FromResult<object>(new
        {
            operations = operations.Length,
            operationsPerSecond = speeds.Median().Rounded(),
            slowestRound = speeds.Min().Rounded(),
            fastestRound = speeds.Max().Rounded(),
            nsPerOperationP50 = single.Quantile(0.5),
            nsPerOperationP99 = single.Quantile(0.99),
            nsPerOperationP999 = single.Quantile(0.999),
            bytesAllocatedPerOperation = bytes.Rounded(),
            trades = expected!.Trades,
            tradedQuantity = expected.Quantity,
            checksum = expected.Checksum,
            cancelsRejected = expected.CancelsRejected,
            restingOrders = expected.Resting,
        });
    }

    private static string InputOf(string[] arguments) =>
        arguments.Word("--input") is { } file && File.Exists(file)
            ? file
            : throw new ArgumentException("--input names a workload file: op,orderId,side,price,qty in each line.", nameof(arguments));

    /// <summary>Each operation timed by itself, the clock's own cost taken off; sorted, in nanoseconds.</summary>
    private static List<double> Single(Operation[] operations)
    {
        var replay = new WorkloadReplay(operations);
        var ticks = new long[operations.Length];
        GC.Collect();
        for (var i = 0; i < operations.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            replay.One(operations[i]);
            ticks[i] = Stopwatch.GetTimestamp() - started;
        }
        var idle = new long[100_000];
        for (var i = 0; i < idle.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            idle[i] = Stopwatch.GetTimestamp() - started;
        }
        Array.Sort(idle);
        Array.Sort(ticks);
        return [.. ticks.Select(tick => Math.Max(0, tick - idle[idle.Length / 2]) * 1e9 / Stopwatch.Frequency)];
    }
}
