using System.Globalization;
using System.Text.Json;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Postings;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;
using Npgsql;

namespace CarbonMarket.Settlement.Service;

/// <summary>What a court asks: who had what when, how it came and went, and whether the book can be believed.</summary>
public sealed class HistoryTests(SettlementService settlement) : IClassFixture<SettlementService>
{
    private static readonly Guid Smelter = Id("smelter");
    private static readonly Guid Kiln = Id("kiln");

    private readonly Caller _smelter = settlement.As("emitter", Smelter);
    private readonly Caller _kiln = settlement.As("emitter", Kiln);
    private readonly Caller _regulator = settlement.As("regulator", Id("ministry"), "ann");
    private readonly Caller _secondOfficial = settlement.As("regulator", Id("ministry"), "bob");
    private readonly Caller _operator = settlement.As("operator");
    private readonly Caller _auditor = settlement.As("auditor");
    private readonly DateTimeOffset _firstDay = settlement.LegalTime;

    [Fact]
    public async Task The_past_is_told_as_it_was_and_a_second_book_watches_over_it()
    {
        (await _operator.Refused(404, HttpMethod.Get, "second-book/comparisons/latest")).ShouldBe("nothing-compared");
        await ThreeDaysPass();
        await AStatementTellsEveryMovement();
        await AStatementIsAFileToo();
        await HoldingsAreToldAsOfAnyTime();
        await EveryUnitIsFoundAndTraced();
        await TheWholeCapIsProvedAtEveryVersion();
        await NobodyIsToldOfOthers();
        var before = await Everything();
        await settlement.Restart();
        (await Everything()).ShouldBe(before, "A restart changes nothing.");
        (await _operator.Send(HttpMethod.Post, "postings/rebuild", new { })).Status.ShouldBe(200);
        (await Everything()).ShouldBe(before, "Written anew from the journal they say the same.");
        await NothingIsToldBeforeItIsBooked();
        await TheBooksAgree();
        await NothingIsHeldAgainstPostingsThatAreWrittenAnew();
        await TheyAreComparedEveryNight();
        await ADifferenceStopsTheAccountAndRaisesTheAlarm();
    }

    private async Task ThreeDaysPass()
    {
        (await _regulator.Batch("accounts/batch", Account(Smelter, "operator-holding"), Account(Smelter, "trading"), Account(Kiln, "operator-holding")))
            .ShouldBe(["accepted", "accepted", "accepted"]);
        await _regulator.Put($"issuances/{Id("issuance")}", new { accountId = AccountId(Smelter, "operator-holding"), instrument = "UKA", vintage = 2021, quantity = 1000 });
        await _secondOfficial.Post($"issuances/{Id("issuance")}/approval", new { });
        await DayBegins(1);
        (await Exchange("first", 300)).ShouldBe("completed");
        await DayBegins(2);
        (await _operator.Batch("cash-deposits/batch", new { depositId = Id("deposit"), accountId = AccountId(Smelter, "trading"), amountMinor = 5_000 })).ShouldBe(["accepted"]);
        await _smelter.Put($"transfers/{Id("transfer")}", new
        {
            fromAccountId = AccountId(Smelter, "operator-holding"), toAccountId = AccountId(Smelter, "trading"), instrument = "UKA", quantity = 100,
        });
    }

