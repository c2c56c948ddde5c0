using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.EndToEnd;

/// <summary>
/// kill -9, twenty times each, while traders place and cancel as fast as they are answered and whoever had no answer asks again
/// with the same id. Of Trading: every order that was acknowledged is there once, no order twice, and a consumer of
/// market data has missed no trade and keeps the very book that the market has. Of Settlement, RabbitMQ and PostgreSQL, while units also move between trading and holding
/// accounts: what Trading executed and what Settlement posted reconcile to zero.
/// </summary>
public sealed class KilledUnderLoad(LocalSystem system)
{
    private const int Kills = 20;
    private const int Traders = 8;
    private const string Instrument = "TCE-2026";
    private const long Units = 1_000_000;
    private const long Cash = 1_000_000_000_000;

    private static readonly string[] Victims = ["rabbitmq", "settlement", "postgresql"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly CancellationToken Stopping = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_acknowledged_order_is_there_once_and_no_trade_is_missed()
    {
        await using var clients = Resilience.HttpClients(system.Gateway, RetryLimits.Default);
        using var http = clients.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(MarketClient));
        var tokens = new Tokens(http, TimeProvider.System);
        var gateway = new MarketClient(http, tokens);
        var market = new TestMarket(gateway, system);
        var (_, firms) = await Open(market);

        using var loadEnds = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        var acknowledged = new ConcurrentDictionary<Guid, string>();
        var load = firms.Select((firm, seed) => Trade(gateway, firm, new Random(seed), acknowledged, loadEnds.Token)).ToList();
        await using var told = MarketDataConsumer.Open(system.Gateway, () => tokens.For(firms[0].Client, renew: false, Stopping), Instrument);
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = acknowledged.Count;
            await Eventually.Holds("orders are acknowledged again", () => acknowledged.Count > before + 200, Patience);
            await Kill("trading");
        }
        await loadEnds.CancelAsync();
        await Task.WhenAll(load).WaitAsync(Stopping);

