using System.Net.Http.Headers;
using System.Net.Http.Json;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.EndToEnd;

/// <summary>
/// Cash from a bank account into the market and back, past every service on its way: the bank, late and given to repeating itself, the
/// ledger and Trading. And units that a court freezes on a trading account, which Trading no longer lets anybody offer.
/// </summary>
public sealed class CashAndTheBank(LocalSystem system)
{
    private const string Instrument = "CEA-2025";
    private static readonly CancellationToken Stopping = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cash_comes_from_the_bank_and_goes_back_and_frozen_units_are_not_offered()
    {
        await using var clients = Resilience.HttpClients(system.Gateway, RetryLimits.Default);
        using var http = clients.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(MarketClient));
        var gateway = new MarketClient(http, new Tokens(http, TimeProvider.System));
        var market = new TestMarket(gateway, system);
        await market.SetClock(TestMarket.At(await market.NextTuesday(), 10, 0));
        var firm = (await market.Register(1))[0];
        await market.Endow(firm, Instrument, units: 100);
        var number = (await market.Settlement($"accounts/{firm.TradingAccountId}")).GetProperty("number").GetString();

        await Bank(HttpMethod.Post, "/markets/gansu/credits", new { reference = $"{firm.ParticipantId:N}", accountNumber = number, amountMinor = 90_000 });
        await Available(90_000, "the payment has come into the market");

        await Withdraw(30_000);
        await Eventually.Holds("the bank has paid", async () => (await market.Settlement("payouts")).GetProperty("items").GetArrayLength() == 0);
        await Available(60_000, "what was paid is gone");

        await Bank(HttpMethod.Put, "/behaviour", new { holdBack = 2, repeatEvery = 1, refuseAboveMinor = 50_000 });
        await Withdraw(55_000);
        await Available(60_000, "what the bank refuses is there to trade with again");
        await Eventually.Holds("Trading and the ledger agree", market.MirrorMatches);
        await Bank(HttpMethod.Put, "/behaviour", new { holdBack = 2, repeatEvery = 3 });

        await gateway.Put(market.Regulator, $"settlement/markets/gansu/freezes/{Guid.CreateVersion7()}",
            new { accountId = firm.TradingAccountId, instrument = Instrument, quantity = 80, kind = "freeze", authority = "Lanzhou Intermediate Court", order = "2026-9" }, Stopping);
        await Eventually.Holds("Trading knows of the freeze", async () =>
            (await market.Trading(firm, "account")).GetProperty("units").EnumerateArray().Sum(held => held.GetProperty("available").GetInt64()) == 20);
        (await Should.ThrowAsync<RefusedException>(() => market.Place(firm, Instrument, "sell", 21, 7_000))).Code.ShouldBe("insufficient-units");
        (await market.CompareBooks()).GetProperty("matches").GetBoolean().ShouldBeTrue();

        Task Withdraw(long minor) => gateway.Put(firm.Client,
            $"trading/markets/gansu/withdrawals/{Guid.CreateVersion7()}", new { cashMinor = minor }, Stopping);

        Task Available(long minor, string what) => Eventually.Holds(what, async () =>
            (await market.Trading(firm, "account")).GetProperty("cash").GetProperty("availableMinor").GetInt64() == minor);
    }

    private async Task Bank(HttpMethod method, string path, object content)
    {
        var (address, key) = system.Bank;
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = JsonContent.Create(content) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await http.SendAsync(request, Stopping);
        answer.EnsureSuccessStatusCode();
    }
}
