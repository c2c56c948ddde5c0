using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Verification.Http;
using static CarbonMarket.Verification.Http.PowerPlant;

namespace CarbonMarket.Verification.Exchange;

/// <summary>A year's evidence by spreadsheet, against the service as it runs.</summary>
public sealed class SpreadsheetTests(VerificationService service)
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_template_asks_for_every_month_and_input_of_the_plan_and_filled_in_it_is_filed()
    {
        var (plant, emitter) = await Planned(2021);
        var hash = await emitter.Kept("readings of 2021");
        foreach (var format in new[] { "xlsx", "csv" })
        {
            var template = await emitter.Download($"{Gansu}/evidence/2021/template?format={format}");
            var sheets = ReadingBack(template, format);
            sheets.Sum(sheet => sheet.Rows.Count(row => row.Cells.Any(cell => cell.Text == "ncv"))).ShouldBe(12);
            (await emitter.Upload(2021, template, format).Faults()).ShouldBe(["body nothing-filled-in"]);
        }

        var csv = Encoding.UTF8.GetString(await emitter.Download($"{Gansu}/evidence/2021/template?format=csv"));
        var filled = csv.Replace("S1,quantity,,t,", $"S1,quantity,1000.25,t,readings.csv", StringComparison.Ordinal)
            .Replace("S1,ncv,,GJ/t,", "S1,ncv,23.5,GJ/t,readings.csv", StringComparison.Ordinal)
            + string.Concat(Enumerable.Range(1, 12).Select(month => $"file,2021,{month},{hash},readings.csv,meter-reading,,,,,,,,,\r\n"));
        var answer = await emitter.Upload(2021, Encoding.UTF8.GetBytes(filled), "csv").Json();
        answer.GetProperty("months").GetArrayLength().ShouldBe(12);
        answer.GetProperty("months")[11].GetProperty("figures")[1].GetProperty("value").GetDecimal().ShouldBe(1000.25m);
        answer.GetProperty("months")[11].GetProperty("figures")[1].GetProperty("evidence").GetString().ShouldBe(hash);
        (await emitter.Get($"{Gansu}/evidence/{plant}/2021/emissions").Json()).GetProperty("totalTonnes").ValueKind.ShouldBe(JsonValueKind.Number);
    }

    [Theory]
    [InlineData("xlsx")]
    [InlineData("csv")]
    public async Task What_is_exported_and_imported_again_changes_nothing(string format)
    {
        var (plant, emitter) = await Planned(2021);
        var hash = await emitter.Kept("=HYPERLINK");
        for (var month = 1; month <= 12; month++)
        {
            await emitter.Put($"{Gansu}/evidence/2021/{month}", new
            {
                files = new[] { new { sha256 = hash, name = month % 2 == 0 ? "=HYPERLINK(\"x\",\"y\")" : "'一月, \"scale\" _x0041_.csv \uFFFE", kind = "meter-reading" } },
                figures = new[] { Figure("quantity", 1000.0000000001m + month, "t", hash), Figure("ncv", 23.5m, "GJ/t", hash) },
            }).Json();
        }

        var before = await Months(emitter);
        await service.Appoint(plant, 2021);
        var exported = await service.Verifier().Download($"{Gansu}/evidence/{plant}/2021/workbook?format={format}");
        ReadingBack(exported, format).SelectMany(sheet => sheet.Rows).SelectMany(row => row.Cells).ShouldNotContain(cell => cell.Kind == CellKind.Formula || cell.Text.StartsWith('='));
        var answer = await emitter.Upload(2021, exported, format).Json();
        (await Months(emitter)).ShouldBe(before);
        answer.GetProperty("months").EnumerateArray().Select(month => month.GetProperty("monthVersion").GetInt64()).ShouldAllBe(version => version == 1);
        (await emitter.Upload(2021, exported, format).Json()).GetRawText().ShouldBe(answer.GetRawText());

        // The same file gives another plant with the same plan the same content.
        var (_, other) = await Planned(2021);
        await other.Kept("=HYPERLINK");
        await other.Upload(2021, exported, format).Json();
        Contents(await Months(other)).ShouldBe(Contents(before));
        (await service.As("emitter", Guid.CreateVersion7()).Get($"{Gansu}/evidence/{plant}/2021/workbook").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-quality-plan");
    }

    [Theory]
    [InlineData("xlsx")]
    [InlineData("csv")]
    public async Task Generating_units_are_exported_and_imported_and_checked(string format)
    {
        var plant = await service.Covered("gansu");
        var emitter = service.As("emitter", plant);
        (await emitter.Put($"{Gansu}/plans/2021", WithUnits((object[])[new { code = "U1", capacityMw = 0, kind = "nuclear" }, new { code = "U1", capacityMw = 1, kind = "gas" }])).Faults())
            .ShouldBe(["$.units[0].capacityMw out-of-range", "$.units[0].kind unknown-unit-kind", "$.units[1].code repeated-item"]);
        var planned = await emitter.Put($"{Gansu}/plans/2021", WithUnits([new { code = "U1", capacityMw = 10.5m, kind = "cogeneration" }])).Json();
        planned.GetRawText().ShouldContain("\"capacityMw\":10.5");
        var hash = await emitter.Kept("readings");
        var filed = await emitter.Put($"{Gansu}/evidence/2021/2", Generated(hash, "U1", 3000, 3000, 672, 40)).Json();
        var exported = await emitter.Download($"{Gansu}/evidence/{plant}/2021/workbook?format={format}");
        (await emitter.Upload(2021, exported, format).Json()).GetProperty("months")[0].GetRawText().ShouldBe(filed.GetRawText());
        filed.GetProperty("units").EnumerateArray().ShouldHaveSingleItem().GetProperty("generationMwh").GetDecimal().ShouldBe(2800);
        (await emitter.Get($"{Gansu}/evidence/{plant}/2021/checks").Json()).GetProperty("items").EnumerateArray()
            .Select(one => one.GetProperty("code").GetString() + " " + one.GetProperty("path").GetString()).ShouldContain("heat-supplied-above-boiler months/2/units/U1/heatSuppliedGj");
        (await emitter.Put($"{Gansu}/evidence/2021/3", Generated(hash, "U2", -1, 3000, 745, 101)).Faults()).ShouldBe(
            [
                "$.units[0].generatingUnit not-planned", "$.units[0].heatSuppliedGj out-of-range", "$.units[0].runningHours out-of-range",
                "$.units[0].loadFactorPercent out-of-range",
            ],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("xlsx")]
    [InlineData("csv")]
    public async Task Stock_books_are_exported_and_imported_and_checked(string format)
    {
        var (plant, emitter) = await Planned(2021);
        var hash = await emitter.Kept("readings");
        await emitter.Put($"{Gansu}/evidence/2021/1", Stocked(hash, Stock("quantity", 500, 1_000, 500, "t", hash))).Json();
        var filed = await emitter.Put($"{Gansu}/evidence/2021/2", Stocked(hash, Stock("quantity", 490_000, 950_000.5m, 500_000, "kg", hash))).Json();
        var exported = await emitter.Download($"{Gansu}/evidence/{plant}/2021/workbook?format={format}");
        (await emitter.Upload(2021, exported, format).Json()).GetProperty("months")[1].GetRawText().ShouldBe(filed.GetRawText());
        filed.GetProperty("stocks").EnumerateArray().ShouldHaveSingleItem().GetProperty("purchased").GetDecimal().ShouldBe(950_000.5m);
        var found = (await emitter.Get($"{Gansu}/evidence/{plant}/2021/checks").Json()).GetProperty("items").EnumerateArray()
            .Where(one => one.GetProperty("code").GetString()!.StartsWith("stock", StringComparison.Ordinal)).ToList();
        found.Select(one => one.GetProperty("path").GetString()).ShouldBe(["months/2/S1/quantity", "months/2/stocks/S1/quantity"]);
        found[0].GetProperty("values").GetProperty("byStock").GetString().ShouldBe("940.0005");
        (await emitter.Put($"{Gansu}/evidence/2021/3", Stocked(
                hash, Stock("quantity", -1, 1, 1, "GJ", "none"), Stock("quantity", 1, 1, 1, "t", hash), Stock("carbonPerEnergy", 1, 1, 1, "t", hash))).Faults())
            .ShouldBe(
                [
                    "$.stocks[0].unit wrong-dimension", "$.stocks[0].opening out-of-range", "$.stocks[0].evidence unknown-file", "$.stocks[1] repeated-item",
                    "$.stocks[2] not-planned",
                ],
                ignoreOrder: true);
    }

    [Theory]
    [InlineData("xlsx")]
    [InlineData("csv")]
    public async Task Other_sources_and_what_a_laboratory_measured_are_exported_and_imported_and_checked(string format)
    {
        var (plant, emitter) = await Planned(2021);
        await emitter.Put($"{Gansu}/plans/2021", WithUnits([new { code = "U1", capacityMw = 10, kind = "condensing", approvedCapacityMw = 9.5m }], "a unit")).Json();
        var hash = await emitter.Kept("readings");
        var filed = await emitter.Put($"{Gansu}/evidence/2021/1", Told(
            hash, AirDried(totalMoisture: 12.5m, grossCalorific: 27.123456m), Reading("S1", "quantity", "invoice", 1_050_000, "kg", hash),
            Reading("U1", "generationMwh", "control-system", 2_900, "MWh", hash), Reading("U1", "generationMwh", "statistics", 2_800, "MWh", hash))).Json();
        var exported = await emitter.Download($"{Gansu}/evidence/{plant}/2021/workbook?format={format}");
        (await emitter.Upload(2021, exported, format).Json()).GetProperty("months")[0].GetRawText().ShouldBe(filed.GetRawText());
        filed.GetProperty("crossReadings").GetArrayLength().ShouldBe(3);
        filed.GetProperty("files")[0].GetProperty("test").GetProperty("airDriedGrossCalorificGjPerT").GetDecimal().ShouldBe(27.123456m);

        var found = (await emitter.Get($"{Gansu}/evidence/{plant}/2021/checks").Json()).GetProperty("items").EnumerateArray()
            .ToDictionary(one => $"{one.GetProperty("code").GetString()} {one.GetProperty("path").GetString()}", one => one.GetProperty("values"));
        found["cross-source-differs months/1/crossReadings/S1/quantity/invoice"].GetProperty("bySource").GetString().ShouldBe("1050.000");
        found["cross-source-differs months/1/crossReadings/U1/generationMwh/control-system"].GetProperty("filed").GetString().ShouldBe("2800");
        found.Keys.Count(key => key.StartsWith("cross-source-differs", StringComparison.Ordinal)).ShouldBe(2);
        found["capacity-differs units/U1/approvedCapacityMw"].GetProperty("approvedCapacityMw").GetString().ShouldBe("9.5");
        // (27.123456 - 20.6 x 4 %) x 87.5 % / 98 % - 2.3 x 12.5 %
        found["conversion-differs months/1/S1/ncv"].GetProperty("converted").GetString().ShouldBe("23.194");

        (await emitter.Put($"{Gansu}/evidence/2021/3", Told(
                hash, AirDried(totalMoisture: 100, grossCalorific: -1), Reading("S1", "quantity", "rumour", -1, "GJ", "none"), Reading("S1", "quantity", "rumour", 1, "t", hash),
                Reading("U1", "runningHours", "statistics", 1, "MWh", hash))).Faults())
            .ShouldBe(
                [
                    "$.files[0].test.totalMoisturePercent out-of-range", "$.files[0].test.airDriedGrossCalorificGjPerT out-of-range", "$.crossReadings[0].unit wrong-dimension",
                    "$.crossReadings[0].source unknown-cross-source", "$.crossReadings[0].value out-of-range", "$.crossReadings[0].evidence unknown-file",
                    "$.crossReadings[1] repeated-item", "$.crossReadings[1].source unknown-cross-source", "$.crossReadings[2] not-planned",
                ],
                ignoreOrder: true);
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once_by_its_cell_and_no_month_is_filed()
    {
        var (_, emitter) = await Planned(2022);
        var hash = await emitter.Kept("readings");
        var workbook = WorkbookWriter.Write(
        [
            Table("Files", "year month sha256 name kind", $"2022|1|{hash}|a.csv|meter-reading", $"2022|2|{hash}|=b.csv|photo", $"2022|4|{hash}|c|other"),
            Table(
                "Figures", "year month stream input value unit evidence",
                "2022|1|S1|quantity|1000|t|a.csv", "2022|1|S1|ncv|1,000|t|b.csv", "2022|2|S1|quantity|-1|t|" + hash, "2021|2|S1|ncv|1|GJ/t|" + hash, "2022|13|S1|ncv|1|GJ/t|x",
                "2022|3|S1|ncv|||", "2022|4|S1|quantity|1|t|c", "2022|4|S1|ncv|1|GJ/t|c"),
        ]);
        (await emitter.Upload(2022, workbook, "xlsx").Faults()).ShouldBe(
            [
                "Files!D3 formula-in-cell", "Figures!E3 not-a-number", "Figures!A5 wrong-year", "Figures!B6 invalid-month", "Figures!G3 unknown-file", "Figures!F3 wrong-dimension",
                "Files!E3 unknown-evidence-kind", "Figures!E4 out-of-range", "Figures!A1 figure-missing",
            ],
            ignoreOrder: true);
        (await emitter.Get($"{Gansu}/evidence").Json()).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_month_that_is_not_over_keeps_the_others_back()
    {
        var (_, emitter) = await Planned(2022);
        var hash = await emitter.Kept("readings");
        string[] rows = [.. new[] { 1, 4 }.SelectMany(month => new[]
        {
            $"file,2022,{month},{hash},a,other,,,,,", $"figure,2022,{month},,,,S1,quantity,1,t,a", $"figure,2022,{month},,,,S1,ncv,1,GJ/t,a",
        })];
        var csv = "row,year,month,sha256,name,kind,stream,input,value,unit,evidence\n" + string.Join('\n', rows);
        (await emitter.Upload(2022, Encoding.UTF8.GetBytes(csv), "csv").Faults()).ShouldBe(["Csv!C5 month-not-over"]);
        (await emitter.Get($"{Gansu}/evidence").Json()).GetProperty("items").GetArrayLength().ShouldBe(0);
        csv = csv.Replace("2022,4", "2022,3", StringComparison.Ordinal);
        (await emitter.Upload(2022, [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(csv)], "csv").Json()).GetProperty("months").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Without_a_plan_there_is_neither_template_nor_import()
    {
        var emitter = service.As("emitter", await service.Covered("gansu"));
        (await emitter.Get($"{Gansu}/evidence/2022/template").Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("quality-plan-missing");
        (await emitter.Upload(2022, "row"u8.ToArray(), "csv").Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("quality-plan-missing");
        (await emitter.Get($"{Gansu}/evidence/2022/template?format=ods").Faults()).ShouldBe(["format unknown-format"]);
        (await emitter.Upload(2018, [], "csv").Faults()).ShouldBe(["year invalid-year", "body file-size"]);
        using var pdf = new ByteArrayContent([1]) { Headers = { ContentType = new MediaTypeHeaderValue("application/pdf") } };
        (await emitter.PutAsync($"{Gansu}/evidence/2022/workbook", pdf, Stopping).Status()).ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public void What_a_spreadsheet_has_saved_is_read_as_it_shows_it()
    {
        const string types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        var year = new GoodYear(2025, [.. Enumerable.Range(1, 12).Select(month => $"{month:x64}")]);
        var saved = new RawWorkbook(year.Sheets())
            .With(
                "sharedStrings.xml", $"{types}.sharedStrings+xml", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings",
                """
                <sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>S1</t></si>
                <si><r><rPr><b/></rPr><t xml:space="preserve">一月 </t></r><r><t>a.csv</t></r><rPh sb="0" eb="2"><t>いちがつ</t></rPh></si></sst>
                """)
            .Replace("xl/sheet1.xml", """<c r="C2" t="inlineStr"><is><t xml:space="preserve">S1</t></is></c>""", """<c r="C2" s="2" t="s"><v>0</v></c>""")
            .Replace("xl/sheet0.xml", """<c r="D2" t="inlineStr"><is><t xml:space="preserve">1.csv</t></is></c>""", """<c r="D2" t="s"><v>1</v></c>""")
            .Replace("xl/sheet1.xml", """<c r="E2"><v>1001</v></c>""", """<c r="E2" s="1" t="n"><v>1001.4500000000001</v></c>""")
            .Replace("xl/sheet1.xml", """<c r="E3">""", """<c r="D1" s="1"/><c r="E3">""")
            .Replace("xl/sheet1.xml", "</row></sheetData>", """<c r="XFD25" s="3"/></row><row r="1048576" s="3"/></sheetData>""").Bytes();
        var faults = new Faults();
        var january = WorkbookReader.Read(saved, EvidenceTables.Sheets, faults);
        faults.All.ShouldBeEmpty();
        january[0].Rows[1][3].ShouldBe(new Cell("一月 a.csv"));
        january[1].Rows[1][2].ShouldBe(new Cell("S1"));
        CellText.TryRead(january[1].Rows[1][4], out var value).ShouldBeTrue();
        value.ShouldBe(1001.45m);
        january[1].Rows.Count.ShouldBe(25);
        january[1].Rows[2].Cells.Count.ShouldBe(7, "an empty cell that has a style is passed over");
    }

    [Fact]
    public async Task The_workbook_is_one_that_spreadsheets_open()
    {
        var (_, emitter) = await Planned(2021);
        using var archive = new ZipArchive(new MemoryStream(await emitter.Download($"{Gansu}/evidence/2021/template")), ZipArchiveMode.Read);
        using var document = DocumentFormat.OpenXml.Packaging.SpreadsheetDocument.Open(new MemoryStream(await emitter.Download($"{Gansu}/evidence/2021/template")), false);
        new DocumentFormat.OpenXml.Validation.OpenXmlValidator().Validate(document, Stopping).Select(error => $"{error.Part?.Uri} {error.Path?.XPath} {error.Description}").ShouldBeEmpty();
        archive.Entries.Count.ShouldBeLessThan(SheetLimits.MostParts);
    }

    internal static Sheet Table(string name, string header, params string[] rows) => new(
        name,
        [
            new SheetRow(1, [.. header.Split(' ').Select(text => new Cell(text))]),
            .. rows.Select((row, index) => new SheetRow(index + 2, [.. row.Split('|').Select((text, column) => new Cell(text, column < 2 ? CellKind.Number : CellKind.Text))])),
        ]);

    private static IReadOnlyList<Sheet> ReadingBack(byte[] content, string format)
    {
        var faults = new Faults();
        var sheets = format == "csv" ? CsvSheets.Read(content, faults) : WorkbookReader.Read(content, EvidenceTables.Sheets, faults);
        faults.All.ShouldBeEmpty();
        return sheets;
    }

    private async Task<(Guid Plant, HttpClient Emitter)> Planned(int year)
    {
        var plant = await service.Covered("gansu");
        var emitter = service.As("emitter", plant);
        await emitter.Put($"{Gansu}/plans/{year}", Plan()).Json();
        return (plant, emitter);
    }

    private static async Task<string[]> Months(HttpClient emitter) =>
        [.. (await emitter.Get($"{Gansu}/evidence?limit=100").Json()).GetProperty("items").EnumerateArray().OrderBy(month => month.GetProperty("month").GetInt32()).Select(month => month.GetRawText())];

    private static string[] Contents(string[] months) =>
        [.. months.Select(month => JsonDocument.Parse(month).RootElement).Select(month => month.GetProperty("files").GetRawText() + month.GetProperty("figures").GetRawText())];
}
