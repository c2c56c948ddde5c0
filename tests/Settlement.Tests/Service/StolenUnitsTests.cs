using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;

namespace CarbonMarket.Settlement.Service;

/// <summary>The drill: a firm's keys are stolen, its units go from hand to hand, are found by their serials and come back.</summary>
public sealed class StolenUnitsTests(SettlementService settlement) : IClassFixture<SettlementService>
{
    private static readonly Guid Smelter = Id("smelter");
    private static readonly Guid Fence = Id("fence");
    private static readonly Guid Dealer = Id("dealer");
    private static readonly Guid Buyer = Id("buyer");

    private readonly Caller _regulator = settlement.As("regulator", Id("ministry"), "ann");
    private readonly Caller _secondOfficial = settlement.As("regulator", Id("ministry"), "bob");

    [Fact]
    public async Task Stolen_units_are_found_three_holders_later_and_come_back()
    {
        foreach (var holder in new[] { Smelter, Fence, Dealer, Buyer })
            (await _regulator.Batch("accounts/batch", new { accountId = Account(holder), participantId = holder, type = "operator-holding" })).ShouldBe(["accepted"]);
        await _regulator.Put($"issuances/{Id("issuance")}", new { accountId = Account(Smelter), instrument = "UKA", vintage = 2021, quantity = 1_000 });
        await _secondOfficial.Post($"issuances/{Id("issuance")}/approval", new { });

        await ATransferToAStrangerWaitsAndCanBeTakenBack();
        await TheThiefIsNotStoppedInTime();
        await TheUnitsGoOn(Fence, Dealer, "second");
        await TheUnitsGoOn(Dealer, Buyer, "third");

        var frozen = await _regulator.Put($"freezes/{Id("freeze")}", new
        {
            instrument = "UKA", serials = new { vintage = 2021, first = 1, last = 600 }, kind = "freeze", authority = "Lanzhou Intermediate Court", order = "2021-114",
        });
        var part = frozen.GetProperty("parts").EnumerateArray().ShouldHaveSingleItem();
        part.GetProperty("participantId").GetGuid().ShouldBe(Buyer);
        part.GetProperty("quantity").GetInt64().ShouldBe(600);
        (await Person(Buyer, 1).Refused(422, HttpMethod.Put, $"transactions/{Id("away")}", Transfer(Buyer, Dealer, 600))).ShouldBe("insufficient-units");

        await settlement.Restart();
        await WhatIsFrozenOnATradingAccountIsToldToTrading();
        await TheyComeBackByTwoOfficials();
        (await _regulator.Get("conservation")).GetProperty("balanced").GetBoolean().ShouldBeTrue();
    }

    private async Task WhatIsFrozenOnATradingAccountIsToldToTrading()
    {
        var account = DeterministicGuid.From(Smelter, "trading");
        (await _regulator.Batch("accounts/batch", new { accountId = account, participantId = Smelter, type = "trading" })).ShouldBe(["accepted"]);
        await Person(Smelter, 1).Put($"transfers/{Id("to trading")}", new { fromAccountId = Account(Smelter), toAccountId = account, instrument = "UKA", quantity = 50 });
        var (freeze, lifted) = ($"freezes/{Id("second freeze")}", new { authority = "Lanzhou Intermediate Court", order = "2021-117" });
        (await _regulator.Refused(404, HttpMethod.Post, $"{freeze}/lifting", lifted)).ShouldBe("freeze-not-in-force", "it comes before the freeze");
        await _regulator.Put(freeze, new
        {
            accountId = account, instrument = "UKA", quantity = 30, kind = "freeze", authority = "Lanzhou Intermediate Court", order = "2021-116",
        });
        await Eventually.Holds("Trading hears of it", () => Heard().SequenceEqual([30]));
        (await _regulator.Refused(422, HttpMethod.Post, $"{freeze}/lifting", lifted)).ShouldBe("four-eyes");
        for (var time = 0; time < 2; time++)
            (await _secondOfficial.Post($"{freeze}/lifting", lifted)).GetProperty("parts").GetArrayLength().ShouldBe(0, "a repeat is answered as the first time");
        (await _regulator.Refused(422, HttpMethod.Post, $"{freeze}/lifting", lifted with { order = "2021-118" })).ShouldBe("freeze-not-in-force");
        await Eventually.Holds("and of its end", () => Heard().SequenceEqual([30, 0]));
        await settlement.Tell(new WithdrawalReleased
        {
            Market = SettlementService.Market, WithdrawalId = Id("home"), ParticipantId = Smelter, Instrument = "UKA", Quantity = 50, CashMinor = 0, ReleasedAt = settlement.LegalTime,
        });
        await Eventually.Holds("the units are home again", async () => await Units(Smelter) == (400, 0));

        IEnumerable<long> Heard() => settlement.Promises.Of<TradingUnitsHeld>().SelectMany(envelope => envelope.Holds)
            .Where(hold => hold.ParticipantId == Smelter).OrderBy(hold => hold.Version).Select(hold => hold.Quantity);
    }

