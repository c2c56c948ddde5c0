using System.Text.Json;
using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Contracts.Verification.V1;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;

namespace CarbonMarket.Settlement.Service;

/// <summary>A year of Gansu: surrendered with offsets and reviewed, too little, fined; another firm carries over. Then the service forgets everything and knows it again.</summary>
public sealed class ComplianceMoneyTests(SettlementService settlement) : IClassFixture<SettlementService>
{
    private const string Gansu = "gansu";
    private static readonly Guid Smelter = Id("smelter");
    private static readonly Guid Kiln = Id("kiln");

    private readonly Caller _regulator = settlement.As("regulator", Id("ministry"), "ann", Gansu);
    private readonly Caller _second = settlement.As("regulator", Id("ministry"), "bob", Gansu);
    private readonly Caller _smelter = settlement.As("emitter", Smelter, "smith", Gansu);
    private readonly Caller _kiln = settlement.As("emitter", Kiln, "kilner", Gansu);

    [Fact]
    public async Task A_shortfall_is_fined_and_what_is_left_is_carried_over()
    {
        await settlement.SetClock(On(2025, 4, 1));
        await Furnish(Smelter, ("CEA-2024", 30_000), ("CCER", 3_000));
        await Furnish(Kiln, ("CEA-2024", 12_000));
        await settlement.Tell(new EntityCovered { Market = Gansu, ParticipantId = Smelter, FirstYear = 2024, LastYear = null, Revision = 1, At = On(2025, 4, 1) });
        await Report(version: 1, tonnes: 20_000);

        await ASurrenderOfSeveralKindsOfUnits();
        await TheProvinceReviewsIt();
        await settlement.SetClock(On(2025, 12, 24));
        await Eventually.Holds("the smelter is told that it is short", async () => Notice(await _smelter.Get($"compliance/{Smelter}/deadline")) == 9_000);
        (await _regulator.Get("deadline-notices?year=2024")).GetProperty("items").GetArrayLength().ShouldBe(1);
        await Eventually.Holds("a mailer would know of it", () => Published().Any());
        Published().Distinct().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            notice => notice.ParticipantId.ShouldBe(Smelter), notice => (notice.Year, notice.Outstanding).ShouldBe((2024, 9_000)));
        await settlement.SetClock(On(2025, 12, 31));
        await _kiln.Put($"transactions/{Id("help")}", Help);
        await settlement.SetClock(On(2026, 2, 10));
        await Eventually.Holds("the year is closed", async () => (await _regulator.Get("compliance-years")).GetProperty("closed").GetArrayLength() == 1);
        await WhatWasSubmittedInTimeIsDecidedFirst();
        await AFine();
        await ACarryOver();
        (await _regulator.Put($"deductions/{Id("deduction")}", new { participantId = Smelter, reason = "not-surrendered", quantity = 9_000, ground = "order 2" }))
            .GetProperty("deductions").EnumerateArray().ShouldHaveSingleItem().GetProperty("remainder").GetInt64().ShouldBe(9_000);
        (await _regulator.Refused(422, HttpMethod.Put, $"allocation-reductions/{Id("reduction")}", new { participantId = Smelter, instrument = "CEA-2024", final = 0, ground = "order 3" }))
            .ShouldBe("allocation-not-above");

