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

    private static readonly string[] Services = ["identity", "allocation", "verification", "trading", "settlement", "audit"];
    private static readonly CancellationToken Stopping = TestContext.Current.CancellationToken;

    /// <summary>A Tuesday, by the time of Shanghai.</summary>
    private static DateTimeOffset At(int hour, int minute, int daysLater = 0) => new(2026, 3, 10 + daysLater, hour, minute, 0, TimeSpan.FromHours(8));

    [Fact]
    public async Task From_the_opening_call_to_the_official_close_and_settled()
    {
        await using var clients = Resilience.HttpClients(system.Gateway, RetryLimits.Default);
        using var http = clients.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(MarketClient));
        var tokens = new Tokens(http, TimeProvider.System);
        var market = new Market(new MarketClient(http, tokens), system.Operator);
        await market.SetClock(At(9, 0));
        var (seller, buyer) = await market.Register();
        await market.Endow(seller, buyer);
        await using var told = await MarketDataStream.Open(system.Gateway, await tokens.For(buyer.Client, renew: false, Stopping), Instrument);

        await market.SetClock(At(9, 16));
        await market.Place(seller, "sell", 300, 15_000);
        await market.Place(buyer, "buy", 300, 15_200);
        var call = await market.Trading(buyer, $"call-auction?instrument={Instrument}");
        (call.GetProperty("inCall").GetBoolean(), call.GetProperty("indicativePriceMinor").GetInt64(), call.GetProperty("indicativeVolume").GetInt64())
            .ShouldBe((true, 15_000, 300), "At the base price, to which the price stays nearest.");
        await market.SetClock(At(9, 25));
        (await told.NextTrade()).ShouldBe(("call", 300, 15_000));

        await market.SetClock(At(10, 0));
        await market.Place(seller, "sell", 100, 15_200);
        (await market.Place(buyer, "buy", 100, 15_200)).GetProperty("status").GetString().ShouldBe("filled");
        (await told.NextTrade()).ShouldBe(("continuous", 100, 15_200));

        await market.SetClock(At(14, 58));
        await market.Place(seller, "sell", 50, 15_100);
        (await market.Place(buyer, "buy", 50, 15_100)).GetProperty("status").GetString().ShouldBe("open", "In a call nobody meets.");
        await market.SetClock(At(15, 0));
        (await told.NextTrade()).ShouldBe(("call", 50, 15_100));

        // (300 x 150.00 + 100 x 152.00 + 50 x 151.00) / 450 = 150.5555...
        await market.SetClock(At(9, 16, daysLater: 1));
        (await market.Trading(buyer, $"book?instrument={Instrument}")).GetProperty("referencePriceMinor").GetInt64().ShouldBe(15_056);
        await Eventually.Holds("the day is settled", async () => (await market.Account(buyer)).Units.Sum(units => units.Available) == 450);
        (await market.Account(seller)).Cash.AvailableMinor.ShouldBe((300 * 15_000) + (100 * 15_200) + (50 * 15_100));
        (await market.Account(buyer)).Cash.AvailableMinor.ShouldBe(10_000_000 - (300 * 15_000) - (100 * 15_200) - (50 * 15_100));
        await Eventually.Holds("Trading's mirror is the ledger's", async () => await market.MirrorMatches());
    }

    private sealed record Firm(Guid ParticipantId, ApiClient Client, Guid HoldingAccountId, Guid TradingAccountId);

    private sealed class Market(MarketClient gateway, ApiClient firstOperator)
    {
        private readonly ApiClient _first = firstOperator;
        private readonly ApiClient _regulator = NewClient(firstOperator, "gansu-regulator");
        private readonly ApiClient _official = NewClient(firstOperator, "gansu-second-official");

        public async Task SetClock(DateTimeOffset legalTime)
        {
            var setting = await gateway.Put<ClockReading>(_first, "clock", new ClockSetting(legalTime, Running: false), Stopping);
            foreach (var service in Services)
                await Eventually.Holds($"{service} follows the clock", async () =>
                    (await gateway.Get<ClockReading>(_first, $"{service}/clock", Stopping)).Version >= setting.Version);
            // What is due by that time has happened before the first order of it; wait so that it can be looked at too.
            await Eventually.Holds("what was due has happened", async () =>
                (await Trading(_first, "status")).GetProperty("legalTime").GetDateTimeOffset() >= legalTime);
        }

        public async Task<(Firm Seller, Firm Buyer)> Register()
        {
            var (authority, seller, buyer) = (Guid.CreateVersion7(), NewFirm("seller"), NewFirm("buyer"));
            await gateway.PostBatches(_first, "identity/participants/batch",
                new[]
                {
                    new NewParticipant(authority, "Gansu authority, a test", "regulator"),
                    new NewParticipant(seller.ParticipantId, "A smelter, a test", "emitter"),
                    new NewParticipant(buyer.ParticipantId, "A cement works, a test", "emitter"),
                }, _ => { }, Stopping);
            await gateway.PostBatches(_first, "identity/clients/batch",
                new[] { (authority, _regulator, "regulator"), (authority, _official, "regulator"), (seller.ParticipantId, seller.Client, "emitter"), (buyer.ParticipantId, buyer.Client, "emitter") }
                    .Select(each => new MainJob.Gateway.NewClient(Guid.CreateVersion7(), each.Item1, each.Item2.ClientId, each.Item2.Secret, each.Item2.ClientId, [each.Item3])),
                _ => { }, Stopping);
            await gateway.PostBatches(_regulator, "settlement/markets/gansu/accounts/batch",
                new[] { seller, buyer }.SelectMany(firm => new[]
                {
                    new NewAccount(firm.HoldingAccountId, firm.ParticipantId, "operator-holding"),
                    new NewAccount(firm.TradingAccountId, firm.ParticipantId, "trading"),
                }), _ => { }, Stopping);
            return (seller, buyer);
        }

        /// <summary>450 tce issued by two officials onto the seller's trading account, 100,000 CNY paid in by the buyer.</summary>
        public async Task Endow(Firm seller, Firm buyer)
        {
            var issuance = $"settlement/markets/gansu/issuances/{Guid.CreateVersion7()}";
            await gateway.Put(_regulator, issuance, new NewIssuance(seller.TradingAccountId, Instrument, null, 450), Stopping);
            await gateway.Post(_official, $"{issuance}/approval", new Nothing(), Stopping);
            await gateway.PostBatches(_first, "settlement/markets/gansu/cash-deposits/batch",
                new[] { new NewDeposit(Guid.CreateVersion7(), buyer.TradingAccountId, 10_000_000) }, _ => { }, Stopping);
            await Eventually.Holds("Trading knows of it", async () => await MirrorMatches()
                && (await Trading(buyer, "account")).GetProperty("cash").GetProperty("availableMinor").GetInt64() == 10_000_000
                && (await Trading(seller, "account")).GetProperty("units").GetArrayLength() == 1);
        }

        public Task<JsonElement> Place(Firm firm, string side, long quantity, long priceMinor) => gateway.Post<JsonElement>(
            firm.Client, "trading/markets/gansu/orders", new NewOrder(Guid.CreateVersion7(), Instrument, side, quantity, priceMinor, "day"), Stopping);

        public Task<JsonElement> Trading(Firm firm, string path) => Trading(firm.Client, path);

        public Task<Account> Account(Firm firm) =>
            gateway.Get<Account>(firm.Client, $"settlement/markets/gansu/accounts/{firm.TradingAccountId}", Stopping);

        public async Task<bool> MirrorMatches() =>
            (await Trading(_first, "reconciliation")).GetProperty("matches").GetBoolean();

        private Task<JsonElement> Trading(ApiClient caller, string path) => gateway.Get<JsonElement>(caller, $"trading/markets/gansu/{path}", Stopping);

        private Firm NewFirm(string name) => new(Guid.CreateVersion7(), NewClient(_first, name), Guid.CreateVersion7(), Guid.CreateVersion7());

        private static ApiClient NewClient(ApiClient first, string name) => ApiClient.DerivedFrom(first, $"{name}-{Guid.CreateVersion7():N}");
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
