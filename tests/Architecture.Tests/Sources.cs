using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace CarbonMarket.Architecture;

/// <summary>A file of the repository, by its path from the root.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);
}

/// <summary>The repository this test program was built from.</summary>
internal static class Sources
{
    private static readonly string[] NotOurs = ["artifacts", ".git", ".local", "bin", "obj", "node_modules", "TestResults"];

    public static string Root { get; } = Find();

    public static ImmutableArray<SourceFile> Projects { get; } = All("*.csproj");

    public static ImmutableArray<SourceFile> All(string pattern) =>
    [
        .. Walk(Root).SelectMany(folder => Directory.EnumerateFiles(folder, pattern))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(Path.GetRelativePath(Root, path), File.ReadAllText(path))),
    ];

    public static IEnumerable<string> Folders() => Walk(Root).Select(folder => Path.GetRelativePath(Root, folder));

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateDirectories(folder)
            .Where(inner => !NotOurs.Contains(Path.GetFileName(inner), StringComparer.Ordinal))
            .SelectMany(Walk)
            .Prepend(folder);

    private static string Find([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CarbonMarket.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No CarbonMarket.sln above {here}.");
    }
}
