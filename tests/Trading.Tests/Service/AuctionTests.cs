using System.Text.Json;
using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Service;

/// <summary>Auctions over HTTP in the one market whose rules let participants announce them, a day ahead.</summary>
public sealed class AuctionTests(TradingService trading) : IClassFixture<TradingService>
{
    private const string Gansu = "/trading/markets/gansu/";
    private const string Allowance = "CEA-2026";

    /// <summary>Tuesday 3 March 2026, 10:00 in Lanzhou.</summary>
    private static readonly DateTimeOffset Opening = new(2026, 3, 3, 2, 0, 0, TimeSpan.Zero);
    private static readonly string Sale = $"{Gansu}auctions/{Id("own sale")}";

    private Caller AsAnn => trading.As("trader", Ann);

    private Caller AsBob => trading.As("emitter", Bob);

    private Caller AsCem => trading.As("trader", Cem);

    private Caller AsRegulator => trading.As("regulator");

    [Fact]
    public async Task A_participant_auctions_its_own_units()
    {
        await ItIsADayAhead();
        await OnlyAsTheRulesSay();
        await AsCem.Put(Sale, NewSale(Opening));
        trading.SetClock(Opening);
        await BidsComeAndGo();
        await BidsAreSealed();
        await ItIsPutOff();
        trading.SetClock(Opening.AddMinutes(90));
        await EveryoneSeesTheResultAndItsOwnAwards();
        await trading.Restart();
        await EveryoneSeesTheResultAndItsOwnAwards();
        await TheMarketForgetsIt();
        await EveryoneSeesTheResultAndItsOwnAwards();
        await TheIdStaysUsed();
    }

    private static object NewSale(DateTimeOffset opens) => new
    {
        instrument = Allowance, quantity = 100, reservePriceMinor = 7_000, opensAt = opens, closesAt = opens.AddHours(1),
        pricing = "pay-as-bid", minimumCoverBasisPoints = 5_000, largestShareBasisPoints = 6_000, tieBreak = "pro-rata",
    };

    private async Task ItIsADayAhead()
    {
        trading.SetClock(Opening.AddDays(-1));
        await trading.Tell(new TradingAccountsFunded
        {
            Market = "gansu",
            Fundings = [Funding("units", Cem, Allowance, 200), Funding("ann", Ann, null, 10_000_000), Funding("bob", Bob, null, 10_000_000)],
        });
        foreach (var caller in new[] { AsAnn, AsBob })
            await Eventually.Gives("cash arrives", () => caller.Get($"{Gansu}account"), account => account.GetProperty("cash").GetProperty("availableMinor").GetInt64() > 0);
    }