        var before = await Everything();
        await settlement.Restart();
        (await Everything()).ShouldBe(before);
        (await _regulator.Get("conservation")).GetProperty("balanced").GetBoolean().ShouldBeTrue();
    }

    private IEnumerable<SurrenderNoticesGiven.Notice> Published() => settlement.Promises.Of<SurrenderNoticesGiven>().SelectMany(given => given.Notices);

    private async Task ASurrenderOfSeveralKindsOfUnits()
    {
        object asked = new { accountId = Account(Smelter), instrument = "CEA-2024", quantity = 10_000, year = 2024, further = new[] { new { instrument = "CCER", quantity = 1_000 } } };
        var done = await _smelter.Put($"surrenders/{Id("surrender")}", asked);
        (done.GetProperty("status").GetString(), done.GetProperty("year").GetInt32()).ShouldBe(("proposed", 2024));
        done.GetProperty("further").EnumerateArray().ShouldHaveSingleItem().GetProperty("instrument").GetString().ShouldBe("CCER");
        (await _smelter.Put($"surrenders/{Id("surrender")}", asked)).ToString().ShouldBe(done.ToString());
        (await _smelter.Refused(422, HttpMethod.Put, $"surrenders/{Id("more")}", new { accountId = Account(Smelter), instrument = "CCER", quantity = 1 })).ShouldBe("offset-limit-exceeded");
        (await _smelter.Refused(400, HttpMethod.Put, $"surrenders/{Id("x")}", new { accountId = Account(Smelter), instrument = "CCER", quantity = 1, further = new[] { new { quantity = 0 } } }))
            .ShouldBe("invalid-input");
        Owed(await _smelter.Get($"compliance/{Smelter}/obligations")).ShouldBe((20_000, 0, 20_000));
    }

    private async Task TheProvinceReviewsIt()
    {
        var (approval, part) = ($"transactions/{Id("surrender")}/approval", DeterministicGuid.From(Id("surrender"), "part", 1));
        (await _regulator.Get("transactions/waiting?type=forced-surrender")).GetProperty("items").GetArrayLength().ShouldBe(0);
        var waiting = (await _regulator.Get("transactions/waiting?type=surrender")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        waiting.GetProperty("further").EnumerateArray().ShouldHaveSingleItem().GetProperty("transactionId").GetGuid().ShouldBe(part);
        (await _smelter.Refused(422, HttpMethod.Post, approval, new { })).ShouldBe("officials-only");
        (await _kiln.Refused(404, HttpMethod.Post, approval, new { })).ShouldBe("unknown-transaction");
        (await _regulator.Refused(422, HttpMethod.Post, $"transactions/{part}/rejection", new { reason = "only this" })).ShouldBe("part-of-surrender");

        await Report(version: 2, tonnes: 19_999);
        (await _regulator.Refused(422, HttpMethod.Post, approval, new { })).ShouldBe("offset-limit-exceeded");
        (await _regulator.Batch("transactions/approvals/batch", new { transactionId = Id("surrender") }, new { transactionId = part })).ShouldBe(["offset-limit-exceeded", "part-of-surrender"]);
        await Report(version: 3, tonnes: 20_000);
        (await _regulator.Batch("transactions/approvals/batch", new { transactionId = Id("surrender") }, new { transactionId = Id("none") })).ShouldBe(["accepted", "unknown-transaction"]);
        foreach (var each in new[] { Id("surrender"), part })
            await Eventually.Holds("it is told as completed", async () =>
                await _smelter.Send(HttpMethod.Get, $"transactions/{each}") is { Status: 200, Body: var told } && told.GetProperty("status").GetString() == "completed");
        (await _regulator.Batch("transactions/approvals/batch", new { transactionId = Id("surrender") })).ShouldBe(["accepted"], "a repeat changes nothing");
        (await _regulator.Post(approval, new { })).GetProperty("transactionId").GetGuid().ShouldBe(Id("surrender"), "it was approved by the same official");
        (await _second.Refused(422, HttpMethod.Post, approval, new { })).ShouldBe("unknown-transaction");
        (await _regulator.Get("transactions/waiting")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await _smelter.Get($"transactions/{part}")).GetProperty("partOf").GetGuid().ShouldBe(Id("surrender"));
        Owed(await _smelter.Get($"compliance/{Smelter}/obligations")).ShouldBe((20_000, 1_000, 9_000));
    }

    private async Task Report(long version, long tonnes)
    {
        await settlement.Tell(new EmissionsAccepted
        {
            Market = Gansu, ParticipantId = Smelter, Year = 2024, VerifiedTonnes = tonnes, ReportId = Id("report"), ReportVersion = version, AcceptedAt = On(2025, 4, 2),
        });
        await Eventually.Holds("what is due is known", async () =>
            (await _smelter.Send(HttpMethod.Get, $"compliance/{Smelter}/obligations")) is { Status: 200, Body: var body }
            && Last(body).GetProperty("due") is { ValueKind: JsonValueKind.Number } due && due.GetInt64() == tonnes);
    }

    private async Task WhatWasSubmittedInTimeIsDecidedFirst()
    {
        object fine = new { participantId = Smelter, violation = "surrender", year = 2024, ground = "case 0" };
        Missed(await _smelter.Get($"compliance/{Smelter}/obligations")).ShouldBe(8_000);
        (await _regulator.Refused(422, HttpMethod.Put, $"penalties/{Id("hasty")}", fine)).ShouldBe("surrender-in-review");
        await _regulator.Post($"transactions/{Id("help")}/rejection", new { reason = "not the kiln's to give" });
        Missed(await _smelter.Get($"compliance/{Smelter}/obligations")).ShouldBe(9_000);
    }

    private async Task AFine()
    {
        object asked = new { participantId = Smelter, violation = "surrender", year = 2024, ground = "case 1" };
        (await _regulator.Refused(422, HttpMethod.Put, $"penalties/{Id("early")}", asked)).ShouldBe("average-price-unknown");
        await _regulator.Put("average-prices/2025-12", new { priceMinor = 7012, ground = "notice 7" });
        var step = (await _regulator.Put($"penalties/{Id("penalty")}", asked)).GetProperty("worksheet").GetProperty("steps").EnumerateArray().ShouldHaveSingleItem();
        step.GetProperty("lowest").GetInt64().ShouldBe(9_000L * 7012 * 5);
        (await _regulator.Refused(422, HttpMethod.Post, $"penalties/{Id("penalty")}/decisions", new { amountMinor = 9_000L * 7012 * 5, ground = "decision" })).ShouldBe("four-eyes");
        (await _second.Post($"penalties/{Id("penalty")}/decisions", new { amountMinor = 9_000L * 7012 * 5, ground = "decision" })).GetProperty("decisions").GetArrayLength().ShouldBe(1);
        (await _second.Refused(404, HttpMethod.Post, $"penalties/{Id("none")}/decisions", new { amountMinor = 1, ground = "decision" })).ShouldBe("unknown-penalty");
    }

    private async Task ACarryOver()
    {
        (await _smelter.Refused(422, HttpMethod.Put, $"carry-overs/{Id("barred")}", Carry(Smelter, 1))).ShouldBe("carry-over-barred");
        (await _kiln.Refused(422, HttpMethod.Put, $"carry-overs/{Id("much")}", Carry(Kiln, 10_001))).ShouldBe("carry-over-exceeded");
        (await _kiln.Put($"carry-overs/{Id("first")}", Carry(Kiln, 6_000))).GetProperty("intoYear").GetInt32().ShouldBe(2025);
        await AnEndingSaidTooEarlyDoesNotStandForTheRightfulOne();
        await settlement.SetClock(On(2026, 3, 27));
        await Eventually.Holds("the new vintage is issued", async () => (await _kiln.Get($"accounts/{Account(Kiln)}")).GetProperty("units").EnumerateArray()
            .Any(units => units.GetProperty("instrument").GetString() == "CEA-2025" && units.GetProperty("available").GetInt64() == 6_000));
        (await _kiln.Refused(422, HttpMethod.Post, $"carry-overs/{Id("first")}/end", new { reason = "too late" })).ShouldBe("unknown-carry-over");
    }

    private async Task AnEndingSaidTooEarlyDoesNotStandForTheRightfulOne()
    {
        var (path, reason) = ($"carry-overs/{Id("second")}", new { reason = "sold instead" });
        foreach (var who in new[] { _kiln, _regulator })
            (await who.Refused(404, HttpMethod.Post, $"{path}/end", reason)).ShouldBe("unknown-carry-over");
        await _kiln.Put(path, Carry(Kiln, 4_000));
        (await _smelter.Refused(404, HttpMethod.Post, $"{path}/end", reason)).ShouldBe("unknown-carry-over", "it is another's");
        for (var time = 0; time < 2; time++)
            (await _kiln.Post($"{path}/end", reason)).GetProperty("requestId").GetGuid().ShouldBe(Id("second"));
        (await _regulator.Refused(422, HttpMethod.Post, $"{path}/end", reason)).ShouldBe("unknown-carry-over");
        (await _kiln.Get($"participants/{Kiln}/carry-overs")).GetProperty("pending").GetArrayLength().ShouldBe(1);
    }

    private async Task<string> Everything() => string.Join('\n', await Task.WhenAll(
        new[] { $"compliance/{Smelter}/obligations", $"compliance/{Smelter}/deadline?on=2026-12-01", $"participants/{Kiln}/carry-overs", $"participants/{Smelter}/debts", $"participants/{Smelter}/penalties" }
            .Select(async path => (await _regulator.Get(path)).ToString())));

    private async Task Furnish(Guid holder, params (string Instrument, long Quantity)[] units)
    {
        (await _regulator.Batch("accounts/batch", new { accountId = Account(holder), participantId = holder, type = "operator-holding" })).ShouldBe(["accepted"]);
        foreach (var (instrument, quantity) in units)
        {
            var path = $"issuances/{DeterministicGuid.From(holder, instrument)}";
            await _regulator.Put(path, new { accountId = Account(holder), instrument, quantity });
            await _second.Post($"{path}/approval", new { });
        }
    }

    private static (long Due, long Offsets, long Outstanding) Owed(JsonElement obligations) =>
        (Last(obligations).GetProperty("due").GetInt64(), Last(obligations).GetProperty("offsets").GetInt64(), Last(obligations).GetProperty("outstanding").GetInt64());

    private static JsonElement Last(JsonElement obligations) => obligations.GetProperty("years").EnumerateArray().Last();

    private static long? Notice(JsonElement deadline) => deadline.TryGetProperty("latest", out var latest) && latest.ValueKind == JsonValueKind.Object
        ? latest.GetProperty("outstanding").GetInt64()
        : null;

    private static long Missed(JsonElement obligations) =>
        obligations.GetProperty("years").EnumerateArray().Single(owed => owed.GetProperty("year").GetInt32() == 2024).GetProperty("missed").GetInt64();

    /// <summary>The kiln surrenders for the smelter.</summary>
    private static object Help => new
    {
        type = "surrender-on-behalf", fromAccountId = Account(Kiln), toAccountId = AccountBook.AuthorityId(Gansu, AccountTypes.Surrender), instrument = "CEA-2024", quantity = 1_000,
        onBehalfOf = Smelter, year = 2024,
    };

    private static object Carry(Guid holder, long quantity) => new { accountId = Account(holder), instrument = "CEA-2024", quantity };

    private static Guid Account(Guid holder) => DeterministicGuid.From(holder, "holding");

    private static DateTimeOffset On(int year, int month, int day) => new(year, month, day, 12, 0, 0, TimeSpan.FromHours(8));

    private static Guid Id(string name) => DeterministicGuid.From($"compliance money {name}");
}
