using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;

namespace CarbonMarket.Bench.Market;

/// <summary>One market whose process leads, until it is stopped.</summary>
internal sealed class RunningMarket : IAsyncDisposable
{
    /// <summary>A Monday morning in the continuous session, Beijing time.</summary>
    public static readonly DateTimeOffset Morning = new(2026, 3, 2, 10, 0, 0, TimeSpan.FromHours(8));

    private readonly CancellationTokenSource leads = new();
    private readonly Task running;

    private RunningMarket(JournaledEngine<MarketState, MarketCommand, MarketEvent> engine)
    {
        Engine = engine;
        running = engine.Run(leads.Token);
    }

    public JournaledEngine<MarketState, MarketCommand, MarketEvent> Engine { get; }

    /// <summary>Loads the state; returns when commands are taken.</summary>
    public static async Task<RunningMarket> Start(
        BenchDatabase database, string partition, CancellationToken cancellationToken, JournaledEngineOptions? options = null)
    {
        var market = new RunningMarket(database.Engine(partition, options ?? new JournaledEngineOptions()));
        while (!market.Engine.IsReady)
        {
            if (market.running.IsCompleted)
                await market.running;
            await Task.Delay(1, cancellationToken);
        }
        return market;
    }

    public async Task Fund(CancellationToken cancellationToken) =>
        await Task.WhenAll(OrderFlow.Fundings(Morning).Select(funding => Engine.Execute(funding, cancellationToken)));

    /// <summary>The next weekday; the pack's holidays of that spring lie elsewhere.</summary>
    public static DateTimeOffset NextDay(DateTimeOffset day) => day.AddDays(day.DayOfWeek == DayOfWeek.Friday ? 3 : 1);

    /// <summary>The day ends, and Settlement tells that its trades are settled: as many as may be told.</summary>
    public async Task<int> Clear(DateTimeOffset day, int most, CancellationToken cancellationToken)
    {
        var evening = day.AddHours(8);
        await Engine.Execute(new(Guid.CreateVersion7(), new AdvanceTime(evening), OrderFlow.Settlement), cancellationToken);
        var trades = await Engine.Read(state => state.Uncleared.Values.Take(most - 1).ToList(), cancellationToken);
        foreach (var page in trades.Chunk(1000))
        {
            await Task.WhenAll(page.Select(trade => Engine.Execute(
                new(DeterministicGuid.From(trade.TradeId, "settled"), new RecordOutcome(trade.TradeId, trade.Sequence, true, null, evening), OrderFlow.Settlement),
                cancellationToken)));
        }
        return trades.Count + 1;
    }

    public async ValueTask DisposeAsync()
    {
        await leads.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        leads.Dispose();
        Engine.Dispose();
    }
}
