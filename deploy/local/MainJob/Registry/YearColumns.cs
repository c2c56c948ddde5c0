namespace CarbonMarket.MainJob.Registry;

/// <summary>Which years a file speaks of, read from its column names (emissions_2021, emissions_2022, ...).</summary>
public static class YearColumns
{
    /// <summary>The years of one prefix, ascending; a name without a known year and a gap between years are faults.</summary>
    public static IReadOnlyList<int> Of(Table table, string prefix)
    {
        var years = new SortedSet<int>();
        foreach (var column in table.Columns.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (Cells.YearOf(column[prefix.Length..]) is { } year)
                years.Add(year);
            else
                table.FaultInHeader(column, $"\"{column[prefix.Length..]}\" is not a known year.");
        }
        if (years.Count == 0)
            table.Require(prefix + "<year>");
        else
            RequireEveryYear(table, prefix, years);
        return [.. years];
    }

    private static void RequireEveryYear(Table table, string prefix, SortedSet<int> years)
    {
        for (var year = years.Min; year <= years.Max; year++)
            table.Require($"{prefix}{year}");
    }
}
