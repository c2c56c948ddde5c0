using System.Runtime.CompilerServices;
using CsvHelper;
using Xunit;

namespace CarbonMarket.Testing;

/// <summary>Real data that lies beside the repository and never in it; a test that needs it is skipped where it is missing.</summary>
public static class SharedData
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(Repository(), "..", "shared", "data"));

    /// <summary>A file as it is.</summary>
    public static byte[] Bytes(string file) => File.ReadAllBytes(Find(file));

    /// <summary>The rows of a file of comma-separated values, the heading left out.</summary>
    public static IReadOnlyList<string[]> Rows(string file)
    {
        using var reader = CsvReader.Create(Bytes(file), new CsvReaderOptions { HasHeader = true, Separator = ',' });
        var rows = new List<string[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        return rows;
    }

    private static string Find(string file)
    {
        var path = Path.Combine(Folder, file);
        Assert.SkipUnless(File.Exists(path), $"{path} is missing: this test compares with real data that is not in the repository.");
        return path;
    }

    private static string Repository([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CarbonMarket.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No CarbonMarket.sln above {here}.");
    }
}
