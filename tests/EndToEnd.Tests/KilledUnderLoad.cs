using System.Collections.Concurrent;
using System.Text.Json;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.EndToEnd;

/// <summary>
/// kill -9 of Trading, twenty times, while traders place and cancel as fast as they are answered and a consumer follows the
/// trades. Whoever had no answer asks again with the same id. In the end every order that was acknowledged is there once, no
/// order twice, and the consumer has missed no trade.
/// </summary>
public sealed class KilledUnderLoad(LocalSystem system)
{
    private const int Kills = 20;
    private const int Traders = 8;
    private const string Instrument = "TCE-2026";

    private static readonly CancellationToken Stopping = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_acknowledged_order_is_there_once_and_no_trade_is_missed()
    {
        await using var clients = Resilience.HttpClients(system.Gateway, RetryLimits.Default);
        using var http = clients.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(MarketClient));
        var tokens = new Tokens(http, TimeProvider.System);
        var gateway = new MarketClient(http, tokens);
        var market = new GansuMarket(gateway, system.Operator);
        var day = await market.NextTuesday();
        await market.SetClock(GansuMarket.At(day, 9, 0));
        var firms = await market.Register(Traders);
        foreach (var firm in firms)
            await market.Endow(firm, Instrument, units: 1_000_000, cashMinor: 1_000_000_000_000);
        await market.SetClock(GansuMarket.At(day, 10, 0));

        using var loadEnds = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        var acknowledged = new ConcurrentDictionary<Guid, string>();
        var load = firms.Select((firm, seed) => Trade(gateway, firm, new Random(seed), acknowledged, loadEnds.Token)).ToList();
        await using var told = TradeStream.Open(system.Gateway, () => tokens.For(firms[0].Client, renew: false, Stopping), Instrument);
        for (var kill = 0; kill < Kills; kill++)
        {
            var (before, restarts) = (acknowledged.Count, system.RestartsOf("trading"));
            await Eventually.Holds("orders are acknowledged again", () => Task.FromResult(acknowledged.Count > before + 200), TimeSpan.FromMinutes(1));
            system.Kill("trading");
            await Eventually.Holds("the supervisor has started it again", () => Task.FromResult(system.RestartsOf("trading") > restarts), TimeSpan.FromMinutes(1));
        }
        await loadEnds.CancelAsync();
        await Task.WhenAll(load).WaitAsync(Stopping);

        foreach (var firm in firms)
            await IsThereOnce(gateway, firm, acknowledged);
        var last = (await market.Trading(firms[0], "status")).GetProperty("lastTradeSequence").GetInt64();
        await told.Reached(last);
        await Eventually.Holds("the mirror matches the ledger", market.MirrorMatches);
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
        ids.ShouldBe(acknowledged.Where(order => order.Value == firm.Client.ClientId).Select(order => order.Key), ignoreOrder: true);
    }
}
