using System.Text.Json;
using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Contracts.Audit.V1;
using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Contracts.Settlement.V1.Grpc;
using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.Contracts.Verification.V1;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;

namespace CarbonMarket.Settlement.Service;

/// <summary>One ledger from its first account to a closed compliance year, through the doors the service has.</summary>
public sealed class MarketYearTests(SettlementService settlement) : IClassFixture<SettlementService>
{
    private static readonly Guid Smelter = Id("smelter");
    private static readonly Guid Kiln = Id("kiln");
    private static readonly Guid Mill = Id("mill");

    private readonly Caller _smelter = settlement.As("emitter", Smelter);
    private readonly Caller _kiln = settlement.As("emitter", Kiln);
    private readonly Caller _regulator = settlement.As("regulator", Id("ministry"), "ann");
    private readonly Caller _secondOfficial = settlement.As("regulator", Id("ministry"), "bob");
    private readonly Caller _operator = settlement.As("operator");

    [Fact]
    public async Task A_market_year_is_booked_and_survives_a_restart()
    {
        await AccountsOpen();
        await UnitsComeIntoBeing();
        await UnitsAndCashReachTrading();
        await TradesBindWhateverTheirOrder();
        await TheDayIsClearedWhenTheLastTradeIsHere();
        await ReleasedUnitsLeaveTrading();
        await AnAllocationWaitsForItsAccount();
        await TheYearEndsWithSurrender();
        var before = await Books();
        await settlement.Restart();
        (await Books()).ShouldBe(before, "A restart changes nothing.");
        await RepeatsAnswerAsTheFirstTime();
        await TheAuditLogIsToldOfEveryEvent();
    }

