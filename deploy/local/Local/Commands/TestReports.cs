using System.Text.Json;
using CarbonMarket.Local.Supervision;

namespace CarbonMarket.Local.Commands;

/// <summary>What one test program came to.</summary>
internal sealed record TestOutcome(string Name, int Passed, int Failed, int Skipped);

/// <summary>Adds up what <c>./test</c> ran, from the reports (CTRF) the test programs write, not from what they print.</summary>
internal static class TestReports
{
    private const int LogLinesShown = 200;
    private const int FailureLinesShown = 40;

    /// <summary>Prints one program's line, with its output when something failed, and notes the outcome for the total.</summary>
    public static int Note(string name, FileInfo report, FileInfo log, int exitCode, int seconds, FileInfo totals)
    {
        var outcome = Read(name, report.FullName, exitCode);
        File.AppendAllText(totals.FullName, JsonSerializer.Serialize(outcome, LocalJson.Line) + "\n");
        Console.WriteLine($"{Sum(outcome)} ({seconds} s)");
        if (outcome.Failed > 0)
            foreach (var line in File.ReadLines(log.FullName).TakeLast(LogLinesShown).Concat(Failures(report.FullName)))
                Console.WriteLine("    " + line);
        return 0;
    }

    /// <summary>The last line of <c>./test</c>, and its exit code: zero tests are a failure too.</summary>
    public static int Total(FileInfo totals)
    {
        var outcomes = totals.Exists
            ? File.ReadLines(totals.FullName).Select(line => JsonSerializer.Deserialize<TestOutcome>(line, LocalJson.Line)!).ToArray()
            : [];
        foreach (var failed in outcomes.Where(outcome => outcome.Failed > 0))
            Console.WriteLine($"Failures in {failed.Name}.");
        var total = new TestOutcome("all", outcomes.Sum(o => o.Passed), outcomes.Sum(o => o.Failed), outcomes.Sum(o => o.Skipped));
        Console.WriteLine(Sum(total));
        return total is { Failed: 0, Passed: > 0 } ? 0 : Actions.Failed;
    }

    /// <summary>A program that broke without a failing test (a crash, a fixture, a timeout, no report) counts as one failure.</summary>
    internal static TestOutcome Read(string name, string report, int exitCode)
    {
        if (!File.Exists(report))
            return new(name, 0, 1, 0);
        using var document = JsonDocument.Parse(File.ReadAllText(report));
        var summary = document.RootElement.GetProperty("results").GetProperty("summary");
        var failed = Count(summary, "failed") + Count(summary, "other");
        return new(name, Count(summary, "passed"),
            failed == 0 && exitCode != 0 ? 1 : failed, Count(summary, "skipped") + Count(summary, "pending"));
    }

    /// <summary>Which tests failed and how: what services logged meanwhile may have filled the lines above.</summary>
    internal static IEnumerable<string> Failures(string report)
    {
        if (!File.Exists(report))
            yield break;
        using var document = JsonDocument.Parse(File.ReadAllText(report));
        foreach (var test in document.RootElement.GetProperty("results").GetProperty("tests").EnumerateArray())
        {
            if (Text(test, "status") is not ("failed" or "other"))
                continue;
            yield return $"failed: {Text(test, "name")}";
            foreach (var line in $"{Text(test, "message")}\n{Text(test, "trace")}".Split('\n').Take(FailureLinesShown))
                yield return "    " + line;
        }
    }

    private static string? Text(JsonElement test, string what) =>
        test.TryGetProperty(what, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static int Count(JsonElement summary, string what) =>
        summary.TryGetProperty(what, out var count) ? count.GetInt32() : 0;

    private static string Sum(TestOutcome outcome) =>
        $"{outcome.Passed} passed, {outcome.Failed} failed{(outcome.Skipped > 0 ? $", {outcome.Skipped} skipped" : "")}";
}
