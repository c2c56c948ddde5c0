using System.Globalization;
using System.Text.Json;
using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Contracts.Verification.V1;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;
using Npgsql;

namespace CarbonMarket.Settlement.Service;

/// <summary>What an appeal asks: how an entity stood on a day, by what was known on another.</summary>
public sealed class PastComplianceTests(SettlementService settlement) : IClassFixture<SettlementService>
{
    private const string Gansu = "gansu";
    private static readonly Guid Smelter = Id("smelter");
    private static readonly Guid Kiln = Id("kiln");

    private readonly Caller _regulator = settlement.As("regulator", Id("ministry"), "ann", Gansu);
    private readonly Caller _second = settlement.As("regulator", Id("ministry"), "bob", Gansu);
    private readonly Caller _smelter = settlement.As("emitter", Smelter, "smith", Gansu);
    private readonly Caller _kiln = settlement.As("emitter", Kiln, "kilner", Gansu);

    [Fact]
    public async Task An_entity_stands_as_of_any_time_as_it_was_known_at_any_other()
    {
        await settlement.SetClock(On(2025, 4, 1));
        await Furnish();
        await settlement.Tell(new EntityCovered { Market = Gansu, ParticipantId = Smelter, FirstYear = 2024, LastYear = null, Revision = 1, At = On(2025, 4, 1) });
        await Report(version: 1, tonnes: 1_000, On(2025, 4, 2));
        await settlement.SetClock(On(2025, 5, 1));
        await _smelter.Put($"surrenders/{Id("surrender")}", new { accountId = Account, instrument = "CEA-2024", quantity = 1_000, year = 2024 });
        await _regulator.Post($"transactions/{Id("surrender")}/approval", new { });
        (await Status()).ShouldBe("A");

        // Accepted on 20 May, heard of in June: it counts from the day of acceptance and was known only later.
        await settlement.SetClock(On(2025, 6, 1));
        var beforeItWasHeard = TimeProvider.System.GetUtcNow();
        await Report(version: 2, tonnes: 1_400, On(2025, 5, 20));
        await _regulator.Put($"deductions/{Id("deduction")}", new { participantId = Smelter, reason = "other", quantity = 400, ground = "order 1" });

        (await Status()).ShouldBe("B");
        (await Owed($"?asOf={Time(On(2025, 4, 1))}")).ShouldBe((null, 0, 0), "Not reported yet.");
        (await Owed($"?asOf={Time(On(2025, 4, 2))}")).ShouldBe((1_000, 0, 1_000));
        (await Owed($"?asOf={Time(On(2025, 5, 19))}")).ShouldBe((1_000, 1_000, 0));
        (await Owed($"?asOf={Time(On(2025, 5, 20))}")).ShouldBe((1_400, 1_000, 400), "It counts from its acceptance.");
        (await Owed($"?asOf={Time(On(2025, 5, 20))}&knownAt={Time(beforeItWasHeard)}")).ShouldBe((1_000, 1_000, 0), "Nobody knew of it then.");
        (await Owed($"?knownAt={Time(beforeItWasHeard)}")).ShouldBe((1_000, 1_000, 0));
        (await Owed("?asOf=9999-12-31T23:59:59Z")).ShouldBe((1_400, 1_000, 400));
        (await Status($"?asOf={Time(On(2025, 4, 1))}"), await Status($"?asOf={Time(On(2025, 4, 2))}"), await Status($"?asOf={Time(On(2025, 5, 1))}"), await Status($"?asOf={Time(On(2025, 5, 20))}"))
            .ShouldBe(("C", "B", "A", "B"));
        (await Status($"?asOf={Time(On(2025, 6, 1))}&knownAt={Time(beforeItWasHeard)}")).ShouldBe("A");
        (await Deductions($"?asOf={Time(On(2025, 5, 31))}"), await Deductions($"?asOf={Time(On(2025, 6, 1))}"), await Deductions()).ShouldBe((0, 1, 1));
        (await _smelter.Get($"participants/{Smelter}/penalties?asOf={Time(On(2025, 6, 1))}")).GetProperty("penalties").GetArrayLength().ShouldBe(0);

        var past = (await _smelter.Get($"compliance/{Smelter}?asOf={Time(On(2025, 5, 20))}&knownAt={Time(beforeItWasHeard)}")).GetProperty("past");
        past.GetProperty("asOf").GetDateTimeOffset().ShouldBe(On(2025, 5, 20));
        past.GetProperty("version").GetInt64().ShouldBeGreaterThan(0);
        (await _smelter.Get($"compliance/{Smelter}")).TryGetProperty("past", out _).ShouldBeFalse("It is as it is now.");

        await WhatIsRefused();
        await MoreThanOneReadBringsIsReadWhole();
        await ListsAreOfAnyTimeToo();
        var before = await Everything();
        (await settlement.As("operator", market: Gansu).Send(HttpMethod.Post, "postings/rebuild", new { })).Status.ShouldBe(200);
        (await Everything()).ShouldBe(before, "Written anew from the journal they say the same.");
        await settlement.End();
        await FromBeforeThereWereFactsByEntity();
        await settlement.Start();
        (await Everything()).ShouldBe(before, "What an earlier deployment had booked is written anew.");
    }

