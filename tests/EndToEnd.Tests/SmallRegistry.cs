namespace CarbonMarket.EndToEnd;

/// <summary>Some thirty rows of the real files: one or more of every kind of operator there is, in no order.</summary>
public sealed class SmallRegistry
{
    private static readonly string[] Chosen =
    [
        "1000100", "1000558", "1000882", "1000646", // long, some of them in certain years only
        "1000008", "1000010", "1000012", "1000016", "1000018", "1000020", "1000022", "1000024", "1000026", "1000028", // mostly short
        "1000030", "1000032", "1000042",
        "1000162", "1001208", "1000830", // surrendered more than they emitted
        "1000698", "1000970", "1001294", "1000014", // status B
        "1000406", // status C
        "1000692", "1001096", // excluded in every year
        "1000652", "1000786", "1000906", // excluded in some
        "1000176", "1000058", "1000592", "1000340", // closed, without a published status
        "1000174", "1001298", // their first year is still to come
        "1001368", // nothing is known of it
        "1000552", // its last year is after the last of the file
    ];

    public SmallRegistry(DirectoryInfo folder)
    {
        OperatorsFile = Path.Combine(folder.FullName, "operators.csv");
        AllocationFile = Path.Combine(folder.FullName, "allocation.csv");
        Write("operators_2021_2024.csv", OperatorsFile, idColumn: 4);
        Write("allocation_2021_2026.csv", AllocationFile, idColumn: 1);
    }

    public string OperatorsFile { get; }

    public string AllocationFile { get; }

    private static void Write(string source, string target, int idColumn)
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "data", source));
        var rows = lines.Skip(1).Where(line => Chosen.Any(id => Cells(line).ElementAtOrDefault(idColumn) == id));
        File.WriteAllLines(target, [lines[0], .. rows.Reverse()]);
    }

    private static List<string> Cells(string line)
    {
        using var reader = CsvHelper.CsvReader.FromText(line, new CsvHelper.CsvReaderOptions { HasHeader = false, Separator = ',' });
        reader.Read();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)];
    }
}
