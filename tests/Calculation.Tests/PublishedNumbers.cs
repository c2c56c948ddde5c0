using System.Globalization;
using CarbonMarket.Testing;
using static CarbonMarket.Calculation.Tests.Reckoning;

namespace CarbonMarket.Calculation.Tests;

/// <summary>The packs against the published tables that lie beside the repository.</summary>
public sealed class PublishedNumbers
{
    [Fact]
    public void Benchmarks_are_those_of_the_notices()
    {
        var rows = SharedData.Rows("china-ets-parameters/power_benchmarks.csv");
        rows.Count.ShouldBe(20);
        foreach (var row in rows)
        {
            foreach (var year in row[0].Split('-').Select(year => int.Parse(year, CultureInfo.InvariantCulture)))
            {
                Value(Allowances, "electricityBenchmark", year, ("unitClass", Class(row[1]))).ShouldBe(Number(row[2]));
                Value(Allowances, "heatBenchmark", year, ("unitClass", Class(row[1]))).ShouldBe(Number(row[3]));
            }
        }
    }

    [Fact]
    public void Grid_factors_are_those_published()
    {
        var rows = SharedData.Rows("china-ets-parameters/grid_emission_factors.csv");
        rows.Count.ShouldBeGreaterThan(60);
        foreach (var row in rows)
            Value(Emissions, "gridFactor", int.Parse(row[2], CultureInfo.InvariantCulture), ("area", row[1]), ("variant", "average")).ShouldBe(Number(row[3]));
    }

    private static decimal? Value(MethodPack pack, string factor, int year, params (string Word, string Said)[] scope) =>
        pack.Factors[factor].Find(scope.ToDictionary(word => word.Word, word => word.Said, StringComparer.Ordinal), year, new DateOnly(year, 12, 31))?.Value;

    private static string Class(string published) => published switch
    {
        "coal_conventional_gt300" => "coal-conventional-over-300mw",
        "coal_conventional_le300" => "coal-conventional-to-300mw",
        "coal_unconventional" => "coal-unconventional",
        _ => published,
    };
}
