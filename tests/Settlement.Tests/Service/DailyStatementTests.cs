using System.Text.Json;
using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;
using UglyToad.PdfPig;

namespace CarbonMarket.Settlement.Service;

/// <summary>A day of the market as its participants are told of it, on screen, in a table and on paper.</summary>
public sealed class DailyStatementTests(SettlementService settlement) : IClassFixture<SettlementService>
{
    private const string Day = "2021-06-16";
    private static readonly Guid Smelter = Id("smelter");
    private static readonly Guid Kiln = Id("kiln");

    private readonly Caller _smelter = settlement.As("emitter", Smelter, "sue");
    private readonly Caller _kiln = settlement.As("emitter", Kiln);
    private readonly Caller _regulator = settlement.As("regulator", Id("ministry"), "ann");
    private readonly Caller _operator = settlement.As("operator");

    [Fact]
    public async Task A_cleared_day_is_told_objected_to_and_answered()
    {
        await Furnish();
        (await _smelter.Refused(404, HttpMethod.Get, $"daily-statements/{Smelter}/{Day}")).ShouldBe("day-not-cleared");
        (await _smelter.Refused(422, HttpMethod.Put, $"statement-objections/{Id("early")}", Objection())).ShouldBe("day-not-cleared");
        await TheDayIsTraded();

        var statement = await _smelter.Get($"daily-statements/{Smelter}/{Day}");
        Balances(statement, "opening").ShouldBeEmpty();
        Balances(statement, "closing").ShouldBe([("UKA", 40), ("cash", 100_000 - 40 * 45)]);
        statement.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("type").GetString()).ShouldBe(["cash-deposit", "trade-settlement"]);
        statement.GetProperty("lines")[1].GetProperty("priceMinor").GetInt64().ShouldBe(45);
        var undelivered = statement.GetProperty("undelivered").EnumerateArray().ShouldHaveSingleItem();
        (undelivered.GetProperty("code").GetString(), undelivered.GetProperty("failed").GetBoolean()).ShouldBe(("insufficient-units", false));
        statement.GetProperty("objectionsUntil").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2021, 6, 17, 6, 0, 0, TimeSpan.Zero));

        await ItIsATableToo();
        await ItIsPrintedInBothLanguages();
        await OthersDoNotSeeIt();
        await ItsHolderObjectsAndAnOfficialAnswers();
        var before = (await _smelter.Get($"daily-statements/{Smelter}/{Day}")).GetRawText();
        await settlement.Restart();
        (await _smelter.Get($"daily-statements/{Smelter}/{Day}")).GetRawText().ShouldBe(before);
    }

    private async Task Furnish()
    {
        (await _regulator.Batch("accounts/batch", Account(Smelter), Account(Kiln))).ShouldBe(["accepted", "accepted"]);
        await _regulator.Put($"issuances/{Id("issuance")}", new { accountId = AccountOf(Kiln), instrument = "UKA", vintage = 2021, quantity = 50 });
        await settlement.As("regulator", Id("ministry"), "bob").Post($"issuances/{Id("issuance")}/approval", new { });
        (await _operator.Batch("cash-deposits/batch", new { depositId = Id("deposit"), accountId = AccountOf(Smelter), amountMinor = 100_000 })).ShouldBe(["accepted"]);
    }

    private async Task TheDayIsTraded()
    {
        await settlement.Tell(new TradesExecuted
        {
            Market = SettlementService.Market, FromSequence = 1, ToSequence = 2, Trades = [Trade(1, 40), Trade(2, 20)],
        });
        await settlement.Tell(new TradingDayClosed { Market = SettlementService.Market, TradingDay = Day, LastTradeSequence = 2, Closes = [], ClosedAt = settlement.LegalTime });
        await Eventually.Holds("the day is cleared", async () => (await _operator.Get($"clearing?day={Day}")).GetProperty("status").GetString() is "completed");
    }

    private async Task ItIsATableToo()
    {
        var (mediaType, text, link) = await _smelter.Read($"daily-statements/{Smelter}/{Day}?limit=1", "text/csv");
        mediaType.ShouldBe("text/csv");
        Rows(text).ShouldBe(["row", "entry"]);
        var rest = await _smelter.Read(link.ShouldNotBeNull()[1..link.IndexOf('>', StringComparison.Ordinal)] + "&format=csv", "application/json");
        Rows(rest.Text).ShouldBe(["row", "entry", "postponed", "closing", "closing"]);
        rest.Link.ShouldBeNull();
        var kilns = await _kiln.Read($"daily-statements/{Kiln}/{Day}?format=csv", "application/json");
        kilns.Text.ShouldContain(",trade-settlement,");
        kilns.Text.ShouldContain(",UKA,,0,40,45,1800,0,10,1800,");
    }

    private async Task ItIsPrintedInBothLanguages()
    {
        using var pdf = PdfDocument.Open(await _smelter.File($"daily-statements/{Smelter}/{Day}", "application/pdf"));
        var text = string.Concat(pdf.GetPages().Select(page => page.Text));
        text.ShouldContain("结算单");
        text.ShouldContain("期初余额");
        text.ShouldContain("未完成交收");
        text.ShouldContain("-18.00");
        text.ShouldContain("982.00");
        text.ShouldContain(Smelter.ToString());
    }

    private async Task OthersDoNotSeeIt()
    {
        (await _kiln.Refused(403, HttpMethod.Get, $"daily-statements/{Smelter}/{Day}")).ShouldBe("not-yours");
        (await _regulator.Refused(404, HttpMethod.Get, $"daily-statements/{Id("stranger")}/{Day}")).ShouldBe("no-trading-account");
        (await _operator.Get($"daily-statements/{Smelter}/{Day}")).GetProperty("participantId").GetGuid().ShouldBe(Smelter);
        var day = (await _kiln.Get("daily-statements")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        day.GetProperty("tradingDay").GetString().ShouldBe(Day);
    }

    private async Task ItsHolderObjectsAndAnOfficialAnswers()
    {
        var path = $"statement-objections/{Id("objection")}";
        (await _smelter.Put(path, Objection())).GetProperty("by").GetString().ShouldBe("sue");
        (await _smelter.Refused(422, HttpMethod.Put, $"statement-objections/{Id("second")}", Objection())).ShouldBe("objection-already-made");
        (await _kiln.Get("statement-objections")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await _regulator.Get("statement-objections?open=true")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await _regulator.Refused(404, HttpMethod.Post, $"statement-objections/{Id("none")}/decision", new { upheld = false, answer = "No." })).ShouldBe("unknown-objection");
        (await _regulator.Post($"{path}/decision", new { upheld = true, answer = "It is tried again tonight." })).GetProperty("upheld").GetBoolean().ShouldBeTrue();
        (await settlement.As("regulator", Id("ministry"), "bob").Refused(422, HttpMethod.Post, $"{path}/decision", new { upheld = false, answer = "No." })).ShouldBe("already-decided");
        (await _regulator.Get("statement-objections?open=true")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await _smelter.Get($"daily-statements/{Smelter}/{Day}")).GetProperty("objection").GetProperty("answer").GetString().ShouldBe("It is tried again tonight.");
        await settlement.SetClock(new DateTimeOffset(2021, 6, 17, 6, 0, 0, TimeSpan.Zero));
        await Eventually.Holds("it is too late for anybody else", async () =>
            await _kiln.Refused(422, HttpMethod.Put, $"statement-objections/{Guid.CreateVersion7()}", Objection()) == "objection-too-late");
    }

    private static List<string> Rows(string csv) => [.. csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')[0])];

    private static List<(string? Asset, long Balance)> Balances(JsonElement statement, string what) =>
        [.. statement.GetProperty(what).EnumerateArray().Select(held => (held.GetProperty("asset").GetString(), held.GetProperty("balance").GetInt64()))];

    private static object Objection() => new { tradingDay = Day, text = "The second trade is missing." };

    private static object Account(Guid holder) => new { accountId = AccountOf(holder), participantId = holder, type = "trading" };

    private static Guid AccountOf(Guid holder) => DeterministicGuid.From(holder, "trading");

    private static Guid Id(string name) => DeterministicGuid.From($"statement {name}");

    private static TradesExecuted.Trade Trade(long sequence, long quantity) => new()
    {
        Sequence = sequence, TradeId = DeterministicGuid.From(Guid.Empty, "statement trade", sequence), Instrument = "UKA", BuyerParticipantId = Smelter,
        SellerParticipantId = Kiln, Quantity = quantity, PriceMinorPerUnit = 45, Mode = "continuous", TradingDay = Day,
        ExecutedAt = new DateTimeOffset(2021, 6, 16, 9, 0, 0, TimeSpan.Zero),
    };
}
