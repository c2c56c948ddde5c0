using CarbonMarket.Bench.Market;
using CarbonMarket.Bench.Settlement;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Bench.Clearing;

/// <summary>
/// Delivery versus payment from the start of the clearing run until the day is cleared, all of it durable; binding the
/// trades, which happens while the market trades, is told beside it. The limits are measured in the same round, in turn, on
/// the same server, with the same trades.
/// </summary>
internal sealed class SettlementBenchmark : IBenchmark
{
    private const int HotShare = 10;

    public string Name => "settlement";

    public string Summary => "trades delivered a second, durable, and what limits them [--rounds 5] [--trades 20000] [--most-accounts 100000]; "
        + "--stage queries: questions about the past beside raw SQL [--postings 10000000]";

    public IReadOnlyList<string> Options => ["--stage", "--rounds", "--trades", "--most-accounts", "--postings"];

    public Task<object> Run(string[] arguments, CancellationToken cancellationToken) =>
        arguments.Word("--stage") switch
        {
            null => Deliver(arguments, cancellationToken),
            "queries" => new QueriesStage(arguments.Number("--postings", 10_000_000), Math.Max(5, arguments.Number("--rounds", 5))).Run(cancellationToken),
            _ => throw new ArgumentException("--stage is queries, or left out.", nameof(arguments)),
        };

    private static async Task<object> Deliver(string[] arguments, CancellationToken cancellationToken)
    {
        var (rounds, trades) = (Math.Max(5, arguments.Number("--rounds", 5)), arguments.Number("--trades", 20_000));
        int[] sizes = [.. new[] { 10_000, 1_000, 100_000 }.Where(size => size <= arguments.Number("--most-accounts", 100_000))];
        if (sizes.Length == 0)
            throw new ArgumentException("--most-accounts is not below 1000.", nameof(arguments));
        await using var database = await BenchDatabase.Create(cancellationToken, RunningLedger.Schema, History.Configure);
        var tables = new PostingTables(database);
        var ledgers = new List<RunningLedger>();
        try
        {
            foreach (var size in sizes)
            {
                Figures.Say($"Opening {size} accounts ...");
                ledgers.Add(await RunningLedger.Start(database, size, cancellationToken));
                await tables.Create(ledgers[^1].Participants, cancellationToken);
            }
            Figures.Say("Warming up ...");
            await Measure(ledgers[0], tables, database, 0, trades, cancellationToken);
            var measured = ledgers.Select(_ => new List<SettlementRound>()).ToList();
            for (var round = 1; round <= rounds; round++)
            {
                // In turns, so that what the machine does besides meets all of them.
                foreach (var (place, ledger) in ledgers.Index())
                {
                    measured[place].Add(await Measure(ledger, tables, database, round, trades, cancellationToken));
                    Figures.Say($"Round {round} of {rounds}, {ledger.Participants.Count} accounts: {measured[place][^1]}");
                }
            }
            var deadlocks = await database.Ask<long>("select deadlocks from pg_stat_database where datname = current_database()");
            return new { Settlement = SettlementFigures.Of([.. ledgers.Zip(measured, (ledger, all) => (ledger.Participants.Count, all))], deadlocks) };
        }
        finally
        {
            foreach (var ledger in ledgers)
                await ledger.DisposeAsync();
        }
    }

    private static async Task<SettlementRound> Measure(
        RunningLedger ledger, PostingTables tables, BenchDatabase database, int round, int trades, CancellationToken cancellationToken)
    {
        var random = new Random(round);
        var accounts = ledger.Participants.Count;
        var (all, hot) = (Delivery.Among(ledger.Participants, accounts, trades, random), Delivery.Among(ledger.Participants, accounts / HotShare, trades, random));
        await database.Tell("checkpoint", cancellationToken);
        var bound = await ledger.Lock(all, cancellationToken);
        var delivered = await ledger.Clear(cancellationToken);
        await ledger.Lock(hot, cancellationToken);
        var deliveredHot = await ledger.Clear(cancellationToken);
        await tables.Clear(cancellationToken);
        await database.Tell("checkpoint", cancellationToken);
        var copied = await tables.Copy(all, cancellationToken);
        await database.Tell("checkpoint", cancellationToken);
        var onePerCommit = await tables.OnePerCommit(all, TimeSpan.FromSeconds(1.5), cancellationToken);
        var (perSecond, limit) = (trades / delivered.TotalSeconds, trades * Delivery.Postings / copied.TotalSeconds);
        return new SettlementRound(
            perSecond, perSecond * Delivery.Postings, limit, perSecond * Delivery.Postings / limit, onePerCommit, perSecond / onePerCommit,
            trades / deliveredHot.TotalSeconds, delivered / deliveredHot, trades / bound.TotalSeconds);
    }
}
