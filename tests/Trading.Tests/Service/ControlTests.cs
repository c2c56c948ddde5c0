using System.Text.Json;
using CarbonMarket.Contracts.Trading.V1.Grpc;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;
using CarbonMarket.Trading.Controls;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Service;

/// <summary>Trading under rules with a band, a threshold and a budget of messages that no second ever fills up again.</summary>
public sealed class WatchedTradingService : TradingService
{
    public const int Budget = 20;

    protected override void Configure(IServiceCollection services)
    {
        var shipped = services.Last(service => service.ServiceType == typeof(PolicyPackCatalog)).ImplementationFactory!;
        services.AddSingleton(provider => new PolicyPackCatalog(((PolicyPackCatalog)shipped(provider)).Versions(Market).Select(Watched)));
        services.AddSingleton(new MessageRate(TimeSpan.FromHours(1)));
    }

    private static PolicyPack Watched(PolicyPack pack) => pack.With("UKA", rules => rules with
    {
        BasePriceMinor = 4_500, PriceBandBasisPoints = 1_000, PriceRunHalt = new PriceRunHalt(2, 60, 5), LargeTraderReportFrom = 50,
    }) with { Trading = pack.Trading with { MessagesPerSecond = Budget } };
}

/// <summary>
/// The controls over HTTP. All calls go to Trading itself, as they would when the gateway is down: that is what the kill
/// switch's independence of it means.
/// </summary>
public sealed class ControlTests(WatchedTradingService trading) : IClassFixture<WatchedTradingService>
{
    [Fact]
    public async Task What_is_stopped_stays_stopped_over_a_restart_until_those_entitled_lift_it()
    {
        await MoneyAndUnitsArrive();
        await AKillSwitchIsThrown();
        await trading.Restart();
        await ItIsStillInForce();
        await TwoLiftIt();
        await ItsHistoryIsTold();
        await AParticipantStopsItsOwnRepresentative();
        await ACourtFreezes();
        await TheRegistryHolds();
        await AHaltEndsByLegalTime();
        await ARunOfPricesHaltsTheInstrument();
        await ALargeHoldingIsReported();
        await MessagesAreCounted();
    }

    private Caller Operator => trading.As("operator", Id("operator"), "olga");

    private Caller Regulator => trading.As("regulator", Id("regulator"), "rosa");

    private Caller AnnsTrader => trading.As("emitter", Ann, "ann-1");

    private Caller BobsTrader => trading.As("trader", Bob, "bob-1");

    private async Task MoneyAndUnitsArrive()
    {
        await trading.Fund(Ann, null, 10_000_000);
        await trading.Fund(Bob, null, 10_000_000);
        await trading.Fund(Bob, "UKA", 300);
        await Eventually.Holds("the mirror shows it", async () => (await BobsTrader.Get("account")).GetProperty("units").GetArrayLength() == 1);
        await Eventually.Holds("and Ann's cash", async () => (await AnnsTrader.Get("account")).GetProperty("cash").GetProperty("settledMinor").GetInt64() > 0);
    }

    private async Task AKillSwitchIsThrown()
    {
        (await Place(AnnsTrader, Order("bid-1", "buy", 10, 4_400))).ShouldBe("accepted");
        var thrown = await Operator.Put(Path("kill"), Kill(Ann));
        thrown.GetProperty("pulledOrders").GetInt32().ShouldBe(1);
        thrown.GetProperty("control").GetProperty("kind").GetString().ShouldBe("kill-switch");
        thrown.GetProperty("holdsAnything").GetBoolean().ShouldBeTrue();
        (await Operator.Put(Path("kill"), Kill(Ann))).GetRawText().ShouldBe(thrown.GetRawText());
        (await Operator.Refused(409, HttpMethod.Put, Path("kill"), Kill(Bob))).ShouldBe("command-id-reused");
        (await Regulator.Refused(409, HttpMethod.Put, Path("kill"), Kill(Bob))).ShouldBe("id-reused");
        var pulled = await AnnsTrader.Get($"orders/{Id("bid-1")}");
        (pulled.GetProperty("status").GetString(), pulled.GetProperty("cancelReason").GetString()).ShouldBe(("cancelled", "kill-switch"));
        (await Place(AnnsTrader, Order("bid-2", "buy", 10, 4_400))).ShouldBe("killed");
        (await Place(BobsTrader, Order("offer-1", "sell", 10, 4_600))).ShouldBe("accepted");
    }