    private async Task ATransferToAStrangerWaitsAndCanBeTakenBack()
    {
        var path = $"transactions/{Id("first")}";
        (await Person(Smelter, 1).Refused(400, HttpMethod.Put, path, new { })).ShouldBe("invalid-input");
        (await Person(Smelter, 1).Put(path, Transfer(Smelter, Fence, 600))).GetProperty("status").GetString().ShouldBe("proposed");
        (await Person(Smelter, 1).Put(path, Transfer(Smelter, Fence, 600))).GetProperty("status").GetString().ShouldBe("proposed");
        (await Person(Smelter, 1).Refused(409, HttpMethod.Put, path, Transfer(Smelter, Fence, 500))).ShouldBe("command-id-reused");
        (await Person(Smelter, 1).Refused(422, HttpMethod.Post, $"{path}/approval", new { })).ShouldBe("four-eyes");
        (await Person(Fence, 1).Refused(404, HttpMethod.Post, $"{path}/approval", new { })).ShouldBe("unknown-transaction");
        (await Person(Fence, 1).Refused(404, HttpMethod.Get, path)).ShouldBe("unknown-transaction");
        (await Person(Smelter, 2).Get("transactions/waiting")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await Person(Smelter, 1).Get("transactions/waiting")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await Person(Smelter, 2).Post($"{path}/claim", new { })).GetProperty("claimedBy").GetString().ShouldBe("person-2");
        (await Person(Smelter, 3).Refused(422, HttpMethod.Post, $"{path}/approval", new { })).ShouldBe("claimed-by-another");
        await Person(Smelter, 3).Post($"{path}/comments", new { commentId = Id("comment"), text = "Who is this?" });
        (await Person(Smelter, 2).Post($"{path}/withdrawal", new { reason = "Nobody here asked for it." })).GetProperty("status").GetString().ShouldBe("withdrawn");
        (await Units(Smelter)).ShouldBe((1_000, 0));
    }

    private async Task TheThiefIsNotStoppedInTime()
    {
        await Moves(Smelter, Fence, "theft");
        (await Units(Smelter)).ShouldBe((400, 600), "Until the delay is over they lie where they were, held.");
        await DelayPasses();
        await Eventually.Holds("the units have arrived", async () => await Units(Fence) == (600, 0));
    }

    private async Task TheUnitsGoOn(Guid from, Guid to, string name)
    {
        await Moves(from, to, name);
        await DelayPasses();
        await Eventually.Holds("the units have arrived", async () => await Units(to) == (600, 0));
    }

    private async Task TheyComeBackByTwoOfficials()
    {
        var path = $"transactions/{Id("back")}";
        await Eventually.Holds("the theft is in the store as completed", async () =>
            (await _regulator.Get($"transactions/{Id("theft")}")).GetProperty("status").GetString() == "completed");
        object asked = new
        {
            type = "correction", fromAccountId = Account(Buyer), toAccountId = Account(Smelter), instrument = "UKA", reverses = Id("theft"), ground = "ruling 2021-115",
        };
        (await Person(Smelter, 1).Refused(422, HttpMethod.Put, $"transactions/{Id("mine")}", asked)).ShouldBe("officials-only");
        (await _regulator.Put(path, asked)).GetProperty("status").GetString().ShouldBe("proposed");
        (await _regulator.Refused(422, HttpMethod.Post, $"{path}/approval", new { })).ShouldBe("four-eyes");
        (await _secondOfficial.Post($"{path}/approval", new { })).GetProperty("status").GetString().ShouldBe("completed");
        (await Units(Smelter)).ShouldBe((1_000, 0));
        (await Units(Buyer)).ShouldBe((0, 0));
        (await _regulator.Refused(404, HttpMethod.Get, $"freezes/{Id("freeze")}")).ShouldBe("freeze-not-in-force");
        await Eventually.Holds("each step is told in its order", async () =>
            (await _regulator.Get("transactions?limit=500")).GetProperty("items").EnumerateArray()
            .Select(transaction => $"{transaction.GetProperty("type").GetString()} {transaction.GetProperty("status").GetString()}").SequenceEqual([
                "transfer-to-untrusted withdrawn", "transfer-to-untrusted completed", "transfer-to-untrusted completed", "transfer-to-untrusted completed",
                "correction completed"]));
        (await Person(Buyer, 1).Get("transactions")).GetProperty("items").EnumerateArray().Select(transaction => transaction.GetProperty("transactionId").GetGuid())
            .ShouldBe([Id("third"), Id("back")]);
    }

    private async Task Moves(Guid from, Guid to, string name)
    {
        await Person(from, 1).Put($"transactions/{Id(name)}", Transfer(from, to, 600));
        (await Person(from, 2).Post($"transactions/{Id(name)}/approval", new { })).GetProperty("status").GetString().ShouldBe("approved");
    }

    /// <summary>Twenty-four working hours, with a weekend to spare.</summary>
    private Task DelayPasses() => settlement.SetClock(settlement.LegalTime.AddDays(7));

    private async Task<(long Available, long Held)> Units(Guid holder)
    {
        var units = (await _regulator.Get($"accounts/{Account(holder)}")).GetProperty("units").EnumerateArray().ToList();
        return (units.Sum(part => part.GetProperty("available").GetInt64()), units.Sum(part => part.GetProperty("held").GetInt64()));
    }

    private Caller Person(Guid holder, int number) => settlement.As("emitter", holder, $"person-{number}");

    private static object Transfer(Guid from, Guid to, long quantity) =>
        new { type = "transfer-to-untrusted", fromAccountId = Account(from), toAccountId = Account(to), instrument = "UKA", quantity };

    private static Guid Account(Guid holder) => DeterministicGuid.From(holder, "holding");

    private static Guid Id(string name) => DeterministicGuid.From($"stolen {name}");
}