    private async Task WhatIsRefused()
    {
        var early = $"?asOf={Time(On(2025, 3, 1))}";
        (await _smelter.Refused(404, HttpMethod.Get, $"compliance/{Smelter}{early}")).ShouldBe("unknown-entity");
        (await _smelter.Refused(404, HttpMethod.Get, $"compliance/{Smelter}/obligations{early}")).ShouldBe("unknown-entity");
        (await Deductions(early)).ShouldBe(0);
        foreach (var path in new[] { $"compliance/{Smelter}", $"compliance/{Smelter}/obligations", $"participants/{Smelter}/debts", $"participants/{Smelter}/penalties" })
        {
            (await _kiln.Refused(403, HttpMethod.Get, $"{path}?asOf={Time(On(2025, 6, 1))}")).ShouldBe("not-yours");
            (await _smelter.Send(HttpMethod.Get, $"{path}?asOf=yesterday")).Status.ShouldBe(400);
        }
    }

    private async Task MoreThanOneReadBringsIsReadWhole()
    {
        // As many as an account may have under way, approved together.
        foreach (var together in Enumerable.Range(0, 510).Select(number => DeterministicGuid.From(Smelter, "small", number)).Chunk(TransactionDesk.MostPendingOfAnAccount))
        {
            await Task.WhenAll(together.Select(id => _smelter.Put($"surrenders/{id}", new { accountId = Account, instrument = "CEA-2024", quantity = 1, year = 2024 })));
            (await _regulator.Batch("transactions/approvals/batch", together.Select(id => new { transactionId = id }))).ShouldAllBe(outcome => outcome == "accepted");
        }
        (await Owed($"?asOf={Time(On(2025, 6, 1))}")).ShouldBe((1_400, 1_510, 0));
    }

