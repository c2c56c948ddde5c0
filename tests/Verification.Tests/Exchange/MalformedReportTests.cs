using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static CarbonMarket.Verification.Http.PowerPlant;

namespace CarbonMarket.Verification.Exchange;

/// <summary>Reports that are wrong, hundreds of them, by JSON, CSV and XLSX: each is told all that is wrong with it, by path or cell, and nothing of any is stored.</summary>
public sealed class MalformedReportTests(GansuVerification gansu) : IClassFixture<GansuVerification>
{
    private const int Year = 2025;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_cell_that_is_wrong_is_named_and_nothing_is_stored()
    {
        var (emitter, year) = await Planned();
        var stored = await Stored();
        var count = 0;
        var wrong = new List<string>();
        foreach (var spoilt in SpoiltCells.All)
        {
            foreach (var format in new[] { "csv", "xlsx" }.Where(format => spoilt.Formats is null || spoilt.Formats == format))
            {
                // In an early month and a late one in turns.
                var month = count++ % 2 == 0 ? 1 : 12;
                var sheets = GoodYear.Spoil(year.Sheets(), spoilt.Sheet, spoilt.Column, GoodYear.RowOf(spoilt.Sheet, month), spoilt.Cell);
                await Expect(wrong, $"{format} {spoilt.Sheet} {spoilt.Column} = {spoilt.Cell}", emitter.Upload(Year, InFormat(sheets, format), format), spoilt.Expected(format, month));
            }
        }

        wrong.Count.ShouldBe(0, string.Join('\n', wrong));
        count.ShouldBeGreaterThan(150);
        (await Stored()).ShouldBe(stored);
    }

    [Fact]
    public async Task Every_file_that_is_broken_is_refused_and_nothing_is_stored()
    {
        var (emitter, year) = await Planned();
        var stored = await Stored();
        var (wrong, broken) = (new List<string>(), BrokenFiles.All(year).ToList());
        broken.Count.ShouldBeGreaterThan(50);
        foreach (var (name, format, content, faults) in broken)
            await Expect(wrong, name, emitter.Upload(Year, content, format), faults);
        wrong.Count.ShouldBe(0, string.Join('\n', wrong));
        (await Stored()).ShouldBe(stored);
    }

