using System.Diagnostics;
using System.IO.Hashing;
using CarbonMarket.Bench.Market;
using CarbonMarket.Journaling;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Bench.Replay;

/// <summary>
/// How long a market is away when its process is started again: from nothing in memory to the first accepted order, once
/// by the journal alone and once by the newest snapshot and what came after it.
/// </summary>
internal sealed class ReplayBenchmark : IBenchmark
{
    private const string Partition = "gansu";
    private const int Callers = 256;

    /// <summary>Orders and cancels of one trading day; the clearing of its trades comes on top.</summary>
    private const int CommandsPerDay = 100_000;

    private static readonly string[] JournalTables = ["journal_snapshots", "journal_commands"];

    public string Name => "replay";

    public string Summary => "seconds until a market trades again after a restart [--commands 1000000] [--rounds 5]";

    public IReadOnlyList<string> Options => ["--commands", "--rounds"];

    public async Task<object> Run(string[] arguments, CancellationToken cancellationToken)
    {
        var (commands, rounds) = (arguments.Number("--commands", 1_000_000), Math.Max(5, arguments.Number("--rounds", 5)));
        await using var database = await BenchDatabase.Create(cancellationToken);
        await database.Clear(cancellationToken);
        var live = await Journal(database, commands, cancellationToken);
        await database.Tell("vacuum analyze", cancellationToken);
        await database.Tell("checkpoint", cancellationToken);
        var (withoutSnapshot, withSnapshot, equal) = (new List<double>(), new List<double>(), true);
        var (events, hash) = live;
        for (var round = 1; round <= rounds; round++)
        {
            // In turns; snapshots put aside are out of sight of the one and back for the other.
            foreach (var table in JournalTables)
                await database.Tell($"alter table trading.{table} rename to aside_{table}; create table trading.{table} (like trading.aside_{table} including all)", cancellationToken);
            var journal = await Restart(database, cancellationToken);
            foreach (var table in JournalTables)
                await database.Tell($"drop table trading.{table}; alter table trading.aside_{table} rename to {table}", cancellationToken);
            var snapshot = await Restart(database, cancellationToken);
            (withoutSnapshot, withSnapshot) = ([.. withoutSnapshot, journal.Milliseconds], [.. withSnapshot, snapshot.Milliseconds]);
            equal &= journal.Before == hash && snapshot.Before == journal.After;
            hash = snapshot.After;
            Figures.Say($"Round {round} of {rounds}: {journal.Milliseconds:f0} ms by the journal, {snapshot.Milliseconds:f0} ms by a snapshot, states "
                + (equal ? "equal" : "DIFFER"));
        }
        return new
        {
            Replay = new
            {
                Commands = commands,
                Events = events,
                WithoutSnapshotMs = withoutSnapshot.Median().Rounded(),
                WithSnapshotMs = withSnapshot.Median().Rounded(),
                StateHashEqual = equal,
                Min = new { WithoutSnapshotMs = withoutSnapshot.Min().Rounded(), WithSnapshotMs = withSnapshot.Min().Rounded() },
                Max = new { WithoutSnapshotMs = withoutSnapshot.Max().Rounded(), WithSnapshotMs = withSnapshot.Max().Rounded() },
                Rounds = withoutSnapshot.Zip(withSnapshot, (without, with) => new { WithoutSnapshotMs = without.Rounded(), WithSnapshotMs = with.Rounded() }),
            },
        };
    }

    /// <summary>Trading days one after the other, each cleared after its close, until so many commands are in the journal.</summary>
    private static async Task<(long Version, string Hash)> Journal(BenchDatabase database, int commands, CancellationToken cancellationToken)
    {
        await using var market = await RunningMarket.Start(database, Partition, cancellationToken);
        await market.Fund(cancellationToken);
        var flows = Enumerable.Range(0, Callers).Select(caller => new OrderFlow(caller)).ToList();
        var sent = (int)market.Engine.Version;
        for (var day = RunningMarket.Morning; sent < commands; day = RunningMarket.NextDay(day))
        {
            sent += await Trade(market, flows, day, Math.Min(CommandsPerDay, commands - sent), cancellationToken);
            // The last day stays open: that is when a restart hurts.
            if (sent < commands)
                sent += await market.Clear(day, commands - sent, cancellationToken);
            Figures.Say($"{sent} of {commands} commands journaled");
        }
        return (market.Engine.Version, await Hash(market, cancellationToken));
    }

    private static async Task<int> Trade(
        RunningMarket market, List<OrderFlow> flows, DateTimeOffset at, int count, CancellationToken cancellationToken)
    {
        var left = count;
        await Task.WhenAll(flows.Select(flow => Task.Run(async () =>
        {
            flow.Forget();
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var envelope = flow.Next(at);
                flow.Learn(envelope.Command, await market.Engine.Execute(envelope, cancellationToken));
            }
        })));
        return count;
    }

    /// <summary>The states are compared before the first order and after it, beside the clock.</summary>
    private static async Task<(double Milliseconds, string Before, string After)> Restart(BenchDatabase database, CancellationToken cancellationToken)
    {
        GC.Collect();
        var started = Stopwatch.GetTimestamp();
        await using var market = await RunningMarket.Start(database, Partition, cancellationToken);
        var loaded = Stopwatch.GetElapsedTime(started);
        var before = await Hash(market, cancellationToken);
        var now = await market.Engine.Read(state => state.Now, cancellationToken);
        var flow = new OrderFlow(0);
        started = Stopwatch.GetTimestamp();
        while (await market.Engine.Execute(flow.Next(now), cancellationToken) is not Outcome<MarketEvent>.Accepted)
        {
            // Refused; the next one will do.
        }
        return ((loaded + Stopwatch.GetElapsedTime(started)).TotalMilliseconds, before, await Hash(market, cancellationToken));
    }

    private static async Task<string> Hash(RunningMarket market, CancellationToken cancellationToken)
    {
        var bytes = await market.Engine.Read(BenchDatabase.Model.WriteSnapshot, cancellationToken);
        return Convert.ToHexString(XxHash128.Hash(bytes));
    }
}
