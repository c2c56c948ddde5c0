using System.Diagnostics;
using CarbonMarket.Bench.Market;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Postings;
using CarbonMarket.Settlement.Surrenders;
using CarbonMarket.Settlement.Transactions;
using Microsoft.Extensions.Logging.Abstractions;

namespace CarbonMarket.Bench.Compliance;

/// <summary>What one compliance year of so many operators took, from the allocation to everybody's statement.</summary>
/// <param name="Events">Facts in the journal that came of it, accounts left out.</param>
internal sealed record ComplianceRound(
    double IssueSeconds, double ObligeSeconds, double SurrenderSeconds, double StatusSeconds, double StatementSeconds, long Events)
{
    public double Seconds => IssueSeconds + ObligeSeconds + SurrenderSeconds + StatusSeconds + StatementSeconds;
}

/// <summary>
/// One market's ledger in its second year, whose process leads: so many operators with an account each. Everything is asked of it by the path the service
/// takes, durably, as many at once as come in an envelope.
/// </summary>
internal sealed class OperatorsLedger : IAsyncDisposable
{
    public const string Schema = Ledgers.Service;

    private const string Instrument = "UKA";
    private const int AtOnce = 500;
    private const int QuestionsAtOnce = 16;
    private static readonly ComplianceYear Year = ComplianceYear.Of(2021);
    private static readonly DateTimeOffset Summer = new(2021, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Spring = new(2022, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset AfterTheDeadline = new(2022, 5, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly PolicyPackCatalog Packs =
        PolicyPackCatalog.Load(Path.Combine(AppContext.BaseDirectory, "policy-packs"), ["uk-ets"]);

    private readonly CancellationTokenSource leads = new();
    private readonly BenchDatabase database;
    private readonly string partition;
    private readonly JournaledEngine<LedgerState, LedgerCommand, LedgerEvent> engine;
    private readonly Task running;
    private readonly IReadOnlyList<Guid> operators;

    private OperatorsLedger(BenchDatabase database, int operators, int round)
    {
        (this.database, partition) = (database, $"uk-ets-{operators}-{round}");
        engine = JournalingRegistration.Engine(Ledgers.Service, partition, new LedgerModel(new RuleBook(Packs.Versions("uk-ets"))), database.Store, database.Source,
            new JournaledEngineOptions(), NullLogger<JournaledEngine<LedgerState, LedgerCommand, LedgerEvent>>.Instance);
        running = engine.Run(leads.Token);
        this.operators = [.. Enumerable.Range(1, operators).Select(number => DeterministicGuid.From($"operator {number}"))];
    }

    public static async Task<ComplianceRound> Measure(BenchDatabase database, int operators, int round, CancellationToken cancellationToken)
    {
        await using var ledger = new OperatorsLedger(database, operators, round);
        while (!ledger.engine.IsReady)
        {
            if (ledger.running.IsCompleted)
                await ledger.running;
            await Task.Delay(1, cancellationToken);
        }
        await ledger.Execute(ledger.operators.Select(id => new OpenAccount(id, id, AccountTypes.OperatorHolding, Summer)), cancellationToken);
        await database.Tell("checkpoint", cancellationToken);
        return await ledger.Live(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await leads.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        leads.Dispose();
        engine.Dispose();
    }

    private async Task<ComplianceRound> Live(CancellationToken cancellationToken)
    {
        var before = engine.Version;
        var issue = await Timed(() => Execute(
            operators.Chunk(AtOnce).Select((part, index) => new AllocateUnits(
                DeterministicGuid.From("plan"), Year, Instrument, index * AtOnce, [.. part.Select(id => new AllocationLine(id, Quantity.Of(1_000)))], Summer)),
            cancellationToken));
        var oblige = await Timed(async () =>
        {
            await Execute(operators.Select(id => new CoverEntity(id, Year, null, 1, Summer)), cancellationToken);
            await Execute(operators.Select(id => new RecordEmissions(id, Year, Quantity.Of(900), DeterministicGuid.From(id, "report"), 1, Spring)), cancellationToken);
        });
        // Every tenth is short.
        var surrender = await Timed(() => Execute(
            operators.Select((id, index) => new SurrenderUnits(DeterministicGuid.From(id, "surrender"), id, Instrument, Quantity.Of(index % 10 == 0 ? 800 : 900), null, new Person("operator", id, IsOfficial: false), Spring)),
            cancellationToken));
        var status = await Timed(() => Close(cancellationToken));
        var events = engine.Version - before;
        return new ComplianceRound(issue, oblige, surrender, status, await Timed(() => Statements(cancellationToken)), events);
    }

    /// <summary>The deadline passes, and everybody's status is read page by page.</summary>
    private async Task Close(CancellationToken cancellationToken)
    {
        while (await engine.Read(state => NextAction.Due(state, AfterTheDeadline), cancellationToken) is { Count: > 0 } due)
            await Execute(due.Select(action => action.Command), cancellationToken);
        var (seen, read) = ((Guid?)null, 0);
        while (true)
        {
            var page = await engine.Read(state => state.Compliance.RecordsAfter(seen).Take(AtOnce)
                .Select(record => GetCompliance.EntityView.Of(record, state.Rules.At(AfterTheDeadline).StatusRule)).ToList(), cancellationToken);
            if (page.Count == 0)
                break;
            (seen, read) = (page[^1].ParticipantId, read + page.Count);
        }
        var closed = await engine.Read(state => state.Compliance.Closed[^1], cancellationToken);
        if (read != operators.Count || closed.Year != Year || closed.Counts.Values.Sum() != read)
            throw new InvalidOperationException($"{read} of {operators.Count} operators have a status for {closed.Year}.");
    }

    /// <summary>The journal is booked, and each account's statement and holdings are read from the postings.</summary>
    private async Task Statements(CancellationToken cancellationToken)
    {
        var (store, history, head) = (new PostingStore(database.Source), new PostingHistory(database.Source), PostingHead.Start);
        while (head.Version < engine.Version)
        {
            await using var session = database.Store.QuerySession();
            var facts = await session.Events.FetchStreamAsync(
                Ledgers.StreamOf(partition), version: head.Version + 1_000, fromVersion: head.Version + 1, token: cancellationToken);
            head = await store.Book(partition, head, [.. facts.Select(fact => new JournalFact(fact.Version, fact.Timestamp, fact.Data))], cancellationToken);
        }
        await Parallel.ForEachAsync(operators, new ParallelOptions { MaxDegreeOfParallelism = QuestionsAtOnce, CancellationToken = cancellationToken }, async (id, token) =>
        {
            var statement = await history.Statement(partition, id, default, head.Version, 100, token);
            var held = await history.Holdings(partition, id, head.Version, token);
            if (statement.Count != 2 || held is not [{ Balance: 100 or 200 }])
                throw new InvalidOperationException($"The statement of {id} has {statement.Count} entries.");
        });
    }

    private async Task Execute(IEnumerable<LedgerCommand> commands, CancellationToken cancellationToken)
    {
        foreach (var part in commands.Chunk(AtOnce))
        {
            foreach (var outcome in await Task.WhenAll(part.Select(command => engine.Execute(new(Guid.CreateVersion7(), command, OrderFlow.Settlement), cancellationToken))))
            {
                if (outcome is Outcome<LedgerEvent>.Rejected refused)
                    throw new InvalidOperationException($"Refused ({refused.Code}): {refused.Reason}");
            }
        }
    }

    private static async Task<double> Timed(Func<Task> part)
    {
        var started = Stopwatch.GetTimestamp();
        await part();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
