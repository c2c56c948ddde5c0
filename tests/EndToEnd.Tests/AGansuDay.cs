using System.Net.Http.Headers;
using System.Text.Json;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.EndToEnd;

/// <summary>
/// A day in Gansu's energy-use rights (用能权), all of it through the gateway: opening call, continuous trading, closing call,
/// official close, delivery versus payment the same evening. Told meanwhile by the stream of market data.
/// </summary>
public sealed class AGansuDay(LocalSystem system)
{
    private const string Instrument = "TCE-2026";

    private static readonly CancellationToken Stopping = TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_the_opening_call_to_the_official_close_and_settled()
    {
        await using var clients = Resilience.HttpClients(system.Gateway, RetryLimits.Default);
        using var http = clients.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(MarketClient));
        var tokens = new Tokens(http, TimeProvider.System);
        var market = new TestMarket(new MarketClient(http, tokens), system);
        var day = await market.NextTuesday();
        DateTimeOffset At(int hour, int minute, int daysLater = 0) => TestMarket.At(day.AddDays(daysLater), hour, minute);
        await market.SetClock(At(9, 0));
        var firms = await market.Register(2);
        var (seller, buyer) = (firms[0], firms[1]);
        await market.Endow(seller, Instrument, units: 450);
        await market.Endow(buyer, Instrument, cashMinor: 10_000_000);
        await using var told = await MarketDataStream.Open(system.Gateway, await tokens.For(buyer.Client, renew: false, Stopping), Instrument);

        await market.SetClock(At(9, 16));
        await market.Place(seller, Instrument, "sell", 300, 15_000);
        await market.Place(buyer, Instrument, "buy", 300, 15_200);
        var call = await market.Trading(buyer, $"call-auction?instrument={Instrument}");
        (call.GetProperty("inCall").GetBoolean(), call.GetProperty("indicativePriceMinor").GetInt64(), call.GetProperty("indicativeVolume").GetInt64())
            .ShouldBe((true, 15_000, 300), "At the base price, to which the price stays nearest.");
        await market.SetClock(At(9, 25));
        (await told.NextTrade()).ShouldBe(("call", 300, 15_000));

        await market.SetClock(At(10, 0));
        await market.Place(seller, Instrument, "sell", 100, 15_200);
        (await market.Place(buyer, Instrument, "buy", 100, 15_200)).GetProperty("status").GetString().ShouldBe("filled");
        (await told.NextTrade()).ShouldBe(("continuous", 100, 15_200));

        await market.SetClock(At(14, 58));
        await market.Place(seller, Instrument, "sell", 50, 15_100);
        (await market.Place(buyer, Instrument, "buy", 50, 15_100)).GetProperty("status").GetString().ShouldBe("open", "In a call nobody meets.");
        await market.SetClock(At(15, 0));
        (await told.NextTrade()).ShouldBe(("call", 50, 15_100));

        // (300 x 150.00 + 100 x 152.00 + 50 x 151.00) / 450 = 150.5555...
        await market.SetClock(At(9, 16, daysLater: 1));
        (await market.Trading(buyer, $"book?instrument={Instrument}")).GetProperty("referencePriceMinor").GetInt64().ShouldBe(15_056);
        await Eventually.Holds("the day is settled", async () => (await market.Account(buyer)).Units.Sum(units => units.Available) == 450);
        (await market.Account(seller)).Cash.AvailableMinor.ShouldBe((300 * 15_000) + (100 * 15_200) + (50 * 15_100));
        (await market.Account(buyer)).Cash.AvailableMinor.ShouldBe(10_000_000 - (300 * 15_000) - (100 * 15_200) - (50 * 15_100));
        await Eventually.Holds("Trading's mirror is the ledger's", market.MirrorMatches);
    }

    /// <summary>Trades as the gateway tells them, one after another without a gap.</summary>
    private sealed class MarketDataStream(HttpClient http, StreamReader reader) : IAsyncDisposable
    {
        private long _sequence = -1;

        public static async Task<MarketDataStream> Open(Uri gateway, string token, string instrument)
        {
            var http = new HttpClient { BaseAddress = gateway };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var stream = await http.GetStreamAsync($"trading/markets/gansu/market-data/stream?instrument={instrument}&channels=trades", Stopping);
            return new MarketDataStream(http, new StreamReader(stream));
        }

        public async Task<(string? Mode, long Quantity, long PriceMinor)> NextTrade()
        {
            while (await reader.ReadLineAsync(Stopping) is { } line)
            {
                if (!line.StartsWith("data:", StringComparison.Ordinal))
                    continue;
                var message = JsonDocument.Parse(line["data:".Length..]).RootElement;
                if (!message.TryGetProperty("trades", out var trades) || trades.ValueKind != JsonValueKind.Array)
                    continue;
                var sequence = message.GetProperty("sequence").GetInt64();
                if (!message.GetProperty("isSnapshot").GetBoolean())
                    sequence.ShouldBe(_sequence + 1, "A consumer that reads on misses nothing.");
                _sequence = sequence;
                if (message.GetProperty("isSnapshot").GetBoolean() || trades.GetArrayLength() == 0)
                    continue;
                var trade = trades.EnumerateArray().Single();
                return (trade.GetProperty("mode").GetString(), trade.GetProperty("quantity").GetInt64(), trade.GetProperty("priceMinor").GetInt64());
            }
            throw new InvalidOperationException("The stream has ended.");
        }

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            http.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
