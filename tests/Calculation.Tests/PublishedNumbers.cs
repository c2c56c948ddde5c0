using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Testing;
using static CarbonMarket.Calculation.Tests.Reckoning;

namespace CarbonMarket.Calculation.Tests;

/// <summary>The packs against the published tables that lie beside the repository.</summary>
public sealed class PublishedNumbers
{
    private static readonly PolicyPack Gansu = PolicyPackCatalog.Load(Path.Combine(AppContext.BaseDirectory, "policy-packs"), ["gansu"]).Find("gansu")!;

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

    /// <summary>The market's policy pack quotes numbers of allocation for its readers; they are the ones that are calculated with.</summary>
    [Theory]
    [InlineData("benchmark-electricity-coal-over-300mw", "electricityBenchmark", "coal-conventional-over-300mw")]
    [InlineData("benchmark-electricity-coal-to-300mw", "electricityBenchmark", "coal-conventional-to-300mw")]
    [InlineData("benchmark-electricity-coal-unconventional", "electricityBenchmark", "coal-unconventional")]
    [InlineData("benchmark-electricity-gas", "electricityBenchmark", "gas")]
    [InlineData("benchmark-heat-coal", "heatBenchmark", "coal-unconventional")]
    [InlineData("benchmark-heat-gas", "heatBenchmark", "gas")]
    [InlineData("pre-allocation-share", "preAllocationShare", null)]
    [InlineData("entity-allocation-floor-share", "entityFloorShare", null)]
    [InlineData("intensity-band", "intensityBand", null)]
    [InlineData("intensity-slope", "intensitySlope", null)]
    [InlineData("intensity-saturation", "intensitySaturation", null)]
    public void The_policy_pack_says_the_same(string parameter, string factor, string? unitClass)
    {
        var values = Gansu.Parameter(parameter)!.Values;
        values.ShouldNotBeEmpty();
        foreach (var (value, year) in values.SelectMany(value => new[] { value.FirstYear!.Value, value.LastYear ?? value.FirstYear.Value }.Select(year => (value, year))))
            Value(Allowances, factor, year, unitClass is null ? [] : [("unitClass", unitClass)]).ShouldBe(value.Value);
    }

    /// <summary>No formula asks for them; the policy pack quotes them beside the benchmarks that were set from them.</summary>
    [Theory]
    [InlineData("balance-value-coal-over-300mw", "coal_conventional_gt300")]
    [InlineData("balance-value-coal-to-300mw", "coal_conventional_le300")]
    [InlineData("balance-value-coal-unconventional", "coal_unconventional")]
    [InlineData("balance-value-gas", "gas")]
    public void Balance_values_are_quoted_for_the_years_that_have_them(string parameter, string published)
    {
        var quoted = Gansu.Parameter(parameter)!;
        foreach (var row in SharedData.Rows("china-ets-parameters/power_benchmarks.csv").Where(row => row[1] == published))
        {
            foreach (var year in row[0].Split('-').Select(year => int.Parse(year, CultureInfo.InvariantCulture)))
                (quoted.For(ComplianceYear.Of(year))?.Value).ShouldBe(row[4].Length > 0 ? Number(row[4]) : null);
        }

        quoted.Values.Select(value => value.FirstYear).ShouldBe([2021, 2023]);
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
