using System.Text.Json;
using CarbonMarket.Local.Commands;

namespace CarbonMarket.Local.Tests.Commands;

public sealed class TestReportsTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("carbonmarket-reports-");

    [Fact]
    public void A_report_is_counted() =>
        TestReports.Read("X", Report(passed: 7, failed: 2, skipped: 1), exitCode: 2).ShouldBe(new TestOutcome("X", 7, 2, 1));

    [Fact]
    public void A_program_that_broke_beside_its_tests_counts_as_a_failure() =>
        TestReports.Read("X", Report(passed: 7, failed: 0, skipped: 0), exitCode: 134).ShouldBe(new TestOutcome("X", 7, 1, 0));

    [Fact]
    public void A_program_without_a_report_counts_as_a_failure() =>
        TestReports.Read("X", Path.Combine(directory.FullName, "none.json"), exitCode: 0).ShouldBe(new TestOutcome("X", 0, 1, 0));

    [Fact]
    public void Every_failed_test_is_named_with_its_message_however_much_was_logged() =>
        TestReports.Failures(Report(passed: 1, failed: 1, skipped: 0)).ShouldBe(["failed: The market opens", "    expected open", "    at Market.Open"]);

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(5, 0, 0)]
    [InlineData(5, 1, 1)]
    public void Only_tests_that_ran_and_all_passed_are_a_success(int passed, int failed, int exitCode)
    {
        var totals = new FileInfo(Path.Combine(directory.FullName, "totals"));
        var log = new FileInfo(Path.Combine(directory.FullName, "log"));
        File.WriteAllText(log.FullName, "what the program said\n");
        TestReports.Note("X", new(Report(passed, failed, 0)), log, exitCode: failed, seconds: 1, totals);

        TestReports.Total(totals).ShouldBe(exitCode);
    }

    public void Dispose() => directory.Delete(recursive: true);

    private string Report(int passed, int failed, int skipped)
    {
        var path = Path.Combine(directory.FullName, "report.json");
        var summary = new { tests = passed + failed + skipped, passed, failed, skipped, pending = 0, other = 0 };
        object[] tests =
        [
            .. Enumerable.Repeat(new { name = "The market closes", status = "passed" }, passed),
            .. Enumerable.Repeat(new { name = "The market opens", status = "failed", message = "expected open", trace = "at Market.Open" }, failed),
        ];
        File.WriteAllText(path, JsonSerializer.Serialize(new { results = new { summary, tests } }));
        return path;
    }
}