    private async Task AccountsOpen()
    {
        (await _regulator.Batch("accounts/batch", Account(Smelter, "operator-holding"), Account(Smelter, "trading"),
            Account(Kiln, "operator-holding"), Account(Kiln, "trading"), Account(Mill, "trading"), Account(Mill, "surrender")))
            .ShouldBe(["accepted", "accepted", "accepted", "accepted", "accepted", "account-type-of-authority"]);
        var accounts = (await _smelter.Get("accounts")).GetProperty("items").EnumerateArray().ToList();
        accounts.Select(account => account.GetProperty("number").GetString()).ShouldBe(["UK-100-10000001-10", "UK-100-10000002-07"]);
        accounts.ShouldAllBe(account => account.GetProperty("participantId").GetGuid() == Smelter);
        (await _smelter.Refused(403, HttpMethod.Get, $"accounts/{AccountId(Kiln, "trading")}")).ShouldBe("account-not-yours");
        (await _smelter.Refused(404, HttpMethod.Get, $"accounts/{Id("nowhere")}")).ShouldBe("unknown-account");

        var first = await _operator.Get("accounts?limit=3");
        var rest = await _operator.Get($"accounts?limit=3&after={first.GetProperty("next").GetString()}");
        rest.GetProperty("items").GetArrayLength().ShouldBe(2);
        rest.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private async Task UnitsComeIntoBeing()
    {
        (await _secondOfficial.Refused(404, HttpMethod.Post, $"issuances/{Id("issuance")}/approval")).ShouldBe("unknown-issuance");
        var (path, asked) = ($"issuances/{Id("issuance")}", new { accountId = AccountId(Kiln, "trading"), instrument = "UKA", vintage = 2021, quantity = 1000 });
        (await _regulator.Put(path, asked)).GetProperty("status").GetString().ShouldBe("proposed");
        (await _regulator.Refused(422, HttpMethod.Post, $"{path}/approval")).ShouldBe("four-eyes");
        var issued = await _secondOfficial.Post($"{path}/approval", new { });
        issued.GetProperty("status").GetString().ShouldBe("issued");
        issued.GetProperty("block").GetProperty("last").GetInt64().ShouldBe(1000);
        (await _regulator.Refused(409, HttpMethod.Put, path, asked with { quantity = 999 })).ShouldBe("command-id-reused");

        await settlement.Tell(Plan("plan", (Smelter, 300), (Mill, 70)));
        await Eventually.Holds("the allocation is on the holding account", async () => await Units(Smelter, "operator-holding") == 300);
    }

    private async Task UnitsAndCashReachTrading()
    {
        (await _operator.Batch("cash-deposits/batch", Deposit("d1", Smelter, 900_000), Deposit("d2", Mill, 50_000),
            new { depositId = Id("d3"), accountId = Id("nowhere"), amountMinor = 5 })).ShouldBe(["accepted", "accepted", "unknown-account"]);
        var transfer = new { fromAccountId = AccountId(Smelter, "operator-holding"), toAccountId = AccountId(Smelter, "trading"), instrument = "UKA", quantity = 40 };
        // Refused, and a refusal stays under its id: of the caller's ids, neither the smelter's nor the ledger's own.
        foreach (var taken in new[] { Id("t1"), Id($"settlement:{SettlementService.Market}:day-closed:2021-06-16") })
            (await _kiln.Refused(403, HttpMethod.Put, $"transfers/{taken}", transfer)).ShouldBe("account-not-yours");
        await _smelter.Put($"transfers/{Id("t1")}", transfer);
        (await _kiln.Refused(403, HttpMethod.Put, $"transfers/{Id("t1")}", transfer)).ShouldBe("account-not-yours");
        (await _smelter.Refused(422, HttpMethod.Put, $"transfers/{Id("t3")}", transfer with { quantity = 261 })).ShouldBe("insufficient-units");
        await Eventually.Holds("Trading is told of each funding", () => settlement.Promises.Of<TradingAccountsFunded>()
            .SelectMany(envelope => envelope.Fundings).Select(funding => (funding.Number, funding.FundingId, funding.ParticipantId, funding.Quantity, funding.CashMinor, funding.ForAuction)).ToHashSet()
            .SetEquals(
            [
                (1, Id("issuance"), Kiln, 1000, 0, true), (2, Id("d1"), Smelter, 0, 900_000, false), (3, Id("d2"), Mill, 0, 50_000, false),
                (4, Id("t1"), Smelter, 40, 0, false),
            ]));
    }

    private async Task TradesBindWhateverTheirOrder()
    {
        await settlement.Tell(Envelope(Trade(4, Mill, Kiln, 5, 4_400), Trade(5, Mill, Kiln, 6, 4_400)));
        await settlement.Tell(Envelope(Trade(1, Smelter, Kiln, 100, 4_500), Trade(2, Smelter, Kiln, 50, 4_510)));
        await settlement.Tell(Envelope(Trade(1, Smelter, Kiln, 100, 4_500), Trade(2, Smelter, Kiln, 50, 4_510)));
        await settlement.Tell(Envelope(Trade(4, Mill, Kiln, 5, 4_400)));
        await Eventually.Holds("four trades are bound, each once", async () => await Open() == 4);
        var kiln = await _kiln.Get($"accounts/{AccountId(Kiln, "trading")}");
        kiln.GetProperty("units")[0].GetProperty("available").GetInt64().ShouldBe(1000 - 161);
        kiln.GetProperty("units")[0].GetProperty("pendingOut").GetInt64().ShouldBe(161);
        kiln.GetProperty("cash").GetProperty("pendingInMinor").GetInt64().ShouldBe((100 * 4_500) + (50 * 4_510) + (11 * 4_400));
    }

    private async Task TheDayIsClearedWhenTheLastTradeIsHere()
    {
        await settlement.SetClock(settlement.LegalTime.AddHours(8));
        await settlement.Tell(new TradingDayClosed { Market = SettlementService.Market, TradingDay = "2021-06-16", LastTradeSequence = 5, Closes = [], ClosedAt = settlement.LegalTime });
        await Eventually.Holds("the day is due", async () => await Clearing("status") is "due");
        (await Open()).ShouldBe(4, "A trade is missing: nothing is cleared.");

        // The mill cannot pay its second trade; that one waits for the next run, alone.
        await settlement.Tell(Envelope(Trade(2, Smelter, Kiln, 50, 4_510), Trade(3, Mill, Kiln, 1, 4_400), Trade(4, Mill, Kiln, 5, 4_400)));
        await Eventually.Holds("the day is cleared", async () => await Clearing("status") is "completed");
        var clearing = await _operator.Get("clearing?day=2021-06-16");
        (clearing.GetProperty("settled").GetInt64(), clearing.GetProperty("failed").GetInt64(), clearing.GetProperty("open").GetInt64()).ShouldBe((4, 0, 1));
        clearing.GetProperty("toBeRetried")[0].GetProperty("code").GetString().ShouldBe("insufficient-cash");

        // It cannot pay the next day either.
        await settlement.Tell(new TradingDayClosed { Market = SettlementService.Market, TradingDay = "2021-06-17", LastTradeSequence = 5, Closes = [], ClosedAt = settlement.LegalTime });
        await Eventually.Holds("the trade has failed", async () => await Open() == 0);
        (await _operator.Get("clearing?day=2021-06-16")).GetProperty("failures")[0].GetProperty("code").GetString().ShouldBe("insufficient-cash");

        (await Units(Smelter, "trading")).ShouldBe(40 + 150);
        (await Units(Kiln, "trading")).ShouldBe(1000 - 156);
        (await Units(Mill, "trading")).ShouldBe(6);
        await Eventually.Holds("Trading is told of each outcome", () => settlement.Promises.Of<TradesSettled>().SelectMany(envelope => envelope.Outcomes)
            .Select(outcome => (outcome.TradeSequence, outcome.FailureCode)).ToHashSet()
            .SetEquals([(1, null), (2, null), (3, null), (4, null), (5, "insufficient-cash")]));

        var page = await settlement.Ask(new ListTradingAccountsRequest { Market = SettlementService.Market, PageSize = 2 }, "operator");
        var rest = await settlement.Ask(new ListTradingAccountsRequest { Market = SettlementService.Market, PageSize = 2, AfterParticipantId = page.Accounts[^1].ParticipantId }, "operator");
        (page.Accounts.Count, page.HasMore, rest.Accounts.Count, rest.HasMore).ShouldBe((2, true, 1, false));
        var mill = page.Accounts.Concat(rest.Accounts).Single(account => account.ParticipantId == Mill.ToString());
        (mill.CashMinor, mill.CashPendingOutMinor, mill.Units.Single().Quantity).ShouldBe((50_000 - (6 * 4_400), 0, 6));
    }

    private async Task ReleasedUnitsLeaveTrading()
    {
        await settlement.Tell(Released("w1", Smelter, "UKA", 150, 0));
        await settlement.Tell(Released("w2", Kiln, null, 0, 10_000));
        await settlement.Tell(Released("w1", Smelter, "UKA", 150, 0));
        await Eventually.Holds("Trading is told", () => settlement.Promises.Of<WithdrawalCompleted>().Select(completed => completed.WithdrawalId).ToHashSet()
            .SetEquals([Id("w1"), Id("w2")]));
        (await Units(Smelter, "operator-holding")).ShouldBe(260 + 150);
        (await Units(Smelter, "trading")).ShouldBe(40);
    }

    private async Task AnAllocationWaitsForItsAccount()
    {
        var waiting = (await _operator.Get("waiting")).GetProperty("items");
        waiting.GetArrayLength().ShouldBe(1);
        waiting[0].GetProperty("participantId").GetGuid().ShouldBe(Mill);
        await _regulator.Batch("accounts/batch", Account(Mill, "operator-holding"));
        (await Units(Mill, "operator-holding")).ShouldBe(70, "The line was issued the moment the account opened.");
        (await _operator.Get("waiting")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    private async Task TheYearEndsWithSurrender()
    {
        await settlement.Tell(new EmissionsAccepted
        {
            Market = SettlementService.Market, ParticipantId = Smelter, ReportId = Id("report"), ReportVersion = 1, Year = 2021, VerifiedTonnes = 400,
            AcceptedAt = new DateTimeOffset(2022, 3, 1, 0, 0, 0, TimeSpan.Zero),
        });
        await Eventually.Holds("emissions that overtook the coverage wait", async () => (await _operator.Get("waiting")).GetProperty("items").GetArrayLength() == 1);
        await settlement.Tell(Covered(Smelter));
        await settlement.Tell(Covered(Kiln));
        await Eventually.Holds("both are covered", async () => (await _operator.Get("compliance")).GetProperty("items").GetArrayLength() == 2);

        await settlement.SetClock(new DateTimeOffset(2022, 3, 2, 9, 0, 0, TimeSpan.Zero));
        await Eventually.Holds("2022 has begun and the emissions are on the record", async () =>
            (await _smelter.Get($"compliance/{Smelter}")).GetProperty("verifiedCumulative").GetInt64() == 400);
        (await Status(Smelter)).ShouldBe("B");
        (await Status(Kiln)).ShouldBe("C");
        (await _kiln.Refused(403, HttpMethod.Get, $"compliance/{Smelter}")).ShouldBe("not-yours");

        await _smelter.Put($"surrenders/{Id("s1")}", new { accountId = AccountId(Smelter, "operator-holding"), instrument = "UKA", quantity = 400 });
        (await _smelter.Refused(422, HttpMethod.Put, $"surrenders/{Id("s2")}", new { accountId = AccountId(Smelter, "operator-holding"), instrument = "UKA", quantity = 11 }))
            .ShouldBe("insufficient-units");
        (await Status(Smelter)).ShouldBe("A");

        await settlement.SetClock(new DateTimeOffset(2022, 5, 1, 9, 0, 0, TimeSpan.Zero));
        var years = await Eventually.Gives("2021 is closed", () => _regulator.Get("compliance-years"), answer => answer.GetProperty("closed").GetArrayLength() == 1);
        years.GetProperty("currentYear").GetInt32().ShouldBe(2022);
        years.GetProperty("closed")[0].GetProperty("counts").GetRawText().ShouldBe("""{"A":1,"C":1}""");
    }

    private async Task RepeatsAnswerAsTheFirstTime()
    {
        await _smelter.Put($"surrenders/{Id("s1")}", new { accountId = AccountId(Smelter, "operator-holding"), instrument = "UKA", quantity = 400 });
        (await _smelter.Refused(409, HttpMethod.Put, $"surrenders/{Id("s1")}", new { accountId = AccountId(Smelter, "operator-holding"), instrument = "UKA", quantity = 1 }))
            .ShouldBe("command-id-reused");
        (await _operator.Batch("cash-deposits/batch", Deposit("d1", Smelter, 900_000), Deposit("d2", Mill, 50_001))).ShouldBe(["accepted", "command-id-reused"]);
        await settlement.Tell(Plan("plan", (Smelter, 300), (Mill, 70)));
        await settlement.Tell(Envelope(Trade(1, Smelter, Kiln, 100, 4_500), Trade(2, Smelter, Kiln, 50, 4_510), Trade(3, Mill, Kiln, 1, 4_400)));
        await settlement.Tell(Plan("last", (Kiln, 1)));
        await Eventually.Holds("the last message has been heard", async () => await Units(Kiln, "operator-holding") == 1);
        var conservation = await _operator.Get("conservation");
        conservation.GetProperty("balanced").GetBoolean().ShouldBeTrue();
        var units = conservation.GetProperty("instruments")[0];
        (units.GetProperty("issued").GetInt64(), units.GetProperty("held").GetInt64(), units.GetProperty("surrendered").GetInt64()).ShouldBe((1371, 971, 400));
        var cash = conservation.GetProperty("cash");
        (cash.GetProperty("depositedMinor").GetInt64(), cash.GetProperty("heldMinor").GetInt64(), cash.GetProperty("withdrawnMinor").GetInt64()).ShouldBe((950_000, 940_000, 10_000));
    }

    private async Task TheAuditLogIsToldOfEveryEvent()
    {
        var stored = (await _operator.Get("/settlement/events/head")).GetProperty("events").GetInt64();
        await Eventually.Holds("as many events are told as are stored", () => Told().Count() == stored);
        var names = EventNames.All.Select(each => each.Name).Append("command-refused.v1").ToHashSet(StringComparer.Ordinal);
        Told().ShouldAllBe(entry => names.Contains(entry.Type));
        Told().Count(entry => entry.Type == "command-refused.v1").ShouldBe(7, "Each refusal once, however often it was asked.");
        Told().Single(entry => entry.Type == "ledger.units-surrendered.v1").ActorParticipantId.ShouldBe(Smelter);
    }

    private IEnumerable<EventsRecorded.Entry> Told() =>
        settlement.Promises.Of<EventsRecorded>().SelectMany(envelope => envelope.Entries).DistinctBy(entry => entry.EventId);

    private async Task<string> Books() =>
        (await _operator.Get("accounts")).GetRawText() + (await _operator.Get("compliance")).GetRawText() + (await _operator.Get("conservation")).GetRawText()
        + (await _operator.Get("clearing?day=2021-06-16")).GetRawText() + (await _operator.Get("compliance-years")).GetRawText();

    private async Task<long> Open() => (await _operator.Get("clearing?day=2021-06-16")).GetProperty("open").GetInt64();

    private async Task<string?> Clearing(string property) => (await _operator.Get("clearing?day=2021-06-16")).GetProperty(property).GetString();

    private async Task<string?> Status(Guid participant) => (await _operator.Get($"compliance/{participant}")).GetProperty("status").GetString();

    private async Task<long> Units(Guid participant, string type) => (await _operator.Get($"accounts/{AccountId(participant, type)}")).GetProperty("units")
        .EnumerateArray().Sum(units => units.GetProperty("available").GetInt64());

    private static Guid Id(string name) => DeterministicGuid.From(name);

    private static Guid AccountId(Guid participant, string type) => DeterministicGuid.From(participant, type);

    private static object Account(Guid participant, string type) => new { accountId = AccountId(participant, type), participantId = participant, type };

    private static object Deposit(string id, Guid participant, long pence) =>
        new { depositId = Id(id), accountId = AccountId(participant, "trading"), amountMinor = pence };

    private AllocationApproved Plan(string id, params (Guid Participant, long Quantity)[] lines) => new()
    {
        Market = SettlementService.Market, PlanId = Id(id), Year = 2021, Instrument = "UKA", FromLine = 0, ApprovedAt = settlement.LegalTime,
        Lines = [.. lines.Select(line => new AllocationApproved.Line { ParticipantId = line.Participant, Quantity = line.Quantity })],
    };

    private static TradesExecuted Envelope(params TradesExecuted.Trade[] trades) => new()
    {
        Market = SettlementService.Market, FromSequence = trades[0].Sequence, ToSequence = trades[^1].Sequence, Trades = trades,
    };

    private static TradesExecuted.Trade Trade(long sequence, Guid buyer, Guid seller, long quantity, long price) => new()
    {
        Sequence = sequence, TradeId = DeterministicGuid.From(Guid.Empty, "trade", sequence), Instrument = "UKA", BuyerParticipantId = buyer,
        SellerParticipantId = seller, Quantity = quantity, PriceMinorPerUnit = price, Mode = "continuous", TradingDay = "2021-06-16",
        ExecutedAt = new DateTimeOffset(2021, 6, 16, 9, 0, 0, TimeSpan.Zero),
    };

    private WithdrawalReleased Released(string id, Guid participant, string? instrument, long quantity, long cash) => new()
    {
        Market = SettlementService.Market, WithdrawalId = Id(id), ParticipantId = participant, Instrument = instrument, Quantity = quantity,
        CashMinor = cash, ReleasedAt = settlement.LegalTime,
    };

    private EntityCovered Covered(Guid participant) => new()
    {
        Market = SettlementService.Market, ParticipantId = participant, FirstYear = 2021, Revision = 1, At = settlement.LegalTime,
    };
}
