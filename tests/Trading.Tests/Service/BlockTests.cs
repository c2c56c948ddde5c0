using System.Text.Json;
using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Market;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Service;

/// <summary>The whole life of a block and of a fixed-price sale, in the gansu market, through the doors the service has.</summary>
public sealed class BlockTests(TradingService trading) : IClassFixture<TradingService>
{
    private const string Market = "/trading/markets/gansu/";
    private const string Instrument = "CEA-2025";
    private const string Blocks = Market + "blocks";
    private const string Sales = Market + "fixed-price-sales";

    private static readonly string Deal = $"{Blocks}/{Id("deal")}";
    private static readonly string Sale = $"{Sales}/{Id("reserve")}";

    private Caller Ann => trading.As("emitter", TheMarket.Ann);

    private Caller Bob => trading.As("trader", TheMarket.Bob);

    private Caller Dan => trading.As("trader", Id("dan"));

    private Caller Regulator => trading.As("regulator", Id("regulator"));

    [Fact]
    public async Task A_block_and_a_sale_live_through_their_day_and_survive_a_restart()
    {
        // Monday 16 March 2026, 13:30 in Gansu.
        trading.SetClock(new DateTimeOffset(2026, 3, 16, 5, 30, 0, TimeSpan.Zero));
        await MoneyAndUnitsArrive();
        await OnlyWhoMayIsLetIn();
        await TwoSidesNegotiate();
        await TheReserveIsSold();
        await trading.Restart();
        await NothingIsForgotten();
        await WhatIsOpenEndsByLegalTime();
        await SettlementIsTold();
        await TheStoreTellsTheSame();
    }

    private async Task MoneyAndUnitsArrive()
    {
        await Fund("cash-ann", TheMarket.Ann, null, 2_000_000_000);
        await Fund("units-bob", TheMarket.Bob, Instrument, 300_000);
        await Fund("reserve-cem", Cem, Instrument, 1_000, forAuction: true);
        await Fund("cash-dan", Id("dan"), null, 1);
        await Eventually.Holds("the last arrives", async () =>
            (await Dan.Get(Market + "account")).GetProperty("cash").GetProperty("settledMinor").GetInt64() == 1);
    }

    private async Task OnlyWhoMayIsLetIn()
    {
        await trading.As(null).Refused(401, HttpMethod.Put, Deal, Offer(100_000, 7_500));
        await Regulator.Refused(403, HttpMethod.Put, Deal, Offer(100_000, 7_500));
        await Ann.Refused(403, HttpMethod.Put, Sale, NewSale());
        await Ann.Refused(403, HttpMethod.Put, $"{Sale}/withdrawal", new { reason = "Mine." });
        await Regulator.Refused(403, HttpMethod.Put, $"{Sale}/purchases/{Id("p")}", new { quantity = 1 });
        (await Bob.Refused(400, HttpMethod.Put, Deal, new { side = "sell" })).ShouldBe("invalid-input");
        (await Regulator.Refused(400, HttpMethod.Put, Sale, new { })).ShouldBe("invalid-input");
        (await Bob.Refused(422, HttpMethod.Put, $"{Blocks}/{Id("small")}", Offer(99_999, 7_500))).ShouldBe("quantity-not-block");
    }

    private async Task TwoSidesNegotiate()
    {
        (await Bob.Put(Deal, Offer(150_000, 7_500))).GetProperty("version").GetInt32().ShouldBe(1);
        (await Bob.Put(Deal, Offer(150_000, 7_500))).GetProperty("status").GetString().ShouldBe("open");
        (await Bob.Refused(409, HttpMethod.Put, Deal, Offer(150_000, 7_501))).ShouldBe("command-id-reused");
        (await Dan.Refused(404, HttpMethod.Get, Deal)).ShouldBe("unknown-block");
        (await Dan.Refused(404, HttpMethod.Post, $"{Deal}/acceptances", new { acceptanceId = Id("dan accepts"), version = 1 })).ShouldBe("unknown-block");
        (await Dan.Get(Blocks)).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await Regulator.Get(Deal)).GetProperty("sellerParticipantId").GetGuid().ShouldBe(TheMarket.Bob);
        Units(await Bob.Get(Market + "account"), "reserved").ShouldBe(150_000);

        var countered = await Ann.Post($"{Deal}/counters", new { counterId = Id("counter"), version = 1, quantity = 120_000, priceMinor = 7_400 });
        countered.GetProperty("version").GetInt32().ShouldBe(2);
        Units(await Bob.Get(Market + "account"), "reserved").ShouldBe(0);
        (await Bob.Refused(422, HttpMethod.Post, $"{Deal}/acceptances", new { acceptanceId = Id("too late"), version = 1 })).ShouldBe("offer-changed");
        (await Ann.Refused(422, HttpMethod.Post, $"{Deal}/acceptances", new { acceptanceId = Id("own"), version = 2 })).ShouldBe("own-offer");
        (await Ann.Get(Blocks + "?open=true")).GetProperty("items").GetArrayLength().ShouldBe(1);

