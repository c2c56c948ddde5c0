using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Surveillance;
using CarbonMarket.Trading.Tests.MarketData;
using CarbonMarket.Trading.Tests.Service;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Surveillance;

/// <summary>From trades over an alert to a case that two officials work, through the doors the service has, and over its restart.</summary>
public sealed class SurveillanceTests(TradingService trading) : IClassFixture<TradingService>, IDisposable
{
    private const string Cases = "surveillance/cases";
    private const int Rounds = 3;
    private readonly Counted _alerts = new(SurveillanceInstruments.Alerts);
    private int _orders;

    private Caller Rosa => trading.As("regulator", Id("regulator"), "rosa");

    private Caller Remy => trading.As("regulator", Id("regulator"), "remy");

    public void Dispose() => _alerts.Dispose();

    [Fact]
    public async Task Trades_that_go_there_and_back_are_a_case_that_two_officials_work()
    {
        await MoneyAndUnitsArrive();
        await TheyTradeThereAndBack();
        var found = await OneCaseIsRaised();
        await ItIsFoundByWhatItIsAbout(found);
        await NobodyElseSeesIt(found);
        await OneOfficialHasItAndAnotherTakesItOver(found);
        await ItIsClosedAndOpenedAgain(found);
        await ARestartRaisesNothingTwice(found);
        await TheWatchGoesOnFromWhereItWasSaved();
        await WhatIsMalformedIsRefused(found);
        await DropCopiesTellNothing();
    }

    private async Task MoneyAndUnitsArrive()
    {
        foreach (var who in (Guid[])[Ann, Bob])
        {
            await trading.Fund(who, null, 10_000_000);
            await trading.Fund(who, "UKA", 1_000);
        }
        foreach (var who in (Guid[])[Ann, Bob])
            await Eventually.Holds("the mirror shows it", async () =>
                (await trading.As("trader", who).Get("account")).ToString() is var account && account.Contains("UKA") && account.Contains("10000000"));
    }

    private async Task TheyTradeThereAndBack()
    {
        for (var round = 0; round < Rounds; round++)
        {
            await Sells(Bob, Ann, 60 - round);
            await Sells(Ann, Bob, 10 + round);
        }
    }

    private async Task<Guid> OneCaseIsRaised()
    {
        var page = await Eventually.Gives("all alerts are there", () => Rosa.Get(Cases), IsWhole);
        var listed = page.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        (Text(listed, "pattern"), Text(listed, "status"), Text(listed, "day"), listed.GetProperty("holder").ValueKind)
            .ShouldBe(("wash-trade", "raised", "2021-06-16", JsonValueKind.Null));
        var found = await Rosa.Get($"{Cases}/{listed.GetProperty("caseId").GetGuid()}");
        found.GetProperty("journalId").GetGuid().ShouldBe(Venues.StreamOf(TradingService.Market));
        found.GetProperty("participantIds").EnumerateArray().Select(id => id.GetGuid()).ShouldBe([Ann, Bob], ignoreOrder: true);
        var alerts = found.GetProperty("alerts").EnumerateArray().ToList();
        alerts.Count.ShouldBe(Rounds);
        (Text(alerts[0], "instrument"), alerts[0].GetProperty("measurements")[0].GetProperty("threshold").GetInt64()).ShouldBe(("UKA", 60));
        await TheProofsAreInTheJournal(alerts);
        _alerts.Of("wash-trade").ShouldBe(Rounds);
        return found.GetProperty("caseId").GetGuid();

        bool IsWhole(JsonElement page) => page.GetProperty("items").EnumerateArray().Any(one => one.GetProperty("alerts").GetInt32() == Rounds);
    }

    private async Task TheProofsAreInTheJournal(List<JsonElement> alerts)
    {
        await using var session = trading.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var journal = await session.Events.FetchStreamAsync(Venues.StreamOf(TradingService.Market));
        foreach (var proof in alerts.SelectMany(alert => alert.GetProperty("proofs").EnumerateArray()))
            journal.Single(fact => fact.Version == proof.GetProperty("version").GetInt64()).Data
                .ShouldBeOfType<CarbonMarket.Trading.Trades.TradeExecuted>().TradeId.ShouldBe(proof.GetProperty("tradeId").GetGuid());
    }