    [Fact]
    public async Task Every_body_that_is_wrong_is_refused_and_nothing_is_stored()
    {
        var (emitter, year) = await Planned();
        var stored = await Stored();
        var (wrong, report) = (new List<string>(), $"{Gansu}/reports/{Guid.CreateVersion7()}");
        var broken = BrokenJson.All($"{Gansu}/evidence/{Year}/1", $"{Gansu}/plans/{Year}", report, year.Hashes[0]).ToList();
        broken.Count.ShouldBeGreaterThan(50);
        foreach (var (path, body, faults) in broken)
            await Expect(wrong, $"{path} {body}", emitter.PutAsync(new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"), Stopping), faults);
        wrong.Count.ShouldBe(0, string.Join('\n', wrong));
        (await Stored()).ShouldBe(stored);
    }

    [Fact]
    public async Task All_that_is_wrong_in_a_year_is_said_at_once()
    {
        var (emitter, year) = await Planned();
        var spoilt = SpoiltCells.All.Where(one => one is { Sheet: GoodYear.Figures, Column: "value", Formats: null }).Take(12).ToList();
        foreach (var format in new[] { "csv", "xlsx" })
        {
            var sheets = year.Sheets();
            foreach (var (index, one) in spoilt.Index())
                sheets = GoodYear.Spoil(sheets, one.Sheet, one.Column, GoodYear.RowOf(one.Sheet, index + 1), one.Cell);
            (await emitter.Upload(Year, InFormat(sheets, format), format).Faults()).ShouldBe(
                spoilt.Index().SelectMany(one => one.Item.Expected(format, one.Index + 1)), ignoreOrder: true);
        }
    }

    [Fact]
    public async Task A_year_with_a_month_missing_is_no_report()
    {
        var (emitter, year) = await Planned();
        var sheets = year.Sheets().Select(sheet => sheet with { Rows = [.. sheet.Rows.Where(row => row.Number == 1 || row[1].Text != "7")] }).ToList();
        (await emitter.Upload(Year, CsvTable.Write(sheets), "csv").Json()).GetProperty("months").GetArrayLength().ShouldBe(11);
        (await emitter.Put($"{Gansu}/reports/{Guid.CreateVersion7()}", new { year = Year, fromEvidence = true }).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("evidence-incomplete");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_megabytes_are_refused_before_they_are_read(bool saysHowMuch)
    {
        var (emitter, _) = await Planned();
        foreach (var path in new[] { $"{Gansu}/evidence/{Year}/workbook", $"{Gansu}/evidence/files/{Hash([])}" })
        {
            using var huge = new StreamContent(new Zeros()) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv"), ContentLength = saysHowMuch ? Zeros.Size : null } };
            (await emitter.PutAsync(new Uri(path, UriKind.Relative), huge, Stopping).Faults()).ShouldBe(["body file-size"]);
        }

        using var body = new Zeros();
        var request = new DefaultHttpContext().Request;
        (request.Body, request.ContentLength) = (body, saysHowMuch ? Zeros.Size : null);
        (await Upload.Read(request, SheetLimits.LargestUpload, Stopping)).ShouldBeNull();
        body.Position.ShouldBeInRange(saysHowMuch ? 0 : SheetLimits.LargestUpload, saysHowMuch ? 0 : SheetLimits.LargestUpload + 100_000);
    }

    private async Task<(HttpClient Emitter, GoodYear Year)> Planned()
    {
        var emitter = gansu.Service.As("emitter", await gansu.Service.Covered("gansu"));
        await emitter.Put($"{Gansu}/plans/{Year}", Plan()).Json();
        var hashes = new List<string>();
        for (var month = 1; month <= 12; month++)
            hashes.Add(await emitter.Kept($"readings of month {month}"));
        return (emitter, new GoodYear(Year, hashes));
    }

    private static byte[] InFormat(IReadOnlyList<Sheet> sheets, string format) => format == "csv" ? CsvTable.Write(sheets) : new RawWorkbook(sheets).Bytes();

    private async Task<(long Streams, long Events, long Months)> Stored()
    {
        await using var command = gansu.Service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "select (select count(*) from verification.mt_streams), (select count(*) from verification.mt_events), (select count(*) from verification.mt_doc_monthlyevidence)");
        await using var row = await command.ExecuteReaderAsync(Stopping);
        await row.ReadAsync(Stopping);
        return (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
    }

    /// <summary>Notes what is told otherwise than it should be, so that a run tells all of it.</summary>
    private static async Task Expect(List<string> wrong, string name, Task<HttpResponseMessage> sending, string[] expected)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync(Stopping);
        var answer = response.StatusCode == HttpStatusCode.BadRequest ? JsonDocument.Parse(text).RootElement : default;
        string[] told = answer.ValueKind != JsonValueKind.Object ? [$"{response.StatusCode} {text}"]
            : answer.TryGetProperty("errors", out var faults) ? [.. faults.EnumerateArray().Select(fault => $"{fault.GetProperty("path").GetString()} {fault.GetProperty("code").GetString()}")]
            : [answer.GetProperty("code").GetString()!];
        if (!told.Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            wrong.Add($"{name}: expected {string.Join("; ", expected.Except(told, StringComparer.Ordinal).Take(6))}, told {string.Join("; ", told.Except(expected, StringComparer.Ordinal).Take(6))}");
    }

    private sealed class Zeros : MemoryStream
    {
        public const int Size = 100 * 1024 * 1024;

        public override bool CanSeek => false;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = (int)Math.Min(buffer.Length, Size - Position);
            Position += read;
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var part = new byte[bufferSize];
            while (await ReadAsync(part, cancellationToken) is > 0 and var count)
                await destination.WriteAsync(part.AsMemory(0, count), cancellationToken);
        }
    }
}
