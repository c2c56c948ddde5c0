using System.Text.Json;
using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Contracts.Settlement.V1.Grpc;
using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Service;

/// <summary>One market's days, from money on the account to units off it, through the doors the service has.</summary>
public sealed class TradingDayTests(TradingService trading) : IClassFixture<TradingService>
{
    private readonly Caller _ann = trading.As("emitter", Ann);
    private readonly Caller _bob = trading.As("trader", Bob);
    private readonly Caller _regulator = trading.As("regulator", Id("regulator"));

    [Fact]
    public async Task A_market_lives_through_its_days_and_survives_a_restart()
    {
        await NobodyTakesTheIdsOfOthers();
        await MoneyAndUnitsArrive();
        await OrdersMeet();
        await RepeatsAnswerAsTheFirstTime();
        await TheRegulatorAuctions();
        await TheDayEndsByLegalTime();
        await ClearingMakesItReal();
        await UnitsLeave();
        await trading.Restart();
        await NothingIsForgotten();
        await TheNextDayKeepsTheOld();
        await MirrorAndLedgerAreCompared();
    }

    /// <summary>A refused order stays refused under its id, so each of these ids would be lost to whoever it belongs to.</summary>
    private async Task NobodyTakesTheIdsOfOthers()
    {
        var venue = trading.Services.GetRequiredService<Venues>()[TradingService.Market];
        Guid[] theirs =
        [
            Id("bid-1"), Id("a1"), Id("sale"), Id("out"),
            DeterministicGuid.From(Id("cash-ann"), "funding"),
            DeterministicGuid.From(Trade.IdOf(Id("bid-1"), 1), "outcome"),
            DeterministicGuid.From(Id("out"), "completed"),
            DeterministicGuid.From(venue.Stream, "advance", trading.LegalTime.AddHours(2).UtcTicks),
            DeterministicGuid.From(venue.Stream, "advance", venue.PackAt(trading.LegalTime).EndOfTrading(new DateOnly(2021, 6, 16)).UtcTicks),
        ];
        var doomed = await trading.As("trader", Cem).Post("orders/batch", Orders([.. theirs.Select(id =>
            new { orderId = id, instrument = "UKA", side = "sell", quantity = 1, priceMinor = 4_500, timeInForce = "day" })]));
        doomed.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("code").GetString())
            .ShouldAllBe(code => code == "insufficient-units");
    }

    private async Task MoneyAndUnitsArrive()
    {
        await Fund("cash-ann", Ann, null, 1_000_000);
        // A transfer, and a payout refused by the bank that its participant had given the same id.
        await Fund("cash-bob", Bob, null, 200_000, number: 2);
        await Fund("cash-bob", Bob, null, 300_000, number: 3);
        await Fund("units-bob", Bob, "UKA", 300, number: 1);
        await Fund("units-cem", Cem, "UKA", 100, forAuction: true);
        await Eventually.Holds("the mirror shows it", async () => (await _bob.Get("account")).GetProperty("units").GetArrayLength() == 1);
        await Fund("units-bob", Bob, "UKA", 300, number: 1);
        await Fund("units-bob by a command that is new to the engine", Bob, "UKA", 300, number: 1);
        await Fund("last", Ann, null, 1);
        await Eventually.Holds("the last arrives", async () => Cash(await _ann.Get("account"), "availableMinor") == 1_000_001);
        Units(await _bob.Get("account"), "available").ShouldBe(300, "The same funding told twice counts once.");
        Cash(await _bob.Get("account"), "availableMinor").ShouldBe(500_000, "Two fundings of one id count both.");
    }

    private async Task OrdersMeet()
    {
        var offers = await _bob.Post("orders/batch", Orders(Order("offer-1", "sell", 60, 4_500), Order("offer-2", "sell", 60, 4_510)));
        Outcomes(offers).ShouldBe(["accepted", "accepted"]);
        var bids = await _ann.Post("orders/batch", Orders(
            Order("bid-1", "buy", 100, 4_510), Order("bid-2", "buy", 10, 4_400), Order("bid-3", "buy", 50, 4_505, "ioc"),
            Order("bid-4", "buy", 1_000_000, 4_400)));
        Outcomes(bids).ShouldBe(["accepted", "accepted", "accepted", "rejected"]);
        bids.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("filledQuantity").GetInt64()).ShouldBe([100, 0, 0, 0]);
        bids.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("status").GetString())
            .ShouldBe(["filled", "open", "cancelled", null]);
        bids.GetProperty("results")[3].GetProperty("code").GetString().ShouldBe("insufficient-cash");

        var book = await _ann.Get("book?instrument=UKA");
        book.GetProperty("bids")[0].GetProperty("priceMinor").GetInt64().ShouldBe(4_400);
        book.GetProperty("asks")[0].GetProperty("quantity").GetInt64().ShouldBe(20);
        var trades = (await _ann.Get("trades")).GetProperty("items").EnumerateArray().ToList();
        trades.Select(trade => (trade.GetProperty("quantity").GetInt64(), trade.GetProperty("priceMinor").GetInt64())).ShouldBe([(60, 4_500), (40, 4_510)]);
        trades[0].GetProperty("buyerParticipantId").GetGuid().ShouldBe(Ann);
        trades[0].GetProperty("sellerParticipantId").ValueKind.ShouldBe(JsonValueKind.Null, "Who stood on the other side is not told.");
        (await _ann.Delete($"orders/{Id("bid-2")}")).GetProperty("status").GetString().ShouldBe("cancelled");
        (await _ann.Delete($"orders/{Id("bid-2")}")).GetProperty("status").GetString().ShouldBe("cancelled");
        (await _ann.Refused(422, HttpMethod.Delete, $"orders/{Id("bid-1")}")).ShouldBe("order-finished");
        (await _bob.Refused(404, HttpMethod.Delete, $"orders/{Id("bid-1")}")).ShouldBe("unknown-order");
        (await _bob.Refused(404, HttpMethod.Get, $"orders/{Id("bid-1")}")).ShouldBe("unknown-order");
        (await _regulator.Get($"orders/{Id("bid-1")}")).GetProperty("participantId").GetGuid().ShouldBe(Ann);
    }

    private async Task RepeatsAnswerAsTheFirstTime()
    {
        var again = await _ann.Post("orders/batch", Orders(Order("bid-1", "buy", 100, 4_510), Order("bid-4", "buy", 1_000_000, 4_400)));
        Outcomes(again).ShouldBe(["accepted", "rejected"]);
        again.GetProperty("results")[0].GetProperty("filledQuantity").GetInt64().ShouldBe(100);
        var altered = await _ann.Post("orders/batch", Orders(Order("bid-1", "buy", 99, 4_510)));
        altered.GetProperty("results")[0].GetProperty("code").GetString().ShouldBe("command-id-reused");
        var anothers = await _bob.Post("orders/batch", Orders(Order("bid-1", "buy", 100, 4_510)));
        anothers.GetProperty("results")[0].GetProperty("code").GetString().ShouldBe("id-reused");
        (await Status()).GetProperty("lastTradeSequence").GetInt64().ShouldBe(2);
    }

    private async Task TheRegulatorAuctions()
    {
        var path = $"auctions/{Id("sale")}";
        var sale = new
        {
            instrument = "UKA", quantity = 100, reservePriceMinor = 4_000, opensAt = trading.LegalTime, closesAt = trading.LegalTime.AddHours(2),
            sellerParticipantId = Cem,
        };
        (await _regulator.Refused(422, HttpMethod.Put, $"auctions/{Id("not for sale")}", sale with { sellerParticipantId = Bob })).ShouldBe("not-for-auction");
        (await _regulator.Put(path, sale)).GetProperty("status").GetString().ShouldBe("open");
        (await _regulator.Put(path, sale)).GetProperty("status").GetString().ShouldBe("open");
        (await _regulator.Refused(409, HttpMethod.Put, path, sale with { quantity = 99 })).ShouldBe("command-id-reused");
        (await _regulator.Refused(422, HttpMethod.Put, $"auctions/{Id("more")}", sale)).ShouldBe("insufficient-units");
        Outcomes(await _ann.Post($"{path}/bids/batch", Bids(Bid("a1", 80, 4_300), Bid("a2", 50, 4_100), Bid("a3", 5, 3_999))))
            .ShouldBe(["accepted", "accepted", "rejected"]);
        (await _ann.Get(path)).GetProperty("bids").ValueKind.ShouldBe(JsonValueKind.Null, "Bids are sealed.");
        (await _ann.Get(path)).GetProperty("ownBids").GetArrayLength().ShouldBe(2);
        trading.SetClock(trading.LegalTime.AddHours(2));
        var closed = await Eventually.Gives(
            "the auction closes by the legal clock", () => _ann.Get(path), auction => auction.GetProperty("status").GetString() == "closed");
        closed.GetProperty("clearingPriceMinor").GetInt64().ShouldBe(4_100);
        closed.GetProperty("soldQuantity").GetInt64().ShouldBe(100);
        closed.GetProperty("ownBids").EnumerateArray().Select(bid => bid.GetProperty("wonQuantity").GetInt64()).ShouldBe([80, 20]);
        (await _ann.Get("auctions")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    private async Task TheDayEndsByLegalTime()
    {
        (await Status()).GetProperty("dayOpen").GetBoolean().ShouldBeTrue();
        trading.SetClock(new DateTimeOffset(2021, 6, 16, 16, 0, 0, TimeSpan.Zero));
        var status = await Eventually.Gives("the day ends", Status, answer => !answer.GetProperty("dayOpen").GetBoolean());
        status.GetProperty("lastClosedDay").GetString().ShouldBe("2021-06-16");
        (await _bob.Get($"orders/{Id("offer-2")}")).GetProperty("status").GetString().ShouldBe("lapsed");
        await Eventually.Holds("the day's end is told", () => trading.Promises.All.OfType<TradingDayClosed>().Any());
        trading.Promises.All.OfType<TradesExecuted>().SelectMany(envelope => envelope.Trades).Select(trade => (trade.Sequence, trade.Mode))
            .ShouldBe([(1, "continuous"), (2, "continuous"), (3, "auction"), (4, "auction")]);
        var day = trading.Promises.All.OfType<TradingDayClosed>().Single();
        (day.TradingDay, day.LastTradeSequence).ShouldBe(("2021-06-16", 4));
        day.Closes.Single(close => close.Instrument == "UKA").PriceMinorPerUnit.ShouldBe(4_504);
    }

    private async Task ClearingMakesItReal()
    {
        Units(await _ann.Get("account"), "pendingIn").ShouldBe(200);
        Units(await _ann.Get("account"), "withdrawable").ShouldBe(0);
        var trades = trading.Promises.All.OfType<TradesExecuted>().SelectMany(envelope => envelope.Trades).ToList();
        var settled = new TradesSettled
        {
            Market = TradingService.Market,
            Outcomes = trades.ConvertAll(trade => new TradesSettled.Outcome
            {
                TradeId = trade.TradeId, TradeSequence = trade.Sequence, Settled = true, At = trading.LegalTime,
            }),
        };
        await trading.Tell(settled);
        await trading.Tell(settled);
        await Eventually.Holds("the units are the buyer's", async () => Units(await _ann.Get("account"), "settled") == 200);
        Cash(await _bob.Get("account"), "settledMinor").ShouldBe(500_000 + (60 * 4_500) + (40 * 4_510));
    }

    private async Task UnitsLeave()
    {
        var path = $"withdrawals/{Id("out")}";
        var answer = await _ann.Put(path, new { instrument = "UKA", quantity = 150 });
        answer.GetProperty("quantity").GetInt64().ShouldBe(150);
        (await _ann.Put(path, new { instrument = "UKA", quantity = 150 })).GetRawText().ShouldBe(answer.GetRawText());
        (await _ann.Refused(409, HttpMethod.Put, path, new { instrument = "UKA", quantity = 151 })).ShouldBe("command-id-reused");
        (await _bob.Refused(409, HttpMethod.Put, path, new { instrument = "UKA", quantity = 150 })).ShouldBe("id-reused");
        (await _ann.Refused(422, HttpMethod.Put, $"withdrawals/{Id("too much")}", new { instrument = "UKA", quantity = 51 })).ShouldBe("insufficient-units");
        await Eventually.Holds("the release is told", () => trading.Promises.All.OfType<WithdrawalReleased>().Any());
        trading.Promises.All.OfType<WithdrawalReleased>().Single().Quantity.ShouldBe(150);
        await trading.Tell(new WithdrawalCompleted
        {
            Market = TradingService.Market, WithdrawalId = Id("out"), ParticipantId = Ann, At = trading.LegalTime,
        });
        await Eventually.Holds("the units are off the account", async () => Units(await _ann.Get("account"), "settled") == 50);
    }

    private async Task NothingIsForgotten()
    {
        var (ann, bob) = (trading.As("emitter", Ann), trading.As("trader", Bob));
        Units(await ann.Get("account"), "settled").ShouldBe(50);
        (await ann.Get("trades?after=1&limit=2")).GetProperty("items").EnumerateArray().Select(trade => trade.GetProperty("sequence").GetInt64())
            .ShouldBe([2, 3]);
        (await ann.Get("trades?after=1&limit=2")).GetProperty("next").GetString().ShouldBe("3");
        (await bob.Get($"orders/{Id("offer-1")}")).GetProperty("status").GetString().ShouldBe("filled");
        var again = await ann.Post("orders/batch", Orders(Order("bid-1", "buy", 100, 4_510), Order("bid-4", "buy", 1_000_000, 4_400)));
        Outcomes(again).ShouldBe(["accepted", "rejected"], "A repeat answers as before the restart.");
    }

    private async Task TheNextDayKeepsTheOld()
    {
        var (ann, bob) = (trading.As("emitter", Ann), trading.As("trader", Bob));
        await NothingIsStored();
        trading.SetClock(new DateTimeOffset(2021, 6, 17, 8, 0, 0, TimeSpan.Zero));
        Outcomes(await ann.Post("orders/batch", Orders(Order("bid-5", "buy", 1, 4_400)))).ShouldBe(["accepted"]);
        (await Eventually.Gives("the store tells of yesterday's order", () => bob.Get($"orders/{Id("offer-2")}"),
            order => order.GetProperty("status").GetString() == "lapsed")).GetProperty("filledQuantity").GetInt64().ShouldBe(40);
        var all = await Eventually.Gives("the list spans both days", () => ann.Get("orders?limit=2"), page => page.GetProperty("items").GetArrayLength() == 2);
        var rest = await ann.Get($"orders?after={all.GetProperty("next").GetString()}");
        all.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray())
            .Select(order => order.GetProperty("orderId").GetGuid()).ShouldBe([Id("bid-1"), Id("bid-2"), Id("bid-3"), Id("bid-5")]);
        (await ann.Delete($"orders/{Id("bid-5")}")).GetProperty("status").GetString().ShouldBe("cancelled");
        (await bob.Refused(422, HttpMethod.Delete, $"orders/{Id("offer-2")}")).ShouldBe("order-finished");
        (await ann.Delete($"orders/{Id("bid-2")}")).GetProperty("status").GetString().ShouldBe("cancelled");
        (await ann.Refused(404, HttpMethod.Delete, $"orders/{Id("offer-2")}")).ShouldBe("unknown-order");

        // The engine has forgotten this order's command; the market has not forgotten the order.
        await trading.Services.GetRequiredService<Venues>()[TradingService.Market].Execute(
            Guid.CreateVersion7(), Buy(Ann, "bid-6", 10, 4_400, "UKA", TimeInForce.Ioc, trading.LegalTime),
            new Provenance("c", "c", Actor.Platform("tests")), CancellationToken.None);
        var repeat = await ann.Post("orders/batch", Orders(Order("bid-6", "buy", 10, 4_400, "ioc")));
        repeat.GetProperty("results")[0].GetProperty("status").GetString().ShouldBe("cancelled");
    }

    /// <summary>What followers have stored is gone, and how far they were: the journal gives it back.</summary>
    private async Task NothingIsStored()
    {
        var store = trading.Services.GetRequiredService<IDocumentStore>();
        var market = Venues.StreamOf(TradingService.Market);
        await Eventually.Holds("the day's orders are stored", async () =>
        {
            await using var reading = store.QuerySession();
            return await reading.Query<OrderView>().AnyAsync(order => order.Market == market && order.Status == OrderStatus.Lapsed);
        });
        await using var session = store.LightweightSession();
        session.DeleteWhere<OrderView>(order => order.Market == market);
        session.Delete<OrdersKept>(market);
        await session.SaveChangesAsync();
    }

    private async Task MirrorAndLedgerAreCompared()
    {
        var regulator = trading.As("regulator", Id("regulator"));
        Ledger(Ann, 1_000_001 - (60 * 4_500) - (40 * 4_510) - (100 * 4_100), 50);
        Ledger(Bob, 500_000 + (60 * 4_500) + (40 * 4_510), 200);
        Ledger(Cem, 100 * 4_100, 1);
        var differs = await regulator.Get("reconciliation");
        differs.GetProperty("matches").GetBoolean().ShouldBeFalse();
        differs.GetProperty("differences")[0].GetProperty("participantId").GetGuid().ShouldBe(Cem);
        Ledger(Cem, 100 * 4_100, 0);
        var matches = await regulator.Get("reconciliation");
        matches.GetProperty("matches").GetBoolean().ShouldBeTrue(matches.ToString());
        matches.GetProperty("comparedAccounts").GetInt32().ShouldBe(3);
    }

    private void Ledger(Guid participant, long cash, long units) => trading.Ledger.Accounts[participant.ToString()] = new TradingAccount
    {
        ParticipantId = participant.ToString(), CashMinor = cash, Units = { new UnitHolding { Instrument = "UKA", Quantity = units } },
    };

    private Task<JsonElement> Status() => trading.As("trader", Bob).Get("status");

    private Task Fund(string id, Guid participant, string? instrument, long amount, long? number = null, bool forAuction = false) => trading.Tell(new TradingAccountsFunded
    {
        Market = TradingService.Market,
        Fundings =
        [
            new TradingAccountsFunded.Funding
            {
                FundingId = Id(id), Number = number, ForAuction = forAuction, ParticipantId = participant, Instrument = instrument, Quantity = instrument is null ? 0 : amount,
                CashMinor = instrument is null ? amount : 0, At = trading.LegalTime,
            },
        ],
    });

    private static object Order(string id, string side, long quantity, long priceMinor, string timeInForce = "day") =>
        new { orderId = Id(id), instrument = "UKA", side, quantity, priceMinor, timeInForce };

    private static object Orders(params object[] items) => new { items };

    private static object Bid(string id, long quantity, long priceMinor) => new { bidId = Id(id), quantity, priceMinor };

    private static object Bids(params object[] items) => new { items };

    private static IEnumerable<string?> Outcomes(JsonElement answer) =>
        answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("outcome").GetString());

    private static long Units(JsonElement account, string part) => account.GetProperty("units").EnumerateArray()
        .Where(units => units.GetProperty("instrument").GetString() == "UKA").Sum(units => units.GetProperty(part).GetInt64());

    private static long Cash(JsonElement account, string part) => account.GetProperty("cash").GetProperty(part).GetInt64();
}
