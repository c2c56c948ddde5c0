using System.Net;
using System.Text;
using CarbonMarket.Verification.Evidence;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static CarbonMarket.Verification.Http.PowerPlant;

namespace CarbonMarket.Verification.Http;

public sealed class EvidenceTests(VerificationService service)
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_served_as_it_was_kept_with_its_hash()
    {
        var (plant, content) = (Guid.CreateVersion7(), "hour,tonnes\n1,41.7\n"u8.ToArray());
        var emitter = service.As("emitter", plant);
        for (var time = 0; time < 2; time++)
            (await emitter.Keep(Hash(content), content).Json()).GetProperty("bytes").GetInt32().ShouldBe(content.Length);

        await service.Appoint(plant, 2022);
        foreach (var reader in new[] { emitter, service.Verifier(), service.Regulator() })
        {
            using var served = await reader.Get($"{Gansu}/evidence/{plant}/files/{Hash(content)}");
            served.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await served.Content.ReadAsByteArrayAsync(Stopping)).ShouldBe(content);
            served.Headers.ETag!.Tag.ShouldBe($"\"{Hash(content)}\"");
            served.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
            served.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        }

        (await service.As("emitter", Guid.CreateVersion7()).Get($"{Gansu}/evidence/{plant}/files/{Hash(content)}").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-file");
        (await service.Verifier().Get($"/verification/markets/uk-ets/evidence/{plant}/files/{Hash(content)}").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-file");
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_file_is_said_at_once_and_nothing_is_kept()
    {
        var plant = Guid.CreateVersion7();
        var emitter = service.As("emitter", plant);
        (await emitter.Keep(new string('0', 64), "1"u8.ToArray()).Faults()).ShouldBe(["sha256 hash-mismatch"]);
        (await emitter.Keep(Hash("1"u8.ToArray()), "1"u8.ToArray(), "text/html").Status()).ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await emitter.Keep(Hash([]), []).Faults()).ShouldBe(["body file-size"]);
        var large = new byte[EvidenceFiles.LargestFile + 1];
        (await emitter.Keep(Hash(large), large).Faults()).ShouldBe(["body file-size"]);
        (await service.Regulator().Get($"{Gansu}/evidence/{plant}/files/{Hash(large)}").Status()).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_file_of_which_nobody_says_what_it_is_is_kept_as_bytes()
    {
        var emitter = service.As("emitter", Guid.CreateVersion7());
        using var unnamed = new ByteArrayContent("1"u8.ToArray());
        (await emitter.PutAsync(new Uri($"{Gansu}/evidence/files/{Hash("1"u8.ToArray())}", UriKind.Relative), unnamed, Stopping).Json())
            .GetProperty("mediaType").GetString().ShouldBe("application/octet-stream");
    }

    [Fact]
    public async Task Who_has_kept_as_much_as_one_may_keeps_no_more()
    {
        var plant = Guid.CreateVersion7();
        var emitter = service.As("emitter", plant);
        var first = await emitter.Kept("first");
        await using (var filling = service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            $"insert into evidence.files select 'gansu', '{plant}', 'filler-' || n, 'text/plain', 1, now(), '\\x00' from generate_series(2, {EvidenceFiles.MostFiles}) n"))
            await filling.ExecuteNonQueryAsync(Stopping);
        var more = Encoding.UTF8.GetBytes("one too many");
        (await emitter.Keep(Hash(more), more).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("evidence-full");
        (await emitter.Keep(first, "first"u8.ToArray()).Status()).ShouldBe(HttpStatusCode.OK, "what is kept is kept");
    }

    [Fact]
    public async Task A_month_is_filed_against_the_plan_and_mended()
    {
        var plant = await service.Covered("gansu");
        var emitter = service.As("emitter", plant);
        var hash = await emitter.Kept("readings of January");
        (await emitter.Put($"{Gansu}/evidence/2022/1", Month(hash)).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("quality-plan-missing");
        await emitter.Put($"{Gansu}/plans/2022", Plan()).Json();
        var filed = await emitter.Put($"{Gansu}/evidence/2022/1", Month(hash)).Json();
        (filed.GetProperty("monthVersion").GetInt64(), filed.GetProperty("planVersion").GetInt64()).ShouldBe((1, 1));
        filed.GetProperty("files")[0].GetProperty("kind").GetString().ShouldBe("meter-reading");
        (await emitter.Put($"{Gansu}/evidence/2022/1", Month(hash)).Json()).GetProperty("monthVersion").GetInt64().ShouldBe(1);
        (await emitter.Put($"{Gansu}/evidence/2022/1", Month(hash, 1001)).Json()).GetProperty("monthVersion").GetInt64().ShouldBe(2);
        (await emitter.Put($"{Gansu}/evidence/2022/4", Month(hash)).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("month-not-over");

        await service.Appoint(plant, 2022);
        var seen = (await service.Verifier().Get($"{Gansu}/evidence?participantId={plant}").Json()).GetProperty("items");
        seen.GetArrayLength().ShouldBe(1);
        seen[0].GetProperty("figures")[1].GetProperty("value").GetDecimal().ShouldBe(1001);
        seen[0].GetProperty("figures")[1].GetProperty("evidence").GetString().ShouldBe(hash);
        (await service.As("emitter", Guid.CreateVersion7()).Get($"{Gansu}/evidence?participantId={plant}").Json()).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task What_the_evidence_comes_to_is_computed_with_its_traces_and_what_is_missing_is_named()
    {
        var plant = await service.Covered("gansu");
        var emitter = service.As("emitter", plant);
        (await emitter.Get($"{Gansu}/evidence/{plant}/2022/emissions").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-quality-plan");
        foreach (var year in new[] { 2021, 2022 })
            await emitter.Put($"{Gansu}/plans/{year}", Plan()).Json();
        var hash = await emitter.Kept("readings of a year");
        for (var month = 1; month <= 12; month++)
            await emitter.Put($"{Gansu}/evidence/2021/{month}", Month(hash)).Json();
        await emitter.Put($"{Gansu}/evidence/2022/1", Month(hash)).Json();

        await service.Appoint(plant, 2021);
        var whole = await service.Verifier().Get($"{Gansu}/evidence/{plant}/2021/emissions").Json();
        // 1,000 t x 23.5 GJ/t x 0.02618 tC/GJ x 99 % x 44/12 = 2,233.28 t in a month.
        whole.GetProperty("parts")[0].GetProperty("tonnes").GetDecimal().ShouldBe(2233.28m);
        whole.GetProperty("totalTonnes").GetDecimal().ShouldBe(26799m);
        var part = whole.GetProperty("parts")[0].GetProperty("traceSha256").GetString()!;
        foreach (var sha256 in new[] { part, whole.GetProperty("traceSha256").GetString()! })
        {
            using var served = await service.Regulator().Get($"{Gansu}/evidence/{plant}/2021/traces/{sha256}");
            Hash(await served.Content.ReadAsByteArrayAsync(Stopping)).ShouldBe(sha256);
        }

        await Files(emitter, plant, whole);

        var begun = await emitter.Get($"{Gansu}/evidence/{plant}/2022/emissions").Json();
        begun.GetProperty("missing").GetArrayLength().ShouldBe(22, "two figures of eleven months");
        begun.GetProperty("parts").GetArrayLength().ShouldBe(1);
        begun.GetProperty("totalTonnes").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await service.As("emitter", Guid.CreateVersion7()).Get($"{Gansu}/evidence/{plant}/2021/emissions").Status()).ShouldBe(HttpStatusCode.NotFound);
        (await service.As("emitter", Guid.CreateVersion7()).Get($"{Gansu}/evidence/{plant}/2021/traces/{part}").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-trace");
    }

    private async Task Files(HttpClient emitter, Guid plant, System.Text.Json.JsonElement whole)
    {
        var report = $"{Gansu}/reports/{Guid.CreateVersion7()}";
        (await emitter.Put(report, new { year = 2021, fromEvidence = true, sources = new[] { new { name = "S1", tonnes = 1 } } }).Faults())
            .ShouldBe(["$.sources sources-given"]);
        var filed = await emitter.Put(report, await emitter.Filing(plant, 2021)).Json();
        filed.GetProperty("sources")[0].GetProperty("name").GetString().ShouldBe("S1");
        (filed.GetProperty("totalTonnes").GetInt64(), filed.GetProperty("reportVersion").GetInt64()).ShouldBe((26799, 1));
        var trace = whole.GetProperty("traceSha256").GetString()!;
        filed.GetProperty("basis").GetProperty("traceSha256").GetString().ShouldBe(trace);

        // New readings are another version; the figures of the one before stay as they were until it is filed.
        var mended = await emitter.Kept("mended readings");
        await emitter.Put($"{Gansu}/evidence/2021/12", Month(mended)).Json();
        using (var served = await service.Verifier().Get($"{report}/traces/{trace}"))
            Hash(await served.Content.ReadAsByteArrayAsync(Stopping)).ShouldBe(trace);
        var next = await emitter.Put(report, await emitter.Filing(plant, 2021)).Json();
        (next.GetProperty("totalTonnes").GetInt64(), next.GetProperty("reportVersion").GetInt64()).ShouldBe((26799, 2), "the same tonnes shown by another file");
        (await service.Verifier().Get($"{report}/traces/{trace}").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-trace");
        var differences = await service.Verifier().Get($"{report}/differences?from=1&to=2").Json();
        differences.GetProperty("figuresDiffering").GetInt32().ShouldBe(2, "quantity and calorific value of December are shown by another file");
        var figure = differences.GetProperty("figures")[1];
        (figure.GetProperty("month").GetInt32(), figure.GetProperty("input").GetString(), figure.GetProperty("outcome").GetString()).ShouldBe((12, "quantity", "changed"));
        (figure.GetProperty("from").GetProperty("value").GetDecimal(), figure.GetProperty("to").GetProperty("evidence").GetString()).ShouldBe((1000m, mended));
        (await emitter.Put(report, new { year = 2021, fromEvidence = true }).Json()).GetProperty("reportVersion").GetInt64().ShouldBe(2);
    }

    /// <summary>Nobody else in these tests burns gangue.</summary>
    [Fact]
    public async Task A_stream_that_is_unlike_the_same_fuel_elsewhere_is_asked_about_once_there_are_five_others()
    {
        var peers = new List<(HttpClient Emitter, Guid Plant, string Report)>();
        for (var peer = 0; peer < 5; peer++)
        {
            // The first has two boilers and counts once all the same: otherwise five boilers of one other would show their owner's middle.
            var (emitter, plant) = await Burned(ncv: 8.3m, peer == 0 ? ["S1", "S2"] : ["S1"]);
            (await Outliers(emitter, plant)).ShouldBeEmpty("too few to be held against");
            peers.Add((emitter, plant, $"{Gansu}/reports/{Guid.CreateVersion7()}"));
            await emitter.Put(peers[^1].Report, await emitter.Filing(plant, 2021)).Json();
        }
        var (rich, unlike) = await Burned(ncv: 12.5m, "S1");

        var found = (await Outliers(rich, unlike)).ShouldHaveSingleItem();
        (found.GetProperty("path").GetString(), found.GetProperty("values").GetProperty("peers").GetString()).ShouldBe(("streams/S1", "5"));
        (await Outliers(peers[0].Emitter, peers[0].Plant)).ShouldBeEmpty("It is one of four others only.");

        await peers[0].Emitter.Put($"{Gansu}/evidence/2021/12", MonthOf(await peers[0].Emitter.Kept("read again"), 1_010, 8.3m, "S1", "S2")).Json();
        await peers[0].Emitter.Put(peers[0].Report, await peers[0].Emitter.Filing(peers[0].Plant, 2021)).Json();
        (await Outliers(rich, unlike)).ShouldHaveSingleItem().GetProperty("values").GetProperty("peers").GetString().ShouldBe("5", "The next version of a report is no other peer.");

        async Task<(HttpClient Emitter, Guid Plant)> Burned(decimal ncv, params string[] boilers)
        {
            var plant = await service.Covered("gansu");
            var emitter = service.As("emitter", plant);
            await emitter.Put($"{Gansu}/plans/2021", PlanOf("gangue", boilers)).Json();
            var hash = await emitter.Kept("readings");
            for (var month = 1; month <= 12; month++)
                await emitter.Put($"{Gansu}/evidence/2021/{month}", MonthOf(hash, 1_000 + month, ncv, boilers)).Json();
            return (emitter, plant);
        }

        async Task<List<System.Text.Json.JsonElement>> Outliers(HttpClient emitter, Guid plant) =>
            [.. (await emitter.Get($"{Gansu}/evidence/{plant}/2021/checks").Json()).GetProperty("items").EnumerateArray()
                .Where(one => one.GetProperty("code").GetString() == "peer-outlier")];
    }

    [Fact]
    public async Task What_the_checks_find_is_said_before_filing_and_answered_with_it()
    {
        var plant = await service.Covered("gansu");
        var emitter = service.As("emitter", plant);
        (await emitter.Get($"{Gansu}/evidence/{plant}/2021/checks").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-quality-plan");
        await emitter.Put($"{Gansu}/plans/2021", Plan()).Json();
        var hash = await emitter.Kept("readings of a year, each month the same");
        for (var month = 1; month <= 12; month++)
            await emitter.Put($"{Gansu}/evidence/2021/{month}", Month(hash)).Json();

        var found = (await emitter.Get($"{Gansu}/evidence/{plant}/2021/checks").Json()).GetProperty("items").EnumerateArray()
            .ToDictionary(one => (one.GetProperty("code").GetString()!, one.GetProperty("path").GetString()!));
        var constant = found[("constant-months", "months/1-12/S1/quantity")];
        (constant.GetProperty("severity").GetString(), constant.GetProperty("values").GetProperty("value").GetString()).ShouldBe(("warning", "1000"));
        (await service.As("emitter", Guid.CreateVersion7()).Get($"{Gansu}/evidence/{plant}/2021/checks").Status()).ShouldBe(HttpStatusCode.NotFound);

        var report = $"{Gansu}/reports/{Guid.CreateVersion7()}";
        var refused = await emitter.Put(report, new { year = 2021, fromEvidence = true }).Json(HttpStatusCode.UnprocessableEntity);
        refused.GetProperty("code").GetString().ShouldBe("warnings-unanswered");
        refused.GetProperty("checks").GetArrayLength().ShouldBe(found.Count, "all of them at once");
        (await emitter.Get(report).Status()).ShouldBe(HttpStatusCode.NotFound);
        (await emitter.Put(report, new { year = 2021, fromEvidence = true, answers = new object[] { new { code = "constant-months", path = " " } } }).Faults())
            .ShouldBe(["$.answers[0].path invalid-text", "$.answers[0].text invalid-text"]);
        (await emitter.Put(report, new { year = 2021, sources = new[] { new { name = "S1", tonnes = 1 } }, answers = Array.Empty<object>() }).Faults())
            .ShouldBe(["$.answers answers-without-checks"]);

        var filed = await emitter.Put(report, await emitter.Filing(plant, 2021)).Json();
        await service.Appoint(plant, 2021);
        filed.GetProperty("basis").GetProperty("checks").EnumerateArray().ShouldAllBe(check => check.GetProperty("answer").GetString() == "So it was.");
        (await service.Verifier().Get(report).Json()).GetProperty("basis").GetProperty("checks").GetArrayLength().ShouldBe(found.Count, "the verifier reads them");
        (await service.Verifier().Get($"{Gansu}/checks").Json()).GetProperty("items").GetArrayLength().ShouldBe(CarbonMarket.Verification.Checks.Catalogue.Checks.Length);
    }

    [Fact]
    public async Task A_year_that_is_not_whole_is_not_filed()
    {
        var emitter = service.As("emitter", await service.Covered("gansu"));
        var report = $"{Gansu}/reports/{Guid.CreateVersion7()}";
        (await emitter.Put(report, new { year = 2021, fromEvidence = true }).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("quality-plan-missing");
        await emitter.Put($"{Gansu}/plans/2021", Plan()).Json();
        (await emitter.Put(report, new { year = 2021, fromEvidence = true }).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("evidence-incomplete");
        (await emitter.Get(report).Status()).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_month_is_said_at_once_and_nothing_is_filed()
    {
        var plant = await service.Covered("gansu");
        var emitter = service.As("emitter", plant);
        await emitter.Put($"{Gansu}/plans/2022", Plan(oxidation: "measured")).Json();
        var hash = await emitter.Kept("readings of a bad month");
        var unkept = new string('0', 64);
        (await emitter.Put($"{Gansu}/evidence/2022/1", new
        {
            files = new object?[]
            {
                new { sha256 = hash, name = "a", kind = "meter-reading" }, new { sha256 = hash, name = "=cmd()\u0007", kind = "photo" }, new { sha256 = unkept, name = "c", kind = "other" }, null,
            },
            figures = new object?[]
            {
                Figure("quantity", -1, "t", hash), Figure("ncv", 23, "t", hash), Figure("quantity", 1, "t", hash), Figure("carbonPerEnergy", 1, "tC/GJ", hash),
                Figure("ncv", 23, "bushel", "nothing"),
            },
        }).Faults()).ShouldBe(
            [
                "$.files[1].sha256 repeated-item", "$.files[1].name invalid-text", "$.files[1].kind unknown-evidence-kind", "$.files[2].sha256 unknown-file", "$.files[3] required",
                "$.figures[0].value out-of-range", "$.figures[1].unit wrong-dimension", "$.figures[2] repeated-item", "$.figures[3] not-planned",
                "$.figures[4].evidence unknown-file", "$.figures[4] repeated-item", "$.figures[4].unit wrong-dimension", "$.figures figure-missing",
            ]);
        const string beyond = "10^4t*10^4t*10^4t*10^4t*10^4t*10^4t*10^4t/t/t/t/t/t/t";
        (await emitter.Put($"{Gansu}/evidence/2022/1", new
        {
            files = new[] { new { sha256 = hash, name = "a", kind = "meter-reading" } },
            figures = new[] { Figure("quantity", 10, beyond, hash), Figure("ncv", 1_000_000_000_000, "TJ/kg", hash), Figure("oxidationRate", 99, "%", hash) },
            stocks = new[] { Stock("quantity", 10, 1_000_000_000_000, 0, "10^4t*10^4t/t", hash), Stock("ncv", 0, 0, 0, beyond, hash) },
            crossReadings = new[]
            {
                Reading("S1", "quantity", "statistics", 10, beyond, hash), Reading("S1", "quantity", "invoice", 1_000_000_000_000, "10^4t*10^4t*t/t/kg", hash),
                Reading("S1", "ncv", "invoice", 1_000_000_000_000, "10^4t*10^4t/t", hash),
            },
        }).Faults()).ShouldBe(
            [
                "$.figures[0].unit wrong-dimension", "$.figures[1].value out-of-range", "$.stocks[0].purchased out-of-range", "$.stocks[1].unit wrong-dimension",
                "$.crossReadings[0].unit wrong-dimension", "$.crossReadings[1].unit wrong-dimension", "$.crossReadings[2].unit wrong-dimension",
            ]);
        (await emitter.Put($"{Gansu}/evidence/2018/13", new { files = Array.Empty<object>(), figures = Array.Empty<object>() }).Faults()).ShouldBe(
            ["year invalid-year", "month invalid-month"]);
        (await emitter.Get($"{Gansu}/evidence").Json()).GetProperty("items").GetArrayLength().ShouldBe(0);
    }
}
