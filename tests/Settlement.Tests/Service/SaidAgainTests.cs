using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Contracts.Verification.V1;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;
using Npgsql;

namespace CarbonMarket.Settlement.Service;

/// <summary>A word without an id of its own: once what stood against it is gone, the same person says it again and is heard.</summary>
public sealed class SaidAgainTests(SettlementService settlement) : IClassFixture<SettlementService>
{
    private const string Gansu = "gansu";
    private static readonly Guid Smelter = Id("smelter");
    private static readonly Guid Kiln = Id("kiln");

    private readonly Caller _regulator = settlement.As("regulator", Id("ministry"), "ann");
    private readonly Caller _second = settlement.As("regulator", Id("ministry"), "bob");
    private readonly Caller _proposer = settlement.As("emitter", Smelter, "person-1");
    private readonly Caller _claimant = settlement.As("emitter", Smelter, "person-2");
    private readonly Caller _third = settlement.As("emitter", Smelter, "person-3");

    [Fact]
    public async Task Who_takes_a_claimed_transaction_over_decides_on_it_although_refused_before()
    {
        foreach (var holder in new[] { Smelter, Kiln })
            await Open(holder);
        await Issue(Id("issuance"), Smelter, 2021, 100);

        var approved = await ClaimedTransaction("approved");
        (await _third.Refused(422, HttpMethod.Post, $"{approved}/approval")).ShouldBe("claimed-by-another");
        await _third.Post($"{approved}/claim", new { takeOver = true });
        (await _third.Post($"{approved}/approval", new { })).GetProperty("status").GetString().ShouldBe("approved");

        var rejected = await ClaimedTransaction("rejected");
        (await _third.Refused(422, HttpMethod.Post, $"{rejected}/rejection", new { reason = "one" })).ShouldBe("claimed-by-another");
        await _third.Post($"{rejected}/claim", new { takeOver = true });
        (await _third.Post($"{rejected}/rejection", new { reason = "two" })).GetProperty("status").GetString().ShouldBe("rejected");

        await settlement.SetClock(settlement.LegalTime.AddDays(7));
        await Stands(approved, "completed");
        await Stands(rejected, "rejected");
        (await _third.Post($"{approved}/approval", new { })).GetProperty("status").GetString().ShouldBe("approved", "a repeat is answered as the first time");
        (await _third.Post($"{rejected}/rejection", new { reason = "two" })).GetProperty("status").GetString().ShouldBe("rejected");
        (await _third.Refused(409, HttpMethod.Post, $"{rejected}/rejection", new { reason = "three" })).ShouldBe("command-id-reused");
    }

    [Fact]
    public async Task An_issuance_refused_beyond_its_cap_is_approved_by_the_same_official_once_the_cap_is_raised()
    {
        var mill = Id("mill");
        await Open(mill);
        await SetCap("low", 100);
        var path = $"issuances/{Id("capped")}";
        await _regulator.Put(path, new { accountId = Account(mill), instrument = "UKA", vintage = 2022, quantity = 150 });
        (await _second.Refused(422, HttpMethod.Post, $"{path}/approval")).ShouldBe("cap-exceeded");
        await SetCap("high", 200);
        for (var time = 0; time < 2; time++)
            (await _second.Post($"{path}/approval", new { })).GetProperty("block").GetProperty("last").GetInt64().ShouldBe(150);
    }

