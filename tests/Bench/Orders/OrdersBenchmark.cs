using System.Diagnostics;
using CarbonMarket.Bench.Edges;
using CarbonMarket.Bench.Market;
using Npgsql;

namespace CarbonMarket.Bench.Orders;

/// <summary>
/// From order to durable answer: accept, match, journal in Marten's store, acknowledge. The limits are measured in the same
/// round, in turn, on the same tables, and compared with nothing but their own round.
/// </summary>
internal sealed class OrdersBenchmark : IBenchmark
{
    private const int Callers = 256;
    private const int OneCallerBlocks = 8;
    private const int OneCallerBlock = 150;

    public string Name => "orders";

    public string Summary => "orders a second, durable, and what limits them [--rounds 7] [--seconds 3]";

    public IReadOnlyList<string> Options => ["--rounds", "--seconds"];

    public async Task<object> Run(string[] arguments, CancellationToken cancellationToken)
    {
        var rounds = Math.Max(5, arguments.Number("--rounds", 7));
        var duration = TimeSpan.FromSeconds(arguments.Number("--seconds", 3));
        await using var database = await BenchDatabase.Create(cancellationToken);
        await using var marten = database.OpenStore(MartenOnePerSave.Configure);
        await using var edges = await EdgeRounds.Start(database.Servers, cancellationToken);
        Figures.Say("Warming up ...");
        // Until the compiler is done with what is hot; it has to have seen a snapshot being taken, too.
        var warm = await Measure(database, marten, 0, duration * 3, cancellationToken);
        await edges.Measure(0, warm.EventsPerSecond, duration * 5, cancellationToken);
        var (measured, through) = (new List<OrdersRound>(), new List<EdgesRound>());
        for (var round = 1; round <= rounds; round++)
        {
            measured.Add(await Measure(database, marten, round, duration, cancellationToken));
            Figures.Say($"Round {round} of {rounds}: {measured[^1]}");
            through.Add(await edges.Measure(round, measured[^1].EventsPerSecond, duration, cancellationToken));
            Figures.Say($"  through the gateway: {through[^1]}");
        }
        return new
        {
            InProcess = OrdersFigures.Of(measured),
            GrpcStream = WayFigures.Of(through, round => round.GrpcStream),
            RestBatch = WayFigures.Of(through, round => round.RestBatch),
            RestSingle = WayFigures.Of(through, round => round.RestSingle),
            BareYarpPost = WayFigures.Of(through, round => round.BareYarpPost),
        };
    }

    private static async Task<OrdersRound> Measure(
        BenchDatabase database, Marten.IDocumentStore marten, int round, TimeSpan duration, CancellationToken cancellationToken)
    {
        await database.Clear(cancellationToken);
        await using var market = await RunningMarket.Start(database, $"gansu-{round}", cancellationToken);
        await market.Fund(cancellationToken);
        var callers = Enumerable.Range(0, Callers).Select(caller => new OrderFlow((round * 1000) + caller)).ToList();
        // The book fills before anything counts.
        await InProcess.Call(market, callers, TimeSpan.FromMilliseconds(500), cancellationToken);
        await database.Tell("checkpoint", cancellationToken);
        var many = await InProcess.Call(market, callers, duration, cancellationToken);
        var rows = await JournaledRows.Of(database, cancellationToken);
        await JournaledRows.Clear(database, cancellationToken);
        await database.Tell("checkpoint", cancellationToken);
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var limit = await CopyLimit(rows, connection, duration, cancellationToken);
        var (one, single) = await OneCaller(market, rows, connection, callers[0], cancellationToken);
        await database.Tell("checkpoint", cancellationToken);
        var saves = await MartenOnePerSave.Save(marten, duration / 2, cancellationToken);
        // The server would clean up after them while the ways in and the next round are measured.
        await JournaledRows.Clear(database, cancellationToken);
        await database.Clear(cancellationToken);
        return new OrdersRound(
            many.OrdersPerSecond, many.EventsPerSecond, limit, many.EventsPerSecond / limit, saves, many.EventsPerSecond / saves,
            many.SortedMs.Quantile(0.5), many.SortedMs.Quantile(0.99), one, single, one / single);
    }

    private static async Task<double> CopyLimit(
        JournaledRows rows, NpgsqlConnection connection, TimeSpan duration, CancellationToken cancellationToken)
    {
        var (started, copied) = (Stopwatch.GetTimestamp(), 0L);
        while (Stopwatch.GetElapsedTime(started) < duration)
            copied += await rows.Copy(connection, cancellationToken);
        return copied / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>One caller's median against one row's, in turns of a few hundred milliseconds.</summary>
    private static async Task<(double OneMs, double SingleMs)> OneCaller(
        RunningMarket market, JournaledRows rows, NpgsqlConnection connection, OrderFlow caller, CancellationToken cancellationToken)
    {
        var (one, single) = (new List<double>(), new List<double>());
        await using var insert = await rows.PrepareInsert(connection, cancellationToken);
        for (var block = 0; block < OneCallerBlocks; block++)
        {
            for (var n = 0; n < OneCallerBlock; n++)
            {
                var envelope = caller.Next(RunningMarket.Morning);
                one.Add(await Timed(async () => caller.Learn(envelope.Command, await market.Engine.Execute(envelope, cancellationToken))));
            }
            for (var n = 0; n < OneCallerBlock; n++)
                single.Add(await Timed(() => rows.Insert(insert, cancellationToken)));
        }
        return (one.Median(), single.Median());
    }

    private static async Task<double> Timed(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