    private async Task AStatementTellsEveryMovement()
    {
        var path = $"accounts/{AccountId(Smelter, "operator-holding")}/statement";
        var whole = await _smelter.Get(path);
        Lines(whole).ShouldBe([("issuance", 1000, 0, 1000, "1-1000"), ("exchange", 0, 300, 700, "1-300"), ("transfer-to-trading", 0, 100, 600, "301-400")]);
        whole.GetProperty("opening").GetArrayLength().ShouldBe(0);
        Balances(whole.GetProperty("closing")).ShouldBe([("UKA", 600)]);
        whole.GetProperty("items")[1].GetProperty("counter").GetProperty("participantId").GetGuid().ShouldBe(Kiln);
        whole.GetProperty("items")[0].GetProperty("counter").GetProperty("type").GetString().ShouldBe("issuance");

        var secondDay = await _smelter.Get($"{path}?from={Time(_firstDay.AddDays(1))}&to={Time(_firstDay.AddDays(2))}");
        Lines(secondDay).ShouldBe([("exchange", 0, 300, 700, "1-300")]);
        Balances(secondDay.GetProperty("opening")).ShouldBe([("UKA", 1000)]);
        Balances(secondDay.GetProperty("closing")).ShouldBe([("UKA", 700)]);

        Lines(await _smelter.Get($"{path}?to=0001-01-01T00:00:00Z")).ShouldBeEmpty();

        var pages = new List<(string?, long, long, long, string)>();
        var next = string.Empty;
        do
        {
            var page = await _auditor.Get($"{path}?limit=1{next}");
            pages.AddRange(Lines(page));
            next = page.GetProperty("next").GetString() is { } after ? $"&after={after}" : null;
        }
        while (next is not null);
        pages.ShouldBe(Lines(whole));
        var cash = await _smelter.Get($"accounts/{AccountId(Smelter, "trading")}/statement");
        Lines(cash).ShouldBe([("cash-deposit", 5_000, 0, 5_000, ""), ("transfer-to-trading", 100, 0, 100, "301-400")]);
    }

