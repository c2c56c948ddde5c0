using System.Globalization;
using CarbonMarket.Allocation.Computing;
using CarbonMarket.Testing;

namespace CarbonMarket.Allocation.RealData;

/// <summary>
/// The coal power stations of Gansu as a public database lists them, allocated by the packs. It knows neither their units nor what they generated:
/// each counts as one unit of all its megawatts that ran 4,000 hours at three quarters of its load.
/// </summary>
public sealed class GansuPlants
{
    private const decimal Hours = 4_000;

    [Fact]
    public void Each_lies_in_a_prefecture_of_the_pack()
    {
        var prefectures = Year.Gansu.Allocation.Divisions.Where(division => division.Within == "620000").ToList();
        prefectures.Count.ShouldBe(14);
        foreach (var plant in Coal().Where(plant => plant.Place.Length > 0))
            prefectures.ShouldContain(prefecture => plant.Place.Contains(prefecture.Name, StringComparison.Ordinal), plant.Place);
    }

    [Theory]
    [InlineData(2023)]
    [InlineData(2024)]
    public void Each_gets_what_the_published_benchmark_of_its_class_gives(int year)
    {
        var benchmarks = SharedData.Rows("china-ets-parameters/power_benchmarks.csv")
            .Where(row => row[0] == year.ToString(CultureInfo.InvariantCulture)).ToDictionary(row => row[1], row => Number(row[2]));
        var plants = Coal();
        var results = Year.Run(Year.Of(year, Stage.Final, [.. plants.Select(plant => Entity(plant))])).Entities().ToList();

        results.SelectMany(result => result.Obstacles).ShouldBeEmpty();
        plants.Count.ShouldBe(23);
        results.Select(result => result.Figure!.UnitTotal).ShouldBe(plants.Select(plant =>
            (long)decimal.Floor(plant.Megawatts * Hours * benchmarks[plant.IsLarge ? "coal_conventional_gt300" : "coal_conventional_le300"])));
    }

    private static EntityInput Entity(Plant plant) => Year.Entity(1, Year.Unit(
        plant.IsLarge ? "coal-conventional-over-300mw" : "coal-conventional-to-300mw",
        ("generation", plant.Megawatts * Hours, "MWh"), ("heat", 0, "GJ"), ("loadFactor", 75, "%")));

    private static List<Plant> Coal() =>
    [
        .. from row in SharedData.Rows("gansu/gansu_plants_all_fuels.csv")
           where row[2] == "Coal"
           select new Plant(Number(row[6]), row[10]),
    ];

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);

    private sealed record Plant(decimal Megawatts, string Place)
    {
        /// <summary>Units rated 400 MW and more are above the 300 MW class (300MW等级以上).</summary>
        public bool IsLarge => Megawatts >= 400;
    }
}
