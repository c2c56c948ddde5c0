using System.Collections.Immutable;
using CarbonMarket.Calculation;
using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Allocation.Computing;

/// <summary>Says in a few words what a year of Gansu is computed from.</summary>
internal static class Year
{
    public static readonly PolicyPack Gansu = PolicyPackCatalog.Load(Path.Combine(AppContext.BaseDirectory, "policy-packs"), ["gansu"]).Versions("gansu")[^1];

    public static AllocationRun Run(AllocationInput input) => new(Gansu.Allocation, MethodPacks.Newest, input);

    public static AllocationInput Of(int year, Stage stage, params EntityInput[] entities) => new(
        "gansu", year, stage, $"CEA-{year}", new DateOnly(year + 1, 9, 20), null, Gansu.Version, Gansu.NewestMethods(),
        ImmutableSortedDictionary<string, GivenValue>.Empty, [.. entities]);

    public static AllocationInput Balanced(this AllocationInput input, string category, decimal value) =>
        input with { Balances = input.Balances.Add(category, Given(value, "tCO2/t")) };

    public static EntityInput Entity(decimal? verified, params UnitInput[] units) =>
        new(Guid.Parse("11111111-1111-4111-8111-111111111111"), "620100", null, verified is { } tonnes ? Given(tonnes, "tCO2") : null, 1, 0, null, false, [.. units]);

    public static UnitInput Unit(string category, params (string Name, decimal Value, string Unit)[] figures) => new(
        Guid.Parse("22222222-2222-4222-8222-222222222222"), [category], null,
        figures.ToImmutableSortedDictionary(figure => figure.Name, figure => Given(figure.Value, figure.Unit), StringComparer.Ordinal));

    public static GivenValue Given(decimal value, string unit) => new(value, unit, "event", "018f2d3c-7a10-7000-8000-000000000001");

    public static EntityFigure Figure(this AllocationInput input)
    {
        var result = Run(input).Entities().Single();
        result.Obstacles.ShouldBeEmpty();
        return result.Figure!;
    }

    public static string[] Obstacles(this AllocationInput input) => [.. Run(input).Entities().SelectMany(result => result.Obstacles).Select(obstacle => obstacle.Code)];
}