    private async Task ItIsStillInForce()
    {
        (await Place(AnnsTrader, Order("bid-3", "buy", 10, 4_400))).ShouldBe("killed");
        (await AnnsTrader.Get("controls")).GetProperty("items")[0].GetProperty("controlId").GetGuid().ShouldBe(Id("kill"));
        (await AnnsTrader.Get("controls")).GetProperty("items")[0].GetProperty("imposedBy").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Regulator.Get("controls")).GetProperty("items")[0].GetProperty("imposedBy").GetString().ShouldBe("olga");
        (await BobsTrader.Get("controls")).GetProperty("items").GetArrayLength().ShouldBe(0, "It is not Bob's concern.");
        (await AnnsTrader.Post("orders/cancellation", new { cancellationId = Id("cancel") })).GetProperty("cancelled").GetInt32().ShouldBe(0);
    }

    private async Task TwoLiftIt()
    {
        (await Operator.Refused(422, HttpMethod.Post, $"{Path("kill")}/lifts/{Id("lift")}/confirmation")).ShouldBe("lift-not-asked");
        (await Operator.Put($"{Path("kill")}/lifts/{Id("lift")}", new { ground = "mended" })).GetProperty("status").GetString().ShouldBe("asked");
        (await Operator.Refused(422, HttpMethod.Post, $"{Path("kill")}/lifts/{Id("lift")}/confirmation")).ShouldBe("four-eyes");
        (await AnnsTrader.Refused(403, HttpMethod.Post, $"{Path("kill")}/lifts/{Id("lift")}/confirmation")).ShouldBe("not-entitled");
        await trading.As("auditor", Id("auditor")).Refused(403, HttpMethod.Post, $"{Path("kill")}/lifts/{Id("lift")}/confirmation");
        (await Place(AnnsTrader, Order("bid-4", "buy", 10, 4_400))).ShouldBe("killed");
        (await Regulator.Post($"{Path("kill")}/lifts/{Id("lift")}/confirmation", new { })).GetProperty("status").GetString().ShouldBe("lifted");
        (await Regulator.Post($"{Path("kill")}/lifts/{Id("lift")}/confirmation", new { })).GetProperty("status").GetString().ShouldBe("lifted");
        (await Place(AnnsTrader, Order("bid-5", "buy", 10, 4_400))).ShouldBe("accepted");
    }

    private async Task ItsHistoryIsTold()
    {
        var told = await Eventually.Gives(
            "the history tells of it", () => Regulator.Get($"controls/history?participantId={Ann}"),
            page => page.GetProperty("items").EnumerateArray().Any(control => control.GetProperty("liftedAt").ValueKind != JsonValueKind.Null));
        var control = told.GetProperty("items").EnumerateArray().Single();
        (control.GetProperty("imposedBy").GetString(), control.GetProperty("liftAskedBy").GetString(), control.GetProperty("liftedBy").GetString())
            .ShouldBe(("olga", "olga", "rosa"));
        (await AnnsTrader.Get("controls/history")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await BobsTrader.Get($"controls/history?participantId={Ann}")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    private async Task AParticipantStopsItsOwnRepresentative()
    {
        var algorithm = trading.As("trader", Bob, "bob-algorithm");
        (await Place(algorithm, Order("offer-2", "sell", 5, 4_700))).ShouldBe("accepted");
        (await AnnsTrader.Refused(403, HttpMethod.Put, Path("own"), Kill(Bob, "bob-algorithm"))).ShouldBe("not-entitled");
        (await BobsTrader.Put(Path("own"), Kill(Bob, "bob-algorithm"))).GetProperty("pulledOrders").GetInt32().ShouldBe(1);
        (await Place(algorithm, Order("offer-3", "sell", 5, 4_700))).ShouldBe("killed");
        (await Place(BobsTrader, Order("offer-4", "sell", 5, 4_700))).ShouldBe("accepted");
        (await algorithm.Refused(403, HttpMethod.Put, $"{Path("own")}/lifts/{Id("own lift")}", new { ground = "please" })).ShouldBe("not-entitled");
        await BobsTrader.Put($"{Path("own")}/lifts/{Id("own lift 2")}", new { ground = "mended" });
        (await Regulator.Post($"{Path("own")}/lifts/{Id("own lift 2")}/confirmation", new { })).GetProperty("status").GetString().ShouldBe("lifted");
    }

    private async Task ACourtFreezes()
    {
        var freeze = new { kind = "freeze", participantId = Bob, instrument = "UKA", amount = 290, ground = "debts", authority = "Lanzhou court, notice 7" };
        (await Operator.Refused(403, HttpMethod.Put, Path("freeze"), freeze)).ShouldBe("not-entitled");
        (await Regulator.Refused(400, HttpMethod.Put, Path("freeze 2"), new { kind = "freeze", participantId = Bob, ground = "debts" })).ShouldBe("invalid-input");
        (await Regulator.Put(Path("freeze"), freeze)).GetProperty("pulledOrders").GetInt32().ShouldBe(1);
        var units = (await BobsTrader.Get("account")).GetProperty("units")[0];
        (units.GetProperty("frozen").GetInt64(), units.GetProperty("available").GetInt64()).ShouldBe((290, 0));
        (await BobsTrader.Refused(422, HttpMethod.Put, $"withdrawals/{Id("out")}", new { instrument = "UKA", quantity = 1 })).ShouldBe("insufficient-units");
        (await Regulator.Refused(400, HttpMethod.Put, $"{Path("freeze")}/lifts/{Id("thaw")}", new { ground = "paid" })).ShouldBe("invalid-input");
        (await Regulator.Put($"{Path("freeze")}/lifts/{Id("thaw")}", new { ground = "paid", authority = "Lanzhou court, notice 8" }))
            .GetProperty("status").GetString().ShouldBe("lifted");
    }

    private async Task TheRegistryHolds()
    {
        var available = await Available();
        await trading.Hold(Bob, "UKA", 40, version: 12);
        await Eventually.Holds("what the registry holds is frozen", async () => await Available() == available - 40);
        await trading.Hold(Bob, "UKA", 100, version: 11);
        await trading.Hold(Bob, "UKA", 0, version: 13);
        await Eventually.Holds("it is free again, and the older word counts for nothing", async () => await Available() == available);

        async Task<long> Available() => (await BobsTrader.Get("account")).GetProperty("units")[0].GetProperty("available").GetInt64();
    }

    private async Task AHaltEndsByLegalTime()
    {
        var halt = new { kind = "halt", instrument = "UKA", endsAt = trading.LegalTime.AddMinutes(30), ground = "news" };
        (await Regulator.Put(Path("halt"), halt)).GetProperty("pulledOrders").GetInt32().ShouldBe(0);
        (await Place(BobsTrader, Order("offer-5", "sell", 5, 4_700))).ShouldBe("halted");
        trading.SetClock(trading.LegalTime.AddMinutes(30));
        await Eventually.Holds("the halt ends", async () => (await BobsTrader.Get("controls")).GetProperty("items").GetArrayLength() == 0);
        (await Place(BobsTrader, Order("offer-6", "sell", 5, 4_700))).ShouldBe("accepted");
    }

    private async Task ARunOfPricesHaltsTheInstrument()
    {
        (await Place(AnnsTrader, Order("dear-1", "buy", 1, 9_000))).ShouldBe("price-outside-band");
        (await Place(BobsTrader, Order("dear-2", "buy", 1, 9_000))).ShouldBe("price-outside-band");
        (await Place(AnnsTrader, Order("bid-6", "buy", 1, 4_500))).ShouldBe("halted");
        await trading.Restart();
        (await Place(AnnsTrader, Order("bid-7", "buy", 1, 4_500))).ShouldBe("halted");
        (await Place(BobsTrader, Order("dear-2", "buy", 1, 9_000))).ShouldBe("price-outside-band", "It answers as the first time.");
        var halt = (await AnnsTrader.Get("controls")).GetProperty("items")[0].GetProperty("controlId").GetGuid();
        (await Regulator.Put($"controls/{halt}/lifts/{Id("go on")}", new { ground = "all is said" })).GetProperty("status").GetString().ShouldBe("lifted");
    }

    private async Task ALargeHoldingIsReported()
    {
        (await Place(BobsTrader, Order("offer-7", "sell", 60, 4_500))).ShouldBe("accepted");
        (await Place(AnnsTrader, Order("bid-8", "buy", 60, 4_500))).ShouldBe("accepted");
        var reports = await Eventually.Gives("the report is there", () => Regulator.Get("controls/large-positions"), page => page.GetProperty("items").GetArrayLength() == 2);
        reports.GetProperty("items").EnumerateArray().Select(report => (report.GetProperty("participantId").GetGuid(), report.GetProperty("position").GetInt64()))
            .ShouldBe([(Bob, 300), (Ann, 60)]);
        await AnnsTrader.Refused(403, HttpMethod.Get, "controls/large-positions");
    }

    private async Task MessagesAreCounted()
    {
        var cem = trading.As("trader", Cem, "cem-1");
        object Batch(string name, int count) =>
            new { items = Enumerable.Range(1, count).Select(i => Order($"{name} {i}", "buy", 1, 4_500)).ToArray() };
        (await cem.Knock(HttpMethod.Post, "orders/batch", Batch("too many", WatchedTradingService.Budget + 1))).ShouldBe((429, null));
        (await cem.Knock(HttpMethod.Post, "orders/batch", Batch("all", WatchedTradingService.Budget))).Status.ShouldBe(200);
        var (status, retryAfter) = await cem.Knock(HttpMethod.Post, "orders/batch", Batch("one more", 1));
        (status, retryAfter > TimeSpan.Zero).ShouldBe((429, true));
        (await cem.Refused(429, HttpMethod.Put, $"orders/{Id("any")}", new { })).ShouldBe("message-rate");
        (await cem.Refused(429, HttpMethod.Post, $"auctions/{Id("any")}/bids/batch", new { items = Array.Empty<object>() })).ShouldBe("message-rate");
        (await OverAStream()).ShouldBe(["message-rate", "message-rate", ""], "A stream has the same budget, and cancels are not counted.");
        await cem.Post("orders/cancellation", new { cancellationId = Id("all of cem's") });
        (await cem.Put(Path("cem"), Kill(Cem))).GetProperty("holdsAnything").GetBoolean().ShouldBeFalse("Cem was never funded, and may be misspelt.");
    }

    private async Task<string[]> OverAStream()
    {
        using var session = trading.OrderEntry("trader", Cem);
        OrderEntryRequest[] requests =
        [
            new() { Start = new SessionStart { Market = TradingService.Market } },
            new()
            {
                Place = new NewOrders
                {
                    Orders =
                    {
                        new NewOrder
                        {
                            OrderId = NewId(), Instrument = "UKA", Side = NewOrder.Types.Side.Buy, Quantity = 1, PriceMinor = 4_500,
                            TimeInForce = NewOrder.Types.TimeInForce.Day,
                        },
                    },
                },
            },
            new() { Replace = new OrderReplacement { ReplacementId = NewId(), OrderId = NewId(), Quantity = 1, PriceMinor = 4_500 } },
            new() { CancelAll = new MassCancellation { CancellationId = NewId() } },
        ];
        var codes = new List<string>();
        foreach (var request in requests)
        {
            await session.RequestStream.WriteAsync(request);
            (await session.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
            codes.Add(session.ResponseStream.Current.Results.Single().Code);
        }
        return [.. codes.Skip(1)];
    }

    private static ByteString NewId() => ByteString.CopyFrom(Guid.CreateVersion7().ToByteArray(bigEndian: true));

    private static string Path(string control) => $"controls/{Id(control)}";

    private static object Kill(Guid participantId, string? representative = null) =>
        new { kind = "kill-switch", participantId, representative, ground = "gone wild" };

    private static object Order(string id, string side, long quantity, long priceMinor) =>
        new { orderId = Id(id), instrument = "UKA", side, quantity, priceMinor, timeInForce = "day" };

    /// <summary>accepted, or why not.</summary>
    private static async Task<string?> Place(Caller caller, object order)
    {
        var result = (await caller.Post("orders/batch", new { items = new[] { order } })).GetProperty("results")[0];
        return result.GetProperty("code").GetString() ?? result.GetProperty("outcome").GetString();
    }
}
