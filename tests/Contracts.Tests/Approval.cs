using System.Runtime.CompilerServices;

namespace CarbonMarket.Contracts;

/// <summary>
/// Compares what is with what was approved. Contracts change by adding only: another service, or a message that waits in
/// a queue, may still be on the text approved before.
/// </summary>
internal static class Approval
{
    private const string Switch = "CARBONMARKET_APPROVE";

    public static void Matches(string file, string actual, [CallerFilePath] string source = "")
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Approved", file);
        var approved = File.Exists(path) ? Lines(File.ReadAllText(path)) : [];
        var current = Lines(actual);
        if (approved.SequenceEqual(current, StringComparer.Ordinal))
            return;
        if (Environment.GetEnvironmentVariable(Switch) is "1")
        {
            var target = Path.Combine(Path.GetDirectoryName(source)!, "Approved", file);
            File.WriteAllText(target, string.Join('\n', current) + "\n");
            return;
        }
        Assert.Fail(Explain(file, approved, current));
    }

    /// <summary>What to tell somebody whose change moved a contract.</summary>
    public static string Explain(string file, string[] approved, string[] current)
    {
        var gone = Without(approved, current);
        var come = Without(current, approved);
        var verdict = gone.Length > 0
            ? "Lines are gone or changed. If that takes a member away, changes its type or makes it required, it breaks "
                + "readers and waiting messages: leave this version as it is and publish a V2 beside it."
            : "Only additions. Make sure that a new member is not required, so that messages already written can be read.";
        return $"""
            {verdict}
            Gone:
            {Show(gone, "- ")}
            New:
            {Show(come, "+ ")}
            If the change is meant, approve it and commit the file with it:
                {Switch}=1 dotnet run --project tests/Contracts.Tests      (writes tests/Contracts.Tests/Approved/{file})
            """;
    }

    // Line by line and as often as it stands there: the same member may be lost by one type and kept by another.
    private static string[] Without(string[] lines, string[] others)
    {
        var left = others.ToList();
        return [.. lines.Where(line => !left.Remove(line))];
    }

    private static string Show(string[] lines, string mark) =>
        lines.Length == 0 ? "  (nothing)" : string.Join('\n', lines.Take(40).Select(line => mark + line));

    private static string[] Lines(string text) =>
        text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