        foreach (var firm in firms)
            await IsThereOnce(gateway, firm, acknowledged);
        var last = (await market.Trading(firms[0], "status")).GetProperty("lastTradeSequence").GetInt64();
        await told.Reached(last);
        await told.KnowsTheBook();
        await Eventually.Holds("the mirror matches the ledger", market.MirrorMatches);
    }

    [Fact]
    public async Task What_Trading_executed_and_what_Settlement_posted_reconcile_to_zero()
    {
        await using var clients = Resilience.HttpClients(system.Gateway, RetryLimits.Default);
        using var http = clients.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(MarketClient));
        var gateway = new MarketClient(http, new Tokens(http, TimeProvider.System));
        var market = new TestMarket(gateway, system);
        var (day, firms) = await Open(market);
        var before = (await market.Trading(firms[0], "status")).GetProperty("lastTradeSequence").GetInt64();

        using var loadEnds = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        var (acknowledged, moves) = (new ConcurrentDictionary<Guid, string>(), new StrongBox<int>());
        List<Task> load =
        [
            .. firms.Select((firm, seed) => Trade(gateway, firm, new Random(seed), acknowledged, loadEnds.Token)),
            .. firms.Select(firm => MoveToAndFro(gateway, market, firm, moves, loadEnds.Token)),
        ];
        for (var round = 0; round < Kills; round++)
        {
            // Trading goes on without the broker and the ledger, so the next dies while the last is still away.
            foreach (var server in Victims)
            {
                var orders = acknowledged.Count;
                await Eventually.Holds($"orders are acknowledged before {server} dies", async () => await Runs(load) && acknowledged.Count > orders + 50, Patience);
                await Kill(server);
            }
            var moved = moves.Value;
            await Eventually.Holds("all three are back and units move again", async () => await Runs(load) && moves.Value > moved + Traders, 2 * Patience);
        }
        await loadEnds.CancelAsync();
        await Task.WhenAll(load).WaitAsync(Stopping);

        await market.SetClock(TestMarket.At(day.AddDays(1), 9, 0));
        var trades = await gateway.List<JsonElement>(system.Operator, "trading/markets/gansu/trades", Stopping, after: $"{before}");
        var clearing = await Eventually.Gives("the day is cleared", () => market.Settlement($"clearing?day={day:O}"),
            run => run.GetProperty("status").GetString() == "completed", 3 * Patience);
        (clearing.GetProperty("settled").GetInt64(), clearing.GetProperty("failed").GetInt64(), clearing.GetProperty("open").GetInt64())
            .ShouldBe((trades.Count, 0, 0));
        foreach (var firm in firms)
            await Eventually.Gives("the registry has what was traded", () => Held(market, firm), held => held == Owed(firm, trades), Patience);
        await Eventually.Holds("the mirror matches the ledger", market.MirrorMatches, Patience);
        var books = await Eventually.Gives("the books are compared", () => market.CompareBooks(), _ => true, Patience);
        (books.GetProperty("matches").GetBoolean(), books.GetProperty("differenceCount").GetInt64()).ShouldBe((true, 0), books.ToString());
        (await market.Settlement("conservation")).GetProperty("balanced").GetBoolean().ShouldBeTrue();
    }

    /// <summary>Throws what has ended one of them.</summary>
    private static async Task<bool> Runs(IReadOnlyList<Task> load)
    {
        await Task.WhenAll(load.Where(task => task.IsCompleted));
        return true;
    }

    private static async Task<(DateOnly Day, IReadOnlyList<Firm> Firms)> Open(TestMarket market)
    {
        var day = await market.NextTuesday();
        await market.SetClock(TestMarket.At(day, 9, 0));
        var firms = await market.Register(Traders);
        foreach (var firm in firms)
            await market.Endow(firm, Instrument, Units, Cash);
        await market.SetClock(TestMarket.At(day, 10, 0));
        return (day, firms);
    }

    private async Task Kill(string server)
    {
        var restarts = system.RestartsOf(server);
        system.Kill(server);
        await Eventually.Holds("the supervisor has started it again", () => system.RestartsOf(server) > restarts, Patience);
    }

    private static async Task<(long Units, long CashMinor)> Held(TestMarket market, Firm firm)
    {
        var (trading, holding) = (await market.Account(firm, firm.TradingAccountId), await market.Account(firm, firm.HoldingAccountId));
        return (trading.Units.Concat(holding.Units).Sum(units => units.Available), trading.Cash.AvailableMinor);
    }

    private static (long Units, long CashMinor) Owed(Firm firm, IReadOnlyList<JsonElement> trades) => trades.Aggregate((Units, Cash), (held, trade) =>
    {
        var (quantity, price) = (trade.GetProperty("quantity").GetInt64(), trade.GetProperty("priceMinor").GetInt64());
        if (trade.GetProperty("buyerParticipantId").GetGuid() == firm.ParticipantId)
            held = (held.Units + quantity, held.Cash - (quantity * price));
        if (trade.GetProperty("sellerParticipantId").GetGuid() == firm.ParticipantId)
            held = (held.Units - quantity, held.Cash + (quantity * price));
        return held;
    });

    /// <summary>Units off the trading account, and back as soon as they have arrived on the holding account.</summary>
    private static async Task MoveToAndFro(MarketClient gateway, TestMarket market, Firm firm, StrongBox<int> moves, CancellationToken loadEnds)
    {
        while (!loadEnds.IsCancellationRequested)
        {
            await gateway.Put(firm.Client, $"trading/markets/gansu/withdrawals/{Guid.CreateVersion7()}", new NewWithdrawal(Instrument, 7), Stopping);
            await Eventually.Holds("what was withdrawn has arrived", async () =>
                (await market.Account(firm, firm.HoldingAccountId)).Units.Sum(units => units.Available) > 0, 2 * Patience, Stopping);
            await gateway.Put(firm.Client, $"settlement/markets/gansu/transfers/{Guid.CreateVersion7()}",
                new NewTransfer(firm.HoldingAccountId, firm.TradingAccountId, Instrument, 7), Stopping);
            Interlocked.Increment(ref moves.Value);
        }
    }

    /// <summary>Batches of ten near the touch, and now and then a mass cancel; each again and again until it is answered.</summary>
    private static async Task Trade(
        MarketClient gateway, Firm firm, Random random, ConcurrentDictionary<Guid, string> acknowledged, CancellationToken loadEnds)
    {
        while (!loadEnds.IsCancellationRequested)
        {
            var orders = Enumerable.Range(0, 10).Select(_ => new NewOrder(
                Guid.CreateVersion7(), Instrument, random.Next(2) == 0 ? "buy" : "sell", random.Next(1, 20), 15_000 + random.Next(-20, 21), "day")).ToList();
            // Not cancelled with the load: what was sent is followed to its answer.
            var answer = await gateway.Post<JsonElement>(firm.Client, "trading/markets/gansu/orders/batch", new Batch<NewOrder>(orders), Stopping);
            foreach (var result in answer.GetProperty("results").EnumerateArray())
                if (result.GetProperty("outcome").GetString() == "accepted")
                    acknowledged.TryAdd(result.GetProperty("id").GetGuid(), firm.Client.ClientId).ShouldBeTrue();
            if (random.Next(10) == 0)
                await gateway.Post(firm.Client, "trading/markets/gansu/orders/cancellation", new { cancellationId = Guid.CreateVersion7() }, Stopping);
        }
    }

    private static async Task IsThereOnce(MarketClient gateway, Firm firm, ConcurrentDictionary<Guid, string> acknowledged)
    {
        var there = await gateway.List<JsonElement>(firm.Client, "trading/markets/gansu/orders", Stopping);
        var ids = there.Select(order => order.GetProperty("orderId").GetGuid()).ToList();
        ids.ShouldBeUnique();
        ids.Order().ShouldBe(acknowledged.Where(order => order.Value == firm.Client.ClientId).Select(order => order.Key).Order());
    }
}
