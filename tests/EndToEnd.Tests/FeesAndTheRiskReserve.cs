using System.Globalization;
using System.Text.Json;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.EndToEnd;

/// <summary>
/// Trades with fees through all services: what Trading reserves and tells is what Settlement locks, delivers, states and sets
/// aside, to the fen, and the two agree before and after.
/// </summary>
public sealed class FeesAndTheRiskReserve(LocalSystem system)
{
    private const string Instrument = ChargedPacks.Instrument;

    [Fact]
    public async Task Both_sides_pay_their_fee_and_a_fifth_of_it_is_set_aside()
    {
        await using var clients = Resilience.HttpClients(system.Gateway, RetryLimits.Default);
        using var http = clients.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(MarketClient));
        var market = new TestMarket(new MarketClient(http, new Tokens(http, TimeProvider.System)), system);
        var day = await market.NextTuesday();
        await market.SetClock(TestMarket.At(day, 9, 0));
        var firms = await market.Register(2);
        var (seller, buyer) = (firms[0], firms[1]);
        await market.Endow(seller, Instrument, units: 30);
        await market.Endow(buyer, Instrument, cashMinor: 600_000);

        await market.SetClock(TestMarket.At(day, 10, 0));
        await market.Place(seller, Instrument, "sell", 7, 14_999);
        await market.Place(seller, Instrument, "sell", 13, 15_003);
        await market.Place(buyer, Instrument, "buy", 30, 15_003);
        // 7 x 149.99 = 1,049.93 and 13 x 150.03 = 1,950.39: 0.25 % of each is 2.624... and 4.875..., 0.40 % of each 4.199... and 7.801...
        var (spent, buyerFees, sellerFees) = (104_993 + 195_039, 262 + 488, 420 + 780);
        var reserved = 10 * (15_003 + 38);
        var cash = (await market.Trading(buyer, "account")).GetProperty("cash");
        (Number(cash, "pendingOutMinor"), Number(cash, "reservedMinor"), Number(cash, "availableMinor"))
            .ShouldBe((spent + buyerFees, reserved, 600_000 - spent - buyerFees - reserved));
        await Eventually.Holds("both sides are locked as Trading has it", async () =>
            await market.MirrorMatches() && (await market.Account(buyer)).Cash.AvailableMinor == 600_000 - spent - buyerFees);
        var before = await OfAuthority(market);

        await market.SetClock(TestMarket.At(day.AddDays(1), 9, 16));
        await Eventually.Holds("the day is settled", async () => (await market.Account(buyer)).Units.Sum(units => units.Available) == 20);
        (await market.Account(buyer)).Cash.AvailableMinor.ShouldBe(600_000 - spent - buyerFees);
        (await market.Account(seller)).Cash.AvailableMinor.ShouldBe(spent - sellerFees);
        var after = await OfAuthority(market);
        // A fifth of 2.62 + 4.20 = 6.82 and of 4.88 + 7.80 = 12.68, each rounded.
        (after.Reserve - before.Reserve, after.Fees - before.Fees).ShouldBe((136 + 254, buyerFees + sellerFees - 136 - 254));

        var lines = (await market.Settlement($"daily-statements/{buyer.ParticipantId}/{day.ToString("O", CultureInfo.InvariantCulture)}")).GetProperty("lines").EnumerateArray()
            .Where(line => line.GetProperty("type").GetString() == "trade-settlement");
        lines.Select(line => (Number(line, "priceMinor"), Number(line, "feeMinor"))).ShouldBe([(14_999, 262), (15_003, 488)]);
        await Eventually.Holds("Trading's mirror is the ledger's", market.MirrorMatches);
        (await market.CompareBooks()).GetProperty("matches").GetBoolean().ShouldBeTrue();
        (await market.Settlement("conservation")).GetProperty("balanced").GetBoolean().ShouldBeTrue();
    }

    private static async Task<(long Fees, long Reserve)> OfAuthority(TestMarket market)
    {
        var cash = (await market.Settlement("accounts/authority")).EnumerateArray().ToDictionary(
            account => account.GetProperty("type").GetString()!, account => Number(account.GetProperty("cash"), "availableMinor"));
        return (cash["fees"], cash["risk-reserve"]);
    }

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
