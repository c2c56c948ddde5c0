using System.Text.Json;
using CarbonMarket.Verification.Exchange;
using static CarbonMarket.Verification.Http.PowerPlant;

namespace CarbonMarket.Verification.Http;

/// <summary>Certificates of instruments and what laboratories say of samples, filed with a month's files.</summary>
public sealed class CertificateTests(VerificationService service)
{
    [Fact]
    public async Task What_was_weighed_without_calibration_is_corrected_and_its_trace_is_served()
    {
        var (plant, emitter) = await Planned();
        var (hash, scale) = (await emitter.Kept("readings"), await emitter.Kept("certificate of the scale"));
        for (var month = 1; month <= 12; month++)
            await emitter.Put($"{Gansu}/evidence/2021/{month}", With(hash, Certificate(scale, calibratedOn: "2021-02-01", validUntil: "2022-01-31"))).Json();

        await service.Appoint(plant, 2021);
        var year = await service.Verifier().Get($"{Gansu}/evidence/{plant}/2021/emissions").Json();
        var corrected = year.GetProperty("corrections").EnumerateArray().ShouldHaveSingleItem();
        (corrected.GetProperty("stream").GetString(), corrected.GetProperty("month").GetInt32(), corrected.GetProperty("input").GetString()).ShouldBe(("S1", 1, "quantity"));
        (corrected.GetProperty("metered").GetDecimal(), corrected.GetProperty("corrected").GetDecimal(), corrected.GetProperty("unit").GetString()).ShouldBe((1000m, 1005m, "t"));
        // 1,005 t x 23.5 GJ/t x 0.02618 tC/GJ x 99 % x 44/12.
        year.GetProperty("parts")[0].GetProperty("tonnes").GetDecimal().ShouldBe(2244.45m);
        year.GetProperty("parts")[1].GetProperty("tonnes").GetDecimal().ShouldBe(2233.28m);
        using (var served = await service.Regulator().Get($"{Gansu}/evidence/{plant}/2021/traces/{corrected.GetProperty("traceSha256").GetString()}"))
            Hash(await served.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(corrected.GetProperty("traceSha256").GetString());

        var found = (await emitter.Get($"{Gansu}/evidence/{plant}/2021/checks").Json()).GetProperty("items").EnumerateArray()
            .Where(one => one.GetProperty("path").GetString() == "meters/M1").ShouldHaveSingleItem();
        (found.GetProperty("code").GetString(), found.GetProperty("values").GetProperty("days").GetString()).ShouldBe(("calibration-expired", "31"));
    }

    [Fact]
    public async Task What_a_filed_version_was_corrected_to_is_worked_out_again_though_a_certificate_is_found_later()
    {
        var (plant, emitter) = await Planned();
        var (hash, scale) = (await emitter.Kept("readings"), await emitter.Kept("certificate of the scale"));
        for (var month = 1; month <= 12; month++)
            await emitter.Put($"{Gansu}/evidence/2021/{month}", With(hash, Certificate(scale, calibratedOn: "2020-01-01", validUntil: "2020-12-31"))).Json();
        var report = $"{Gansu}/reports/{Guid.CreateVersion7()}";
        var filed = await emitter.Put(report, await emitter.Filing(plant, 2021)).Json();
        // Twelve months of 2,244.45 t.
        filed.GetProperty("totalTonnes").GetInt64().ShouldBe(26933);

        await emitter.Put($"{Gansu}/evidence/2021/1", With(hash, Certificate(await emitter.Kept("found"), calibratedOn: "2021-01-01", validUntil: "2021-12-31"))).Json();
        (await emitter.Get($"{Gansu}/evidence/{plant}/2021/emissions").Json()).GetProperty("totalTonnes").GetDecimal().ShouldBe(26799m);
        var trace = filed.GetProperty("basis").GetProperty("traceSha256").GetString();
        await service.Appoint(plant, 2021);
        using var served = await service.Verifier().Get($"{report}/traces/{trace}");
        Hash(await served.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(trace);
    }

    [Fact]
    public async Task All_that_is_wrong_with_what_certificates_say_is_said_at_once()
    {
        var (_, emitter) = await Planned();
        var (hash, other) = (await emitter.Kept("readings"), await emitter.Kept("other"));
        (await emitter.Put($"{Gansu}/evidence/2021/1", With(hash, new
        {
            sha256 = other, name = "c", kind = "invoice", calibration = new { meter = "M9", calibratedOn = "2021-02-01", validUntil = "2021-01-31", errorPercent = 101 },
            test = new { laboratory = " ", mark = "iso", basis = "dry", testedOn = "2021-02-01" },
        })).Faults()).ShouldBe(
            [
                "$.files[1].calibration.meter other-evidence-kind", "$.files[1].calibration.meter unknown-meter", "$.files[1].calibration.validUntil invalid-day",
                "$.files[1].calibration.errorPercent out-of-range", "$.files[1].test.laboratory other-evidence-kind", "$.files[1].test.laboratory invalid-text",
                "$.files[1].test.mark unknown-lab-mark", "$.files[1].test.basis unknown-sample-basis", "$.files[1].test.sampledOn invalid-day",
            ]);
    }

    [Theory]
    [InlineData("xlsx")]
    [InlineData("csv")]
    public async Task Exported_and_imported_again_they_say_the_same(string format)
    {
        var (plant, emitter) = await Planned();
        var (hash, scale, lab) = (await emitter.Kept("readings"), await emitter.Kept("certificate of the scale"), await emitter.Kept("tested"));
        var test = new { laboratory = "=Lanzhou", mark = "cnas", basis = "as-received", sampledOn = "2021-01-10", testedOn = "2021-01-20" };
        var filed = await emitter.Put($"{Gansu}/evidence/2021/1", With(
            hash, Certificate(scale, calibratedOn: "2021-02-01", validUntil: "2022-01-31", -0.123456m), new { sha256 = lab, name = "t", kind = "lab-report", test })).Json();
        filed.GetProperty("files").EnumerateArray().Count(file => file.GetProperty("test").ValueKind == JsonValueKind.Object).ShouldBe(1);

        var exported = await emitter.Download($"{Gansu}/evidence/{plant}/2021/workbook?format={format}");
        (await emitter.Upload(2021, exported, format).Json()).GetProperty("months")[0].GetRawText().ShouldBe(filed.GetRawText(), "also its version");
    }

    [Fact]
    public async Task A_day_may_be_one_of_the_spreadsheets_own()
    {
        var (_, emitter) = await Planned();
        var (hash, scale) = (await emitter.Kept("readings"), await emitter.Kept("certificate of the scale"));
        // Days since the end of 1899, as a spreadsheet keeps 1 February 2021; and none such.
        foreach (var (day, faults) in new[] { ("44228", Array.Empty<string>()), ("1.5", ["Files!G3 not-a-day"]) })
        {
            var answer = emitter.Upload(2021, WorkbookWriter.Write(Sheets(hash, scale, day)), "xlsx");
            if (faults.Length > 0)
                (await answer.Faults()).ShouldBe(faults);
            else
                (await answer.Json()).GetProperty("months")[0].GetProperty("files").EnumerateArray().Single(file => file.GetProperty("kind").GetString() == "calibration")
                    .GetProperty("calibration").GetProperty("calibratedOn").GetString().ShouldBe("2021-02-01");
        }
    }

    private static IReadOnlyList<Sheet> Sheets(string hash, string scale, string day) =>
    [
        new("Files",
        [
            Row(1, "year", "month", "sha256", "name", "kind", "calibration.meter", "calibration.calibratedOn", "calibration.validUntil", "calibration.errorPercent"),
            Row(2, "2021", "1", hash, "a", "meter-reading"),
            new SheetRow(3, [.. Row(3, "2021", "1", scale, "b", "calibration", "M1").Cells, new Cell(day, CellKind.Number), new Cell("2022-01-31"), new Cell("0.1", CellKind.Number)]),
        ]),
        new("Figures",
        [
            Row(1, "year", "month", "stream", "input", "value", "unit", "evidence"),
            Row(2, "2021", "1", "S1", "quantity", "1000", "t", "a"), Row(3, "2021", "1", "S1", "ncv", "23.5", "GJ/t", "a"),
        ]),
    ];

    private static SheetRow Row(int number, params string[] cells) => new(number, [.. cells.Select(cell => new Cell(cell))]);

    private async Task<(Guid Plant, HttpClient Emitter)> Planned()
    {
        var plant = await service.Covered("gansu");
        var emitter = service.As("emitter", plant);
        await emitter.Put($"{Gansu}/plans/2021", Plan()).Json();
        return (plant, emitter);
    }

    private static object Certificate(string hash, string calibratedOn, string validUntil, decimal errorPercent = 0.5m) =>
        new { sha256 = hash, name = "scale.pdf", kind = "calibration", calibration = new { meter = "M1", calibratedOn, validUntil, errorPercent } };

    private static object With(string hash, params object[] files) => new
    {
        files = (object[])[new { sha256 = hash, name = "readings.csv", kind = "meter-reading" }, .. files],
        figures = new[] { Figure("quantity", 1000, "t", hash), Figure("ncv", 23.5m, "GJ/t", hash) },
    };
}