    private async Task ItIsFoundByWhatItIsAbout(Guid found)
    {
        string[] matching =
        [
            "pattern=wash-trade", "status=raised", $"participantId={Ann}", "instrument=UKA", "day=2021-06-16",
            $"pattern=wash-trade&status=raised&participantId={Bob}&instrument=UKA&day=2021-06-16&limit=1",
        ];
        string[] others =
        [
            "pattern=churn", "status=closed", $"participantId={Cem}", "instrument=GOLD", "day=2021-06-17", "holder=rosa", $"after={found}",
        ];
        foreach (var filter in matching)
            (await Rosa.Get($"{Cases}?{filter}")).GetProperty("items").GetArrayLength().ShouldBe(1, filter);
        foreach (var filter in others)
            (await Rosa.Get($"{Cases}?{filter}")).GetProperty("items").GetArrayLength().ShouldBe(0, filter);
        (await Rosa.Get("/trading/markets/gansu/surveillance/cases")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await Rosa.Refused(404, HttpMethod.Get, $"/trading/markets/gansu/surveillance/cases/{found}")).ShouldBe("unknown-case");
        (await Rosa.Refused(400, HttpMethod.Get, $"{Cases}?pattern=WashTrade")).ShouldBe("invalid-input");
        (await Rosa.Refused(400, HttpMethod.Get, $"{Cases}?status=lost")).ShouldBe("invalid-input");
        (await Rosa.Refused(400, HttpMethod.Get, $"{Cases}?limit=501")).ShouldBe("invalid-input");
    }

    private async Task NobodyElseSeesIt(Guid found)
    {
        await trading.As(null).Refused(401, HttpMethod.Get, Cases);
        foreach (var role in (string[])["trader", "emitter", "operator", "auditor", "verifier"])
        {
            await trading.As(role, Ann).Refused(403, HttpMethod.Get, Cases);
            await trading.As(role, Ann).Refused(403, HttpMethod.Get, $"{Cases}/{found}");
            await trading.As(role, Ann).Refused(403, HttpMethod.Put, $"{Cases}/{found}/claims/{Id("c")}", new { reason = "mine" });
        }
    }

    private async Task OneOfficialHasItAndAnotherTakesItOver(Guid found)
    {
        var claim = $"{Cases}/{found}/claims/{Id("claim")}";
        (Text(await Rosa.Put(claim, new { reason = "my turn" }), "holder")).ShouldBe("rosa");
        (await Rosa.Put(claim, new { reason = "my turn" })).GetProperty("acts").GetArrayLength().ShouldBe(1, "A repeat changes nothing.");
        (await Rosa.Refused(409, HttpMethod.Put, claim, new { reason = "another" })).ShouldBe("id-reused");
        (await Rosa.Get($"{Cases}?holder=rosa")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await Remy.Refused(422, HttpMethod.Put, $"{Cases}/{found}/claims/{Id("claim 2")}", new { reason = "mine" })).ShouldBe("case-claimed");
        await Remy.Put($"{Cases}/{found}/comments/{Id("comment")}", new { text = "They share an address." });
        await Remy.Put($"{Cases}/{found}/evidence/{Id("evidence")}", new { text = "Their accounts were funded together.", versions = new[] { 1, 2 } });
        (await Remy.Refused(422, HttpMethod.Put, $"{Cases}/{found}/closures/{Id("close")}", new { conclusion = "warned", reason = "clear" })).ShouldBe("case-claimed");
        var taken = await Remy.Put($"{Cases}/{found}/claims/{Id("claim 3")}", new { reason = "Rosa is on leave.", takeOver = true });
        taken.GetProperty("acts").EnumerateArray().Select(act => Text(act, "kind")).ShouldBe(["claim", "comment", "evidence", "claim"]);
        Text(taken.GetProperty("acts")[3], "takenFrom").ShouldBe("rosa");
    }

    private async Task ItIsClosedAndOpenedAgain(Guid found)
    {
        var closed = await Remy.Put($"{Cases}/{found}/closures/{Id("close")}", new { conclusion = "no-breach", reason = "One hand did not know the other." });
        (Text(closed, "status"), Text(closed, "conclusion")).ShouldBe(("closed", "no-breach"));
        (await Rosa.Get($"{Cases}?status=closed")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await Rosa.Refused(422, HttpMethod.Put, $"{Cases}/{found}/comments/{Id("late")}", new { text = "But" })).ShouldBe("case-closed");
        var again = new { reason = "It did." };
        (await Remy.Refused(422, HttpMethod.Put, $"{Cases}/{found}/reopenings/{Id("again")}", again)).ShouldBe("four-eyes");
        Text(await Rosa.Put($"{Cases}/{found}/reopenings/{Id("again 2")}", again), "status").ShouldBe("raised");
        await Rosa.Put($"{Cases}/{found}/claims/{Id("claim 4")}", new { reason = "mine" });
        Text(await Rosa.Put($"{Cases}/{found}/closures/{Id("close 2")}", new { conclusion = "referred", reason = "For a fine." }), "conclusion").ShouldBe("referred");
    }