    private async Task AStatementIsAFileToo()
    {
        var path = $"accounts/{AccountId(Smelter, "operator-holding")}/statement";
        var (mediaType, text, link) = await _smelter.Read($"{path}?limit=2", "text/csv");
        mediaType.ShouldBe("text/csv");
        var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldStartWith("version,line,at,recordedAt,type,");
        lines[1].ShouldEndWith(",UKA,2021,1000,0,1000,1000,1-1000");
        lines.Length.ShouldBe(3);
        link.ShouldNotBeNull().ShouldContain("rel=\"next\"");
        var rest = await _smelter.Read(link[1..link.IndexOf('>', StringComparison.Ordinal)] + "&format=csv", "application/json");
        rest.MediaType.ShouldBe("text/csv");
        rest.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1].ShouldContain("transfer-to-trading");
        rest.Link.ShouldBeNull();
    }

    private async Task HoldingsAreToldAsOfAnyTime()
    {
        var path = $"accounts/{AccountId(Smelter, "operator-holding")}/holdings";
        (await Held(path)).ShouldBe([("UKA", 600)]);
        (await Held($"{path}?asOf={Time(_firstDay.AddSeconds(-1))}")).ShouldBeEmpty();
        (await Held($"{path}?asOf={Time(_firstDay)}")).ShouldBe([("UKA", 1000)]);
        (await Held($"{path}?asOf={Time(_firstDay.AddDays(1))}")).ShouldBe([("UKA", 700)]);
        var recorded = (await _smelter.Get($"accounts/{AccountId(Smelter, "operator-holding")}/statement")).GetProperty("items")[1].GetProperty("recordedAt").GetDateTimeOffset();
        (await Held($"{path}?asOf={Time(_firstDay.AddDays(1))}&knownAt={Time(recorded)}")).ShouldBe([("UKA", 700)]);
        (await Held($"{path}?asOf={Time(_firstDay.AddDays(1))}&knownAt={Time(recorded.AddMicroseconds(-1))}")).ShouldBe([("UKA", 1000)], "It was not recorded yet.");
    }

    private async Task EveryUnitIsFoundAndTraced()
    {
        (await Holder("units/UKA/2021/150")).ShouldBe((Kiln, "operator-holding", "exchange"));
        (await Holder($"units/UKA/2021/150?asOf={Time(_firstDay)}")).ShouldBe((Smelter, "operator-holding", "issuance"));
        (await Holder("units/UKA/2021/350")).ShouldBe((Smelter, "trading", "transfer-to-trading"));
        (await Holder("units/UKA/2021/1000")).ShouldBe((Smelter, "operator-holding", "issuance"));
        (await _regulator.Refused(404, HttpMethod.Get, "units/UKA/2021/1001")).ShouldBe("unknown-unit");
        (await _regulator.Refused(404, HttpMethod.Get, $"units/UKA/2021/150?asOf={Time(_firstDay.AddSeconds(-1))}")).ShouldBe("unknown-unit");
        (await Trace("units/UKA/2021/trace?first=250&last=350")).ShouldBe([("issuance", "250-350"), ("exchange", "250-300"), ("transfer-to-trading", "301-350")]);
        (await Trace($"units/UKA/2021/trace?first=250&last=350&asOf={Time(_firstDay)}")).ShouldBe([("issuance", "250-350")]);
        var page = await _regulator.Get("units/UKA/2021/trace?first=250&last=350&limit=2");
        (await Trace($"units/UKA/2021/trace?first=250&last=350&limit=2&after={page.GetProperty("next").GetString()}")).ShouldBe([("transfer-to-trading", "301-350")]);
    }

    private async Task TheWholeCapIsProvedAtEveryVersion()
    {
        var now = await _auditor.Get("conservation");
        var version = now.GetProperty("ledgerVersion").GetInt64();
        for (var earlier = 0L; earlier <= version; earlier++)
        {
            var then = await _auditor.Get($"conservation?version={earlier}");
            then.GetProperty("balanced").GetBoolean().ShouldBeTrue();
            then.GetProperty("ledgerVersion").GetInt64().ShouldBe(earlier);
        }
        (await _auditor.Get($"conservation?version={version}")).GetRawText().ShouldBe(now.GetRawText());
        (await _auditor.Refused(404, HttpMethod.Get, $"conservation?version={version + 1_000_000}")).ShouldBe("version-not-reached");
    }

    private async Task NobodyIsToldOfOthers()
    {
        foreach (var question in new[] { "statement", "holdings" })
        {
            (await _kiln.Refused(403, HttpMethod.Get, $"accounts/{AccountId(Smelter, "operator-holding")}/{question}")).ShouldBe("account-not-yours");
            (await _kiln.Refused(404, HttpMethod.Get, $"accounts/{Id("nowhere")}/{question}")).ShouldBe("unknown-account");
        }
        (await _kiln.Get("units/UKA/2021/150")).GetProperty("holder").GetProperty("participantId").GetGuid().ShouldBe(Kiln);
        (await _smelter.Refused(404, HttpMethod.Get, "units/UKA/2021/150")).ShouldBe("unknown-unit");
        (await Trace("units/UKA/2021/trace?first=250&last=350", _kiln)).ShouldBe([("exchange", "250-300")]);
        (await Trace("units/UKA/2021/trace?first=250&last=350", settlement.As("trader", Id("stranger")))).ShouldBeEmpty();
        (await Trace("units/UKA/2021/trace?first=250&last=350", settlement.As("verifier"))).ShouldBeEmpty();
    }

    /// <summary>The ledger goes on while the postings cannot; who asks is not told half of it.</summary>
    private async Task NothingIsToldBeforeItIsBooked()
    {
        var path = $"accounts/{AccountId(Smelter, "trading")}/holdings";
        await Tell("alter table postings.balances rename to away");
        (await _operator.Batch("cash-deposits/batch", new { depositId = Id("late deposit"), accountId = AccountId(Smelter, "trading"), amountMinor = 1 })).ShouldBe(["accepted"]);
        (await _smelter.Refused(503, HttpMethod.Get, path)).ShouldBe("postings-behind");
        (await _auditor.Refused(503, HttpMethod.Post, "second-book/comparisons", new { })).ShouldBe("postings-behind");
        await Tell("alter table postings.away rename to balances");
        await Eventually.Holds("they have caught up", async () => (await _smelter.Send(HttpMethod.Get, path)).Status == 200);
        (await Held(path)).ShouldBe([("UKA", 100), ("cash", 5_001)], ignoreOrder: true);
    }

    private async Task TheBooksAgree()
    {
        var compared = await _auditor.Post("second-book/comparisons", new { comparisonId = Id("comparison") });
        compared.GetProperty("matches").GetBoolean().ShouldBeTrue(compared.GetRawText());
        compared.GetProperty("postings").GetInt64().ShouldBe(10);
        (await _auditor.Post("second-book/comparisons", new { comparisonId = Id("comparison") })).GetRawText().ShouldBe(compared.GetRawText(), "A repeat answers as the first.");
        (await _operator.Get("second-book/comparisons/latest")).GetRawText().ShouldBe(compared.GetRawText());
        (await Health()).ShouldBe("Healthy");
    }

    /// <summary>As an instance that stands by throws them away, of which the one that leads is not told.</summary>
    private async Task NothingIsHeldAgainstPostingsThatAreWrittenAnew()
    {
        await using (var database = NpgsqlDataSource.Create(settlement.Postgres))
            await new PostingStore(database).Forget(SettlementService.Market, default);
        var (status, body) = await _auditor.Send(HttpMethod.Post, "second-book/comparisons", new { });
        (status == 503 || body.GetProperty("matches").GetBoolean()).ShouldBeTrue(body.GetRawText());
        (await Status(Smelter)).ShouldBe("open");
        await Eventually.Holds("they are written anew, and the books agree", async () =>
            await _auditor.Send(HttpMethod.Post, "second-book/comparisons", new { }) is (200, var compared) && compared.GetProperty("matches").GetBoolean());
    }

    /// <summary>Also where somebody has used the next nights' ids, which anybody can reckon.</summary>
    private async Task TheyAreComparedEveryNight()
    {
        foreach (var day in Enumerable.Range(2, 3).Select(days => DateOnly.FromDateTime(_firstDay.AddDays(days).UtcDateTime)))
            await _auditor.Post("second-book/comparisons", new { comparisonId = DeterministicGuid.From($"second-book:{SettlementService.Market}:{day:O}") });
        await DayBegins(3);
        await Eventually.Holds("the books were compared by themselves", async () =>
            (await _operator.Get("second-book/comparisons/latest")).GetProperty("at").GetDateTimeOffset() >= _firstDay.AddDays(2).AddHours(12));
        (await _operator.Get("second-book/comparisons/latest")).GetProperty("matches").GetBoolean().ShouldBeTrue();
    }

    private async Task ADifferenceStopsTheAccountAndRaisesTheAlarm()
    {
        var kiln = AccountId(Kiln, "operator-holding");
        (await Tell($"update postings.entries set amount_in = 299, vintage_balance = 299, balance = 299 where account = '{kiln}'")).ShouldBe(1);
        var compared = await _auditor.Post("second-book/comparisons", new { });
        compared.GetProperty("matches").GetBoolean().ShouldBeFalse();
        var difference = compared.GetProperty("differences").EnumerateArray().ShouldHaveSingleItem();
        difference.GetProperty("participantId").GetGuid().ShouldBe(Kiln);
        (difference.GetProperty("ledgerAmount").GetInt64(), difference.GetProperty("bookAmount").GetInt64()).ShouldBe((300, 299));
        (await Status(Kiln)).ShouldBe("suspended");
        (await Status(Smelter)).ShouldBe("open");
        await Eventually.Holds("whoever watches the service sees it", async () => await Health() == "Degraded");

        await _operator.Send(HttpMethod.Post, "postings/rebuild", new { });
        (await _auditor.Post("second-book/comparisons", new { })).GetProperty("matches").GetBoolean().ShouldBeTrue();
        await Eventually.Holds("the alarm is over", async () => await Health() == "Healthy");
        (await Status(Kiln)).ShouldBe("suspended", "Only an official opens it again.");
        await _regulator.Put($"accounts/{AccountId(Kiln, "operator-holding")}/status/{Id("reopened")}", new { status = "open", ground = "The table was damaged, the ledger was not." });
        (await Status(Kiln)).ShouldBe("open");
    }

    private async Task DayBegins(int days)
    {
        await settlement.SetClock(_firstDay.AddDays(days));
        await Eventually.Holds("the service knows", async () =>
            (await _regulator.Get("/settlement/clock")).GetProperty("legalTime").GetDateTimeOffset() == _firstDay.AddDays(days));
    }

    private async Task<string?> Exchange(string name, long quantity)
    {
        var path = $"transactions/{Id(name)}";
        await _regulator.Put(path, new
        {
            type = "exchange", fromAccountId = AccountId(Smelter, "operator-holding"), toAccountId = AccountId(Kiln, "operator-holding"), instrument = "UKA", quantity,
            ground = "merger 2021-7",
        });
        return (await _secondOfficial.Post($"{path}/approval", new { })).GetProperty("status").GetString();
    }

    private async Task<string> Everything() => string.Join('\n',
        (await _auditor.Get($"accounts/{AccountId(Smelter, "operator-holding")}/statement")).GetProperty("items").GetRawText(),
        (await _auditor.Get($"accounts/{AccountId(Smelter, "trading")}/statement")).GetProperty("items").GetRawText(),
        (await _auditor.Get($"accounts/{AccountId(Kiln, "operator-holding")}/holdings")).GetProperty("holdings").GetRawText(),
        (await _auditor.Get("units/UKA/2021/trace?first=1&last=1000")).GetRawText());

    private async Task<List<(string? Asset, long Balance)>> Held(string path) => Balances((await _smelter.Get(path)).GetProperty("holdings"));

    private static List<(string? Asset, long Balance)> Balances(JsonElement balances) =>
        [.. balances.EnumerateArray().Select(held => (held.GetProperty("asset").GetString(), held.GetProperty("balance").GetInt64()))];

    private static List<(string? Type, long In, long Out, long Balance, string Serials)> Lines(JsonElement statement) =>
    [
        .. statement.GetProperty("items").EnumerateArray().Select(entry => (
            entry.GetProperty("type").GetString(), entry.GetProperty("in").GetInt64(), entry.GetProperty("out").GetInt64(), entry.GetProperty("balance").GetInt64(),
            string.Join(' ', entry.GetProperty("serials").EnumerateArray().Select(Serials)))),
    ];

    private static string Serials(JsonElement range) => $"{range.GetProperty("first").GetInt64()}-{range.GetProperty("last").GetInt64()}";

    private async Task<(Guid Participant, string? Account, string? By)> Holder(string path)
    {
        var unit = await _regulator.Get(path);
        return (unit.GetProperty("holder").GetProperty("participantId").GetGuid(), unit.GetProperty("holder").GetProperty("type").GetString(),
            unit.GetProperty("since").GetProperty("type").GetString());
    }

    private async Task<List<(string? Type, string Serials)>> Trace(string path, Caller? by = null) =>
    [
        .. (await (by ?? _regulator).Get(path)).GetProperty("items").EnumerateArray()
            .Select(passage => (passage.GetProperty("type").GetString(), Serials(passage.GetProperty("serials")))),
    ];

    private async Task<string?> Status(Guid holder) => (await _regulator.Get($"accounts/{AccountId(holder, "operator-holding")}")).GetProperty("status").GetString();

    private async Task<string?> Health() =>
        (await _operator.Get("/health/ready")).GetProperty("checks").GetProperty("second-book").GetProperty("status").GetString();

    private async Task<int> Tell(string sql)
    {
        await using var database = NpgsqlDataSource.Create(settlement.Postgres);
#pragma warning disable CA2100 // The statements of this test.
        await using var command = database.CreateCommand(sql);
#pragma warning restore CA2100
        return await command.ExecuteNonQueryAsync();
    }

    private static object Account(Guid holder, string type) => new { accountId = AccountId(holder, type), participantId = holder, type };

    private static Guid AccountId(Guid holder, string type) => DeterministicGuid.From(holder, type);

    private static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static Guid Id(string name) => DeterministicGuid.From($"history {name}");
}