        var acceptance = new { acceptanceId = Id("acceptance"), version = 2 };
        var agreed = await Bob.Post($"{Deal}/acceptances", acceptance);
        agreed.GetProperty("status").GetString().ShouldBe("agreed");
        (await Bob.Post($"{Deal}/acceptances", acceptance)).GetRawText().ShouldBe(agreed.GetRawText());
        (await Bob.Refused(422, HttpMethod.Delete, Deal)).ShouldBe("block-finished");
        (await Ann.Get(Blocks + "?open=true")).GetProperty("items").GetArrayLength().ShouldBe(0);

        var trade = (await Dan.Get(Market + "trades")).GetProperty("items").EnumerateArray().Single();
        (trade.GetProperty("mode").GetString(), trade.GetProperty("quantity").GetInt64(), trade.GetProperty("priceMinor").GetInt64())
            .ShouldBe(("block", 120_000, 7_400));
        trade.GetProperty("tradeId").GetGuid().ShouldBe(agreed.GetProperty("tradeId").GetGuid());
        trade.GetProperty("buyerParticipantId").ValueKind.ShouldBe(JsonValueKind.Null);

        await Bob.Put($"{Blocks}/{Id("declined")}", Offer(100_000, 7_500));
        (await Ann.Delete($"{Blocks}/{Id("declined")}")).GetProperty("endedFor").GetString().ShouldBe("declined");
        (await Bob.Delete($"{Blocks}/{Id("declined")}")).GetProperty("endedFor").GetString().ShouldBe("declined");
        await Bob.Put($"{Blocks}/{Id("forgotten")}", Offer(100_000, 7_500));
    }

    private async Task TheReserveIsSold()
    {
        (await Ann.Refused(404, HttpMethod.Put, $"{Sale}/purchases/{Id("p1")}", new { quantity = 1 })).ShouldBe("unknown-sale");
        (await Regulator.Put(Sale, NewSale())).GetProperty("status").GetString().ShouldBe("open");
        (await Regulator.Put(Sale, NewSale())).GetProperty("quantityLeft").GetInt64().ShouldBe(1_000);
        var bought = await Ann.Put($"{Sale}/purchases/{Id("p1")}", new { quantity = 400 });
        (bought.GetProperty("priceMinor").GetInt64(), bought.GetProperty("tradeSequence").GetInt64()).ShouldBe((7_000, 2));
        (await Ann.Put($"{Sale}/purchases/{Id("p1")}", new { quantity = 400 })).GetRawText().ShouldBe(bought.GetRawText());
        (await Ann.Refused(409, HttpMethod.Put, $"{Sale}/purchases/{Id("p1")}", new { quantity = 399 })).ShouldBe("command-id-reused");
        (await Ann.Refused(422, HttpMethod.Put, $"{Sale}/purchases/{Id("p2")}", new { quantity = 201 })).ShouldBe("purchase-above-maximum");
        (await Dan.Refused(422, HttpMethod.Put, $"{Sale}/purchases/{Id("p3")}", new { quantity = 1 })).ShouldBe("insufficient-cash");
        (await Dan.Get(Sale)).GetProperty("quantityLeft").GetInt64().ShouldBe(600, "What is left is everybody's to know.");
        (await Dan.Get(Sale)).GetProperty("ownPurchases").GetArrayLength().ShouldBe(0);
        (await Ann.Get(Sale)).GetProperty("ownPurchases").GetArrayLength().ShouldBe(1);

        var withdrawal = new { reason = "The price was mistyped." };
        (await Regulator.Put($"{Sale}/withdrawal", withdrawal)).GetProperty("explanation").GetString().ShouldBe("The price was mistyped.");
        (await Regulator.Put($"{Sale}/withdrawal", withdrawal)).GetProperty("closedFor").GetString().ShouldBe("withdrawn");
        await Regulator.Put($"{Sales}/{Id("again")}", NewSale(600, 7_100));
        (await Dan.Get(Sales + "?limit=1")).GetProperty("next").GetString().ShouldNotBeNull();
        (await Dan.Get(Sales)).GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    private async Task NothingIsForgotten()
    {
        (await Ann.Get(Deal)).GetProperty("terms").GetArrayLength().ShouldBe(2);
        (await Bob.Get(Blocks)).GetProperty("items").GetArrayLength().ShouldBe(3);
        (await Regulator.Get(Blocks)).GetProperty("items").GetArrayLength().ShouldBe(3, "Who supervises sees them all.");
        (await Regulator.Get(Blocks + "?open=true")).GetProperty("items").GetArrayLength().ShouldBe(1);
        var first = await Bob.Get(Blocks + "?limit=1");
        var rest = await Bob.Get($"{Blocks}?after={first.GetProperty("next").GetString()}");
        first.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).Select(block => block.GetRawText())
            .ShouldBe((await Bob.Get(Blocks)).GetProperty("items").EnumerateArray().Select(block => block.GetRawText()));
        (await Ann.Put($"{Sale}/purchases/{Id("p1")}", new { quantity = 400 })).GetProperty("tradeSequence").GetInt64().ShouldBe(2);
        Units(await Bob.Get(Market + "account"), "reserved").ShouldBe(100_000);
    }

    private async Task WhatIsOpenEndsByLegalTime()
    {
        trading.SetClock(new DateTimeOffset(2026, 3, 16, 7, 0, 0, TimeSpan.Zero));
        var expired = await Eventually.Gives(
            "the offer expires", () => Bob.Get($"{Blocks}/{Id("forgotten")}"), block => block.GetProperty("status").GetString() == "ended");
        expired.GetProperty("endedFor").GetString().ShouldBe("expired");
        var closed = await Eventually.Gives(
            "the sale closes", () => Ann.Get($"{Sales}/{Id("again")}"), sale => sale.GetProperty("status").GetString() == "closed");
        (closed.GetProperty("closedFor").GetString(), closed.GetProperty("quantityLeft").GetInt64()).ShouldBe(("window-ended", 600));
    }

    private async Task SettlementIsTold()
    {
        await Eventually.Holds("the day's end is told", () => trading.Promises.All.OfType<TradingDayClosed>().Any(day => day.Market == "gansu"));
        trading.Promises.All.OfType<TradesExecuted>().Where(told => told.Market == "gansu").SelectMany(told => told.Trades)
            .Select(trade => (trade.Mode, trade.BuyerParticipantId, trade.SellerParticipantId, trade.Quantity, trade.PriceMinorPerUnit, trade.TradingDay))
            .ShouldBe(
            [
                ("block", TheMarket.Ann, TheMarket.Bob, 120_000, 7_400, "2026-03-16"),
                ("fixed-price", TheMarket.Ann, Cem, 400, 7_000, "2026-03-16"),
            ]);
        var close = trading.Promises.All.OfType<TradingDayClosed>().Single(day => day.Market == "gansu").Closes
            .Single(one => one.Instrument == Instrument);
        (close.PriceMinorPerUnit, close.Volume).ShouldBe((7_463, 120_400), "The close is the book's.");
    }

    /// <summary>For when the market's memory has let go of them.</summary>
    private async Task TheStoreTellsTheSame()
    {
        var store = trading.Services.GetRequiredService<IDocumentStore>();
        await using var session = store.QuerySession();
        foreach (var id in new[] { Id("deal"), Id("declined"), Id("forgotten") })
        {
            var kept = (await Bob.Get($"{Blocks}/{id}")).GetRawText();
            await Eventually.Holds("the negotiation is stored as it is kept", async () =>
                await session.LoadAsync<BlockView>(MarketDocument.IdOf(Venues.StreamOf("gansu"), id)) is { } view && JsonSerializer.Serialize(BlockAnswer.Of(view.Block), TradingService.Json) == kept);
        }
        foreach (var id in new[] { Id("reserve"), Id("again") })
        {
            var kept = (await Dan.Get($"{Sales}/{id}")).GetRawText();
            await Eventually.Holds("the sale is stored as it is kept", async () =>
                await session.LoadAsync<SaleView>(MarketDocument.IdOf(Venues.StreamOf("gansu"), id)) is { } view && JsonSerializer.Serialize(SaleAnswer.Of(view), TradingService.Json) == kept);
        }
    }

    private static object Offer(long quantity, long priceMinor) =>
        new { counterpartyParticipantId = TheMarket.Ann, instrument = Instrument, side = "sell", quantity, priceMinor };

    private static object NewSale(long quantity = 1_000, long priceMinor = 7_000) => new
    {
        instrument = Instrument, quantity, priceMinor, opensAt = new DateTimeOffset(2026, 3, 16, 5, 30, 0, TimeSpan.Zero),
        closesAt = new DateTimeOffset(2026, 3, 16, 7, 0, 0, TimeSpan.Zero), sellerParticipantId = Cem, mostPerBuyer = 600,
    };

    private Task Fund(string id, Guid participant, string? instrument, long amount, bool forAuction = false) => trading.Tell(new TradingAccountsFunded
    {
        Market = "gansu",
        Fundings =
        [
            new TradingAccountsFunded.Funding
            {
                FundingId = Id(id), ForAuction = forAuction, ParticipantId = participant, Instrument = instrument,
                Quantity = instrument is null ? 0 : amount, CashMinor = instrument is null ? amount : 0, At = trading.LegalTime,
            },
        ],
    });

    private static long Units(JsonElement account, string part) => account.GetProperty("units").EnumerateArray()
        .Where(units => units.GetProperty("instrument").GetString() == Instrument).Sum(units => units.GetProperty(part).GetInt64());
}