    /// <summary>Everything is read again then, and one thing is new; the case was closed without knowing of it.</summary>
    private async Task ARestartRaisesNothingTwice(Guid found)
    {
        var before = await Rosa.Get($"{Cases}/{found}");
        await trading.Restart();
        await Sells(Bob, Ann, 40);
        await Sells(Ann, Bob, 20);
        var after = await Eventually.Gives("the new alert is there", () => Rosa.Get($"{Cases}/{found}"), one => Text(one, "status") == "raised");
        AlertIds(after).ShouldBe([.. AlertIds(before), AlertIds(after)[^1]]);
        after.GetProperty("acts").GetRawText().ShouldBe(before.GetProperty("acts").GetRawText());
        _alerts.Of("wash-trade").ShouldBe(Rounds + 1);
    }

    private async Task TheWatchGoesOnFromWhereItWasSaved()
    {
        trading.SetClock(trading.LegalTime.AddDays(1));
        var venue = trading.Services.GetRequiredService<Venues>()[TradingService.Market];
        await Eventually.Holds("the day's end is saved", async () =>
            (await trading.Services.GetRequiredService<SurveillanceCheckpoints>().Load(venue, default)).LastClosedDay is not null);
        await trading.Restart();
        await Sells(Bob, Ann, 30);
        await Sells(Ann, Bob, 20);
        var page = await Eventually.Gives("there is another case", () => Rosa.Get($"{Cases}?day=2021-06-17"), page => page.GetProperty("items").GetArrayLength() == 1);
        page.GetProperty("items")[0].GetProperty("alerts").GetInt32().ShouldBe(1);
        (await Rosa.Get($"{Cases}?limit=1")).GetProperty("next").GetString().ShouldNotBeNull();
        _alerts.Of("wash-trade").ShouldBe(Rounds + 2);
    }

    private async Task WhatIsMalformedIsRefused(Guid found)
    {
        (await Rosa.Refused(404, HttpMethod.Put, $"{Cases}/{Id("no case")}/claims/{Id("c")}", new { reason = "mine" })).ShouldBe("unknown-case");
        (await Rosa.Refused(400, HttpMethod.Put, $"{Cases}/{found}/claims/{Id("c")}", new { reason = " " })).ShouldBe("invalid-input");
        (await Rosa.Refused(400, HttpMethod.Put, $"{Cases}/{found}/closures/{Id("c")}", new { reason = "so" })).ShouldBe("invalid-input");
        (await Rosa.Refused(400, HttpMethod.Put, $"{Cases}/{found}/evidence/{Id("c")}", new { text = "so", versions = Array.Empty<int>() })).ShouldBe("invalid-input");
        (await Rosa.Refused(400, HttpMethod.Put, $"{Cases}/{found}/evidence/{Id("c")}", new { text = "so", versions = new[] { 1_000_000 } })).ShouldBe("invalid-input");
    }

    private async Task DropCopiesTellNothing()
    {
        await using var stream = await EventStream.Open(trading.Client("trader", Ann), "drop-copy/stream?after=0");
        var told = await stream.Until("copy", copy => copy.ToString().Contains("2021-06-17", StringComparison.Ordinal));
        told.ShouldNotContain(item => item.Data.ToString().Contains("surveillance", StringComparison.Ordinal));
    }

    private async Task Sells(Guid seller, Guid buyer, long quantity)
    {
        foreach (var (who, side) in ((Guid, string)[])[(seller, "sell"), (buyer, "buy")])
        {
            var order = new { orderId = Id($"surveillance order {++_orders}"), instrument = "UKA", side, quantity, priceMinor = 4_500, timeInForce = "day" };
            var result = (await trading.As("trader", who).Post("orders/batch", new { items = new[] { order } })).GetProperty("results")[0];
            Text(result, "outcome").ShouldBe("accepted");
        }
    }

    private static string? Text(JsonElement of, string property) => of.GetProperty(property).GetString();

    private static List<Guid> AlertIds(JsonElement of) =>
        [.. of.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("alertId").GetGuid())];

    /// <summary>What the service measures, over its restarts.</summary>
    private sealed class Counted : IDisposable
    {
        private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
        private readonly MeterListener _listener = new();

        public Counted(string instrument)
        {
            _listener.InstrumentPublished = (published, listener) =>
            {
                if (published.Name == instrument)
                    listener.EnableMeasurementEvents(published);
            };
            _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            {
                foreach (var tag in tags)
                    if (tag.Key == "pattern")
                        _counts.AddOrUpdate((string)tag.Value!, count, (_, before) => before + count);
            });
            _listener.Start();
        }

        public long Of(string pattern) => _counts.GetValueOrDefault(pattern);

        public void Dispose() => _listener.Dispose();
    }
}