    private async Task OnlyAsTheRulesSay()
    {
        (await AsCem.Refused(422, HttpMethod.Put, $"{Gansu}auctions/{Id("too soon")}", NewSale(Opening.AddTicks(-10)))).ShouldBe("auction-notice-too-short");
        (await AsCem.Refused(422, HttpMethod.Put, $"auctions/{Id("elsewhere")}", NewSale(Opening))).ShouldBe("unknown-instrument");
        (await AsCem.Refused(403, HttpMethod.Put, $"{Gansu}auctions/{Id("official")}", Named(Cem))).ShouldBe("seller-named");
        (await AsRegulator.Refused(403, HttpMethod.Put, $"{Gansu}auctions/{Id("nobody's")}", NewSale(Opening))).ShouldBe("no-participant");
        var (status, problem) = await AsRegulator.Send(HttpMethod.Put, $"{Gansu}auctions/{Id("official")}", Named(Cem));
        status.ShouldBe(400);
        problem.GetProperty("errors").EnumerateArray().Select(fault => (fault.GetProperty("path").GetString(), fault.GetProperty("code").GetString())).ShouldBe(
            [("$.sellerParticipantId", "seller-of-purchase"), ("$.minimumCoverBasisPoints", "out-of-range"), ("$.largestShareBasisPoints", "out-of-range")]);
    }

    private static object Named(Guid seller) => new
    {
        instrument = Allowance, quantity = 1, reservePriceMinor = 1, opensAt = Opening, closesAt = Opening.AddHours(1), sellerParticipantId = seller,
        direction = "purchase", minimumCoverBasisPoints = 0, largestShareBasisPoints = 10_001,
    };

    private async Task BidsComeAndGo()
    {
        Codes(await AsAnn.Post($"{Sale}/bids/batch", Bids(Bid("a1", 50, 7_500), Bid("a2", 11, 7_500)))).ShouldBe([null, "bid-above-share"]);
        Codes(await AsAnn.Post($"{Sale}/bids/batch", Bids(Bid("a3", 60, 7_600, replaces: "a1")))).ShouldBe([null]);
        Codes(await AsBob.Post($"{Sale}/bids/batch", Bids(Bid("b1", 10, 9_000), Bid("b2", 50, 7_100)))).ShouldBe([null, null]);
        (await AsBob.Refused(404, HttpMethod.Delete, $"{Sale}/bids/{Id("a3")}")).ShouldBe("unknown-bid");
        (await AsBob.Delete($"{Sale}/bids/{Id("b1")}")).GetProperty("withdrawn").GetBoolean().ShouldBeTrue();
        (await AsBob.Delete($"{Sale}/bids/{Id("b1")}")).GetProperty("withdrawn").GetBoolean().ShouldBeTrue();
        (await AsBob.Get($"{Gansu}account")).GetProperty("cash").GetProperty("reservedMinor").GetInt64().ShouldBe(50 * 7_100);
    }

    private async Task BidsAreSealed()
    {
        foreach (var (caller, own) in new[] { (AsAnn, 2), (AsBob, 2), (AsCem, 0), (trading.As("auditor"), 0) })
        {
            var seen = await caller.Get(Sale);
            new[] { "bids", "bidders", "quantityBid", "clearingPriceMinor", "outcome" }.ShouldAllBe(sealedUntilClosed => seen.GetProperty(sealedUntilClosed).ValueKind == JsonValueKind.Null);
            seen.GetProperty("ownBids").GetArrayLength().ShouldBe(own);
            (await caller.Refused(422, HttpMethod.Get, $"{Sale}/result")).ShouldBe("auction-not-closed");
        }
        var official = await AsRegulator.Get(Sale);
        (official.GetProperty("bids").GetInt32(), official.GetProperty("bidders").GetInt32()).ShouldBe((2, 2));
        official.GetProperty("quantityBid").ValueKind.ShouldBe(JsonValueKind.Null);
        official.GetProperty("ownBids").GetArrayLength().ShouldBe(0);
        (await AsRegulator.Get($"{Sale}/awards")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    private async Task ItIsPutOff()
    {
        var times = new { opensAt = Opening, closesAt = Opening.AddMinutes(90) };
        (await AsBob.Refused(422, HttpMethod.Put, $"{Sale}/times", times)).ShouldBe("not-your-auction");
        (await AsCem.Put($"{Sale}/times", times)).GetProperty("closesAt").GetDateTimeOffset().ShouldBe(Opening.AddMinutes(90));
        (await AsCem.Put($"{Sale}/times", times)).GetProperty("closesAt").GetDateTimeOffset().ShouldBe(Opening.AddMinutes(90));
        (await AsCem.Refused(422, HttpMethod.Put, $"{Sale}/times", times with { closesAt = Opening.AddMinutes(80) })).ShouldBe("auction-brought-forward");
        (await AsCem.Refused(404, HttpMethod.Put, $"{Gansu}auctions/{Id("none")}/times", times)).ShouldBe("unknown-auction");
        (await AsCem.Put(Sale, NewSale(Opening))).GetProperty("status").GetString().ShouldBe("open", "A repeat answers as the first time.");
    }

    private async Task EveryoneSeesTheResultAndItsOwnAwards()
    {
        await Eventually.Gives("the auction closes by the legal clock", () => AsAnn.Get(Sale), auction => auction.GetProperty("status").GetString() == "closed");
        var result = await Eventually.Gives(
            "awards are in the store", () => AsAnn.Get($"{Sale}/result"), answer => answer.GetProperty("ownAwards").GetArrayLength() == 1);
        result.GetProperty("outcome").GetString().ShouldBe("sold");
        result.GetProperty("clearingPriceMinor").GetInt64().ShouldBe(7_100);
        result.GetProperty("revenueMinor").GetInt64().ShouldBe((60 * 7_600) + (40 * 7_100));
        result.GetProperty("coverRatio").GetDecimal().ShouldBe(1.10m);
        (result.GetProperty("lowestBidMinor").GetInt64(), result.GetProperty("highestBidMinor").GetInt64()).ShouldBe((7_100, 7_600));
        result.GetProperty("priceWithinBids").GetBoolean().ShouldBeTrue();
        (result.GetProperty("bids").GetInt32(), result.GetProperty("bidders").GetInt32(), result.GetProperty("winners").GetInt32()).ShouldBe((2, 2, 2));
        Awards(result.GetProperty("ownAwards")).ShouldBe([(Id("a3"), Ann, 60, 7_600)]);
        (await AsCem.Get($"{Sale}/result")).GetProperty("ownAwards").GetArrayLength().ShouldBe(0);
        var first = await AsRegulator.Get($"{Sale}/awards?limit=1");
        Awards(first.GetProperty("items")).ShouldBe([(Id("a3"), Ann, 60, 7_600)]);
        Awards((await AsRegulator.Get($"{Sale}/awards?after={first.GetProperty("next").GetString()}")).GetProperty("items")).ShouldBe([(Id("b2"), Bob, 40, 7_100)]);
    }

    /// <summary>Of what is over the market's memory keeps the last twenty.</summary>
    private async Task TheMarketForgetsIt()
    {
        for (var number = 0; number < 21; number++)
        {
            var path = $"{Gansu}auctions/{Id($"aborted {number}")}";
            await AsCem.Put(path, NewSale(Opening.AddDays(2)));
            (await AsBob.Refused(422, HttpMethod.Put, $"{path}/abort", new { reason = "I do not like it." })).ShouldBe("not-your-auction");
            var aborted = await AsCem.Put($"{path}/abort", new { reason = "The units are needed." });
            (aborted.GetProperty("outcome").GetString(), aborted.GetProperty("abortReason").GetString()).ShouldBe(("aborted", "by-initiator"));
        }
        var last = $"{Gansu}auctions/{Id("aborted 20")}";
        (await AsCem.Put($"{last}/abort", new { reason = "The units are needed." })).GetProperty("status").GetString().ShouldBe("closed");
        (await AsCem.Refused(409, HttpMethod.Put, $"{last}/abort", new { reason = "Another." })).ShouldBe("command-id-reused");
        (await AsAnn.Get($"{last}/result")).GetProperty("note").GetString().ShouldBe("The units are needed.");
        (await AsCem.Refused(400, HttpMethod.Put, $"{last}/abort", new { reason = " " })).ShouldBe("invalid-input");
        (await AsRegulator.Refused(422, HttpMethod.Put, $"{last}/abort", new { reason = "Late." })).ShouldBe("auction-closed");
    }

    private async Task TheIdStaysUsed() => (await AsBob.Refused(409, HttpMethod.Put, Sale, NewSale(Opening.AddDays(2)))).ShouldBe("id-reused");

    private TradingAccountsFunded.Funding Funding(string id, Guid participant, string? instrument, long amount) => new()
    {
        FundingId = Id($"auction {id}"), ParticipantId = participant, Instrument = instrument, Quantity = instrument is null ? 0 : amount,
        CashMinor = instrument is null ? amount : 0, At = trading.LegalTime,
    };

    private static object Bid(string id, long quantity, long priceMinor, string? replaces = null) =>
        new { bidId = Id(id), quantity, priceMinor, replacesBidId = replaces is null ? (Guid?)null : Id(replaces) };

    private static object Bids(params object[] items) => new { items };

    private static IEnumerable<string?> Codes(JsonElement answer) =>
        answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("code").GetString());

    private static IEnumerable<(Guid Bid, Guid Winner, long Quantity, long Price)> Awards(JsonElement awards) => awards.EnumerateArray().Select(award => (
        award.GetProperty("bidId").GetGuid(), award.GetProperty("participantId").GetGuid(), award.GetProperty("quantity").GetInt64(),
        award.GetProperty("priceMinor").GetInt64()));
}