    private async Task ListsAreOfAnyTimeToo()
    {
        await settlement.Tell(new EntityCovered { Market = Gansu, ParticipantId = Kiln, FirstYear = 2024, LastYear = null, Revision = 1, At = On(2025, 6, 1) });
        await Eventually.Holds("the kiln is covered", async () => (await List("compliance")).Length == 2);
        (await List($"compliance?asOf={Time(On(2025, 5, 20))}")).ShouldHaveSingleItem().GetRawText()
            .ShouldBe((await _smelter.Get($"compliance/{Smelter}?asOf={Time(On(2025, 5, 20))}")).GetRawText());
        (await List($"compliance?asOf={Time(On(2025, 3, 1))}")).ShouldBeEmpty();
        (await _kiln.Get($"compliance?asOf={Time(On(2025, 5, 20))}")).GetProperty("items").GetArrayLength().ShouldBe(0, "Another's is not told.");
        (await _kiln.Get($"compliance?asOf={Time(On(2025, 6, 1))}")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("participantId").GetGuid().ShouldBe(Kiln);

        var june = $"compliance?asOf={Time(On(2025, 6, 1))}&limit=1";
        var first = await _regulator.Get(june);
        var second = await _regulator.Get($"{june}&after={first.GetProperty("next").GetString()}");
        second.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        Guid[] both = [.. new[] { first, second }.Select(page => page.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("participantId").GetGuid())];
        both.ShouldBe([.. new[] { Smelter, Kiln }.Order()]);

        await settlement.SetClock(On(2025, 10, 2));
        await Eventually.Holds("the kiln is told that nothing is known of its emissions", async () => (await List("deadline-notices")).Length == 1);
        await settlement.SetClock(On(2025, 12, 24));
        await Eventually.Holds("it is told again", async () => (await List("deadline-notices")).Single().GetProperty("daysBefore").GetInt32() == 7);
        (await List($"deadline-notices?asOf={Time(On(2025, 10, 1))}")).ShouldBeEmpty();
        (await List($"deadline-notices?asOf={Time(On(2025, 10, 2))}&year=2024")).ShouldHaveSingleItem().GetProperty("daysBefore").GetInt32().ShouldBe(90);
        (await List($"deadline-notices?asOf={Time(On(2025, 10, 2))}&year=2025")).ShouldBeEmpty();
    }

    private async Task<JsonElement[]> List(string path) => [.. (await _regulator.Get(path)).GetProperty("items").EnumerateArray()];

    private async Task Report(long version, long tonnes, DateTimeOffset acceptedAt)
    {
        await settlement.Tell(new EmissionsAccepted
        {
            Market = Gansu, ParticipantId = Smelter, Year = 2024, VerifiedTonnes = tonnes, ReportId = Id("report"), ReportVersion = version, AcceptedAt = acceptedAt,
        });
        await Eventually.Holds("the report is entered", async () =>
            await _smelter.Send(HttpMethod.Get, $"compliance/{Smelter}/obligations") is { Status: 200, Body: var body } && Of2024(body).Due == tonnes);
    }

    private async Task Furnish()
    {
        (await _regulator.Batch("accounts/batch", new { accountId = Account, participantId = Smelter, type = "operator-holding" })).ShouldBe(["accepted"]);
        await _regulator.Put($"issuances/{Id("issuance")}", new { accountId = Account, instrument = "CEA-2024", quantity = 5_000 });
        await _second.Post($"issuances/{Id("issuance")}/approval", new { });
    }

    /// <summary>The postings as a deployment left them that knew nothing of facts by entity.</summary>
    private async Task FromBeforeThereWereFactsByEntity()
    {
        await using var database = NpgsqlDataSource.Create(settlement.Postgres);
        await using var drop = database.CreateCommand("drop table postings.entity_facts; alter table postings.heads drop column format");
        await drop.ExecuteNonQueryAsync();
    }

    private async Task<string> Everything()
    {
        var answers = new List<string>();
        await Eventually.Holds("the postings have come as far as the journal", async () =>
            (await _regulator.Send(HttpMethod.Get, $"participants/{Smelter}/debts?asOf={Time(On(2025, 6, 1))}")).Status == 200);
        foreach (var day in new[] { On(2025, 4, 1), On(2025, 4, 2), On(2025, 5, 1), On(2025, 5, 20), On(2025, 6, 1), On(2025, 12, 24) })
        {
            foreach (var path in new[] { "compliance", "deadline-notices", $"compliance/{Smelter}", $"compliance/{Smelter}/obligations", $"participants/{Smelter}/debts", $"participants/{Smelter}/penalties" })
                answers.Add((await _regulator.Get($"{path}?asOf={Time(day)}")).GetRawText());
        }
        return string.Join('\n', answers);
    }

    private async Task<string?> Status(string when = "") => (await _smelter.Get($"compliance/{Smelter}{when}")).GetProperty("status").GetString();

    private async Task<(long? Due, long Allowances, long Outstanding)> Owed(string when = "") => Of2024(await _smelter.Get($"compliance/{Smelter}/obligations{when}"));

    private async Task<int> Deductions(string when = "") => (await _smelter.Get($"participants/{Smelter}/debts{when}")).GetProperty("deductions").GetArrayLength();

    private static (long? Due, long Allowances, long Outstanding) Of2024(JsonElement obligations)
    {
        var year = obligations.GetProperty("years").EnumerateArray().Last();
        return (year.GetProperty("due") is { ValueKind: JsonValueKind.Number } due ? due.GetInt64() : null, year.GetProperty("allowances").GetInt64(), year.GetProperty("outstanding").GetInt64());
    }

    private static Guid Account => DeterministicGuid.From(Smelter, "holding");

    private static string Time(DateTimeOffset time) => Uri.EscapeDataString(time.ToString("O", CultureInfo.InvariantCulture));

    private static DateTimeOffset On(int year, int month, int day) => new(year, month, day, 12, 0, 0, TimeSpan.FromHours(8));

    private static Guid Id(string name) => DeterministicGuid.From($"past compliance {name}");
}