    [Fact]
    public async Task A_price_said_again_after_a_mistake_counts_and_a_step_refused_before_its_time_is_decided_later()
    {
        var (regulator, second) = (settlement.As("regulator", Id("ministry"), "ann", Gansu), settlement.As("regulator", Id("ministry"), "bob", Gansu));
        await settlement.SetClock(On(2026, 4, 1));
        await settlement.Tell(new EntityCovered { Market = Gansu, ParticipantId = Smelter, FirstYear = 2025, LastYear = null, Revision = 1, At = On(2026, 4, 1) });
        await settlement.Tell(new EmissionsAccepted
        {
            Market = Gansu, ParticipantId = Smelter, Year = 2025, VerifiedTonnes = 20_000, ReportId = Id("report"), ReportVersion = 1, AcceptedAt = On(2026, 4, 2),
        });
        await Eventually.Holds("what is due is known", async () => (await regulator.Send(HttpMethod.Get, $"compliance/{Smelter}/obligations")) is { Status: 200, Body: var body }
            && body.GetProperty("years").EnumerateArray().Any(year => year.GetProperty("outstanding").ToString() == "20000"));
        await settlement.SetClock(On(2027, 1, 10));
        await Eventually.Holds("the year is closed", async () =>
            (await regulator.Get("compliance-years")).GetProperty("closed").EnumerateArray().Any(year => year.ToString().Contains("2025", StringComparison.Ordinal)));

        foreach (var price in new[] { 7012, 7100, 7012 })
            await regulator.Put("average-prices/2026-12", new { priceMinor = price, ground = "notice 7" });
        var penalty = $"penalties/{Id("penalty")}";
        var worksheet = (await regulator.Put(penalty, new { participantId = Smelter, violation = "surrender", year = 2025, ground = "case 1" })).GetProperty("worksheet");
        worksheet.GetProperty("inputs").GetProperty("averagePrice").GetInt64().ShouldBe(7012);

        object twice = new { step = 2, amountMinor = 20_000L * 7012 * 5, ground = "decision 2" };
        (await second.Refused(422, HttpMethod.Post, $"{penalty}/decisions", twice)).ShouldBe("step-out-of-order");
        await second.Post($"{penalty}/decisions", new { step = 1, amountMinor = 1_000_000_00L, ground = "decision 1" });
        for (var time = 0; time < 2; time++)
            (await second.Post($"{penalty}/decisions", twice)).GetProperty("decisions").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task An_account_refused_before_it_was_there_is_trusted_once_it_is_and_again_after_it_was_struck_off()
    {
        var (press, forge) = (Id("press"), Id("forge"));
        await Open(press);
        var holder = settlement.As("emitter", press, "person-1");
        var path = $"accounts/{Account(press)}/trusted/{Account(forge)}";
        (await holder.Refused(422, HttpMethod.Put, path, new { })).ShouldBe("unknown-account");
        await Open(forge);
        for (var time = 0; time < 2; time++)
        {
            (await holder.Put(path, new { })).GetProperty("accounts").GetArrayLength().ShouldBe(1);
            (await holder.Put(path, new { })).GetProperty("accounts").GetArrayLength().ShouldBe(1);
            (await holder.Delete(path)).GetProperty("accounts").GetArrayLength().ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_claim_that_went_to_and_fro_is_whose_it_was_last()
    {
        var (press, forge) = (Id("claiming press"), Id("claiming forge"));
        foreach (var holder in new[] { press, forge })
            await Open(holder);
        await Issue(Id("claimed issuance"), press, 2021, 10);
        var (one, two, three) = (settlement.As("emitter", press, "person-1"), settlement.As("emitter", press, "person-2"), settlement.As("emitter", press, "person-3"));
        var path = $"transactions/{Id("to and fro")}";
        await one.Put(path, new { type = "transfer-to-untrusted", fromAccountId = Account(press), toAccountId = Account(forge), instrument = "UKA", quantity = 10 });
        for (var time = 0; time < 2; time++)
        {
            await two.Post($"{path}/claim", new { takeOver = true });
            (await two.Get(path)).GetProperty("claimedBy").GetString().ShouldBe("person-2");
            (await three.Refused(422, HttpMethod.Post, $"{path}/claim", new { })).ShouldBe("claimed-by-another");
            await three.Post($"{path}/claim", new { takeOver = true });
            (await three.Get(path)).GetProperty("claimedBy").GetString().ShouldBe("person-3");
        }
        (await three.Post($"{path}/approval", new { })).GetProperty("status").GetString().ShouldBe("approved");
    }

    [Fact]
    public async Task A_lifting_said_again_is_answered_as_the_first_time()
    {
        var press = Id("frozen press");
        await Open(press);
        await Issue(Id("frozen issuance"), press, 2021, 10);
        var (path, order) = ($"freezes/{Id("freeze")}", new { authority = "court", order = "2" });
        (await _regulator.Refused(404, HttpMethod.Post, $"{path}/lifting", order)).ShouldBe("freeze-not-in-force");
        await _regulator.Put(path, new { accountId = Account(press), instrument = "UKA", quantity = 10, kind = "freeze", authority = "court", order = "1" });
        for (var time = 0; time < 2; time++)
            (await _second.Post($"{path}/lifting", order)).GetProperty("parts").GetArrayLength().ShouldBe(0);
        (await _regulator.Refused(422, HttpMethod.Post, $"{path}/lifting", new { authority = "court", order = "3" })).ShouldBe("freeze-not-in-force");
    }

    [Fact]
    public async Task A_transaction_that_has_just_ended_is_told_as_ended_although_the_store_hears_of_it_later()
    {
        var (press, forge) = (Id("ending press"), Id("ending forge"));
        foreach (var holder in new[] { press, forge })
            await Open(holder);
        await Issue(Id("ending issuance"), press, 2021, 10);
        var (one, two) = (settlement.As("emitter", press, "person-1"), settlement.As("emitter", press, "person-2"));
        var path = $"transactions/{Id("just ended")}";
        await one.Put(path, new { type = "transfer-to-untrusted", fromAccountId = Account(press), toAccountId = Account(forge), instrument = "UKA", quantity = 10 });
        await using var database = NpgsqlDataSource.Create(settlement.Postgres);
        await using var holding = await database.OpenConnectionAsync();
        await using var held = await holding.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("lock table settlement.mt_doc_transactionview_2 in share row exclusive mode", holding))
            await hold.ExecuteNonQueryAsync();

        await two.Post($"{path}/rejection", new { reason = "not agreed" });
        var asked = two.Get(path);
        var repeated = two.Post($"{path}/rejection", new { reason = "not agreed" });
        (await Task.WhenAny(asked, repeated, Task.Delay(TimeSpan.FromSeconds(1)))).ShouldNotBeOneOf(asked, repeated);
        await held.RollbackAsync();

        (await asked).GetProperty("status").GetString().ShouldBe("rejected");
        (await repeated).GetProperty("status").GetString().ShouldBe("rejected");
    }

    [Fact]
    public async Task What_was_approved_and_then_frozen_is_refused_by_an_official_and_a_repeat_is_answered_as_the_first_time()
    {
        var (press, regulator, second) = (Id("stuck press"), settlement.As("regulator", Id("ministry"), "ann", Gansu), settlement.As("regulator", Id("ministry"), "bob", Gansu));
        (await regulator.Batch("accounts/batch", new { accountId = Account(press), participantId = press, type = "operator-holding" })).ShouldBe(["accepted"]);
        var issuance = $"issuances/{Id("stuck issuance")}";
        await regulator.Put(issuance, new { accountId = Account(press), instrument = "CCER", quantity = 10 });
        await second.Post($"{issuance}/approval", new { });
        var path = $"transactions/{Id("stuck")}";
        await settlement.As("emitter", press, "person-1", Gansu).Put(path, new
        {
            type = "voluntary-cancellation", fromAccountId = Account(press), toAccountId = AccountBook.AuthorityId(Gansu, AccountTypes.Cancellation), instrument = "CCER", quantity = 10,
        });
        await regulator.Put($"freezes/{Id("of the court")}", new { accountId = Account(press), instrument = "CCER", quantity = 10, kind = "freeze", authority = "court", order = "1" });
        (await second.Post($"{path}/approval", new { })).GetProperty("status").GetString().ShouldBe("approved");
        for (var time = 0; time < 2; time++)
            (await regulator.Post($"{path}/rejection", new { reason = "order 1" })).GetProperty("status").GetString().ShouldBe("rejected");
        (await regulator.Refused(409, HttpMethod.Post, $"{path}/rejection", new { reason = "order 2" })).ShouldBe("command-id-reused");
    }

    private async Task<string> ClaimedTransaction(string name)
    {
        var path = $"transactions/{Id(name)}";
        await _proposer.Put(path, new { type = "transfer-to-untrusted", fromAccountId = Account(Smelter), toAccountId = Account(Kiln), instrument = "UKA", quantity = 10 });
        await _claimant.Post($"{path}/claim", new { });
        return path;
    }

    private Task Stands(string path, string status) => Eventually.Holds($"{path} is {status}", async () =>
        (await _regulator.Send(HttpMethod.Get, path)) is { Status: 200, Body: var body } && body.GetProperty("status").GetString() == status);

    private async Task Open(Guid holder) =>
        (await _regulator.Batch("accounts/batch", new { accountId = Account(holder), participantId = holder, type = "operator-holding" })).ShouldBe(["accepted"]);

    private async Task Issue(Guid issuance, Guid holder, int vintage, long quantity)
    {
        await _regulator.Put($"issuances/{issuance}", new { accountId = Account(holder), instrument = "UKA", vintage, quantity });
        await _second.Post($"issuances/{issuance}/approval", new { });
    }

    private async Task SetCap(string name, long quantity)
    {
        await _regulator.Put($"caps/{Id(name)}", new { instrument = "UKA", vintage = 2022, quantity, ground = "plan" });
        await _second.Post($"caps/{Id(name)}/approval", new { });
    }

    private static Guid Account(Guid holder) => DeterministicGuid.From(holder, "holding");

    private static DateTimeOffset On(int year, int month, int day) => new(year, month, day, 12, 0, 0, TimeSpan.FromHours(8));

    private static Guid Id(string name) => DeterministicGuid.From($"said again {name}");
}
