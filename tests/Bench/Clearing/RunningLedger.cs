using System.Diagnostics;
using CarbonMarket.Bench.Market;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Cash;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Issuances;
using CarbonMarket.Settlement.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace CarbonMarket.Bench.Clearing;

/// <summary>One market's ledger whose process leads, until it is stopped: so many trading accounts, each with cash and units for any run.</summary>
internal sealed class RunningLedger : IAsyncDisposable
{
    public const string Instrument = "UKA";
    public const string Schema = Ledgers.Service;

    private const int TradesPerEnvelope = 500;
    private static readonly DateTimeOffset FirstEvening = new(2021, 6, 1, 18, 0, 0, TimeSpan.Zero);

    private static readonly PolicyPackCatalog Packs =
        PolicyPackCatalog.Load(Path.Combine(AppContext.BaseDirectory, "policy-packs"), ["uk-ets"]);

    private readonly CancellationTokenSource leads = new();
    private readonly JournaledEngine<LedgerState, LedgerCommand, LedgerEvent> engine;
    private readonly MarketLedger ledger;
    private readonly Task running;
    private DateTimeOffset evening = FirstEvening;
    private long last;

    private RunningLedger(BenchDatabase database, int accounts)
    {
        var versions = Packs.Versions("uk-ets");
        engine = JournalingRegistration.Engine(Ledgers.Service, $"uk-ets-{accounts}", new LedgerModel(new RuleBook(versions)), database.Store, database.Source,
            new JournaledEngineOptions(), NullLogger<JournaledEngine<LedgerState, LedgerCommand, LedgerEvent>>.Instance);
        ledger = new MarketLedger(versions, engine);
        running = engine.Run(leads.Token);
        Participants = [.. Enumerable.Range(1, accounts).Select(number => DeterministicGuid.From($"participant {number}"))];
    }

    /// <summary>Those that trade; each has one trading account, and its id stands for the account's.</summary>
    public IReadOnlyList<Guid> Participants { get; }

    public static async Task<RunningLedger> Start(BenchDatabase database, int accounts, CancellationToken cancellationToken)
    {
        var started = new RunningLedger(database, accounts);
        while (!started.engine.IsReady)
        {
            if (started.running.IsCompleted)
                await started.running;
            await Task.Delay(1, cancellationToken);
        }
        foreach (var page in started.Participants.Chunk(1000))
            await Task.WhenAll(page.SelectMany(Opening).Select(command => started.Execute(command, cancellationToken)));
        return started;
    }

    /// <summary>Trading tells of these trades: both sides are bound.</summary>
    public async Task<TimeSpan> Lock(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var day = DateOnly.FromDateTime(evening.DateTime);
        var envelopes = deliveries.Chunk(TradesPerEnvelope)
            .Select(part => new LockTrades([.. part.Select(delivery => new ExecutedTrade(++last, delivery.TradeId, Instrument,
                delivery.Buyer, delivery.Seller, Quantity.Of(delivery.Units), Price.OfMinor(delivery.PriceMinor), day, evening.AddHours(-4)))], evening.AddHours(-4)))
            .ToList();
        var started = Stopwatch.GetTimestamp();
        foreach (var envelope in envelopes)
            await Execute(envelope, cancellationToken);
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>The day is over: the clearing run delivers all of it, durably, by the path the service takes.</summary>
    public async Task<TimeSpan> Clear(CancellationToken cancellationToken)
    {
        var day = DateOnly.FromDateTime(evening.DateTime);
        await Execute(new CloseTradingDay(day, last, evening), cancellationToken);
        var started = Stopwatch.GetTimestamp();
        await LedgerDuties.GoOn(ledger, evening, cancellationToken);
        var took = Stopwatch.GetElapsedTime(started);
        var (cleared, undelivered) = await engine.Read(state => (state.Clearing.Day(day).IsCleared, state.Clearing.Open.Count() + state.Clearing.Day(day).Failed), cancellationToken);
        if (!cleared || undelivered > 0)
            throw new InvalidOperationException($"{undelivered} trades of {day} were not delivered.");
        evening = evening.AddDays(1);
        return took;
    }

    private static IEnumerable<LedgerCommand> Opening(Guid participant)
    {
        var at = FirstEvening.AddDays(-1);
        var issuance = DeterministicGuid.From(participant, "units");
        return
        [
            new OpenAccount(participant, participant, AccountTypes.Trading, at),
            new DepositCash(DeterministicGuid.From(participant, "cash"), participant, Money.OfMinor(1_000_000_000_000), at),
            new ProposeIssuance(issuance, participant, Instrument, ComplianceYear.Of(2021), Quantity.Of(1_000_000), "proposer", at),
            new ApproveIssuance(issuance, "approver", at),
        ];
    }

    private async Task Execute(LedgerCommand command, CancellationToken cancellationToken)
    {
        if (await engine.Execute(new(Guid.CreateVersion7(), command, OrderFlow.Settlement), cancellationToken) is Outcome<LedgerEvent>.Rejected refused)
            throw new InvalidOperationException($"{command.GetType().Name} was refused ({refused.Code}): {refused.Reason}");
    }

    public async ValueTask DisposeAsync()
    {
        await leads.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        leads.Dispose();
        engine.Dispose();
    }
}
