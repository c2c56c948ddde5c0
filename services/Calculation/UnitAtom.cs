using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CarbonMarket.Calculation;

/// <summary>
/// One named unit. Carbon, carbon dioxide, standard coal and mass are different dimensions although all are weighed: a tonne
/// of coal is never a tonne of its carbon, and tce follow from energy only through a published coefficient on a stated basis.
/// </summary>
/// <param name="Dimension">The base dimensions with their powers; none for a number.</param>
/// <param name="Scale">What one of it is in the base unit of its dimension, exactly.</param>
internal sealed record UnitAtom(ImmutableArray<(string Name, int Power)> Dimension, decimal Scale)
{
    public static readonly FrozenDictionary<string, UnitAtom> All = new Dictionary<string, UnitAtom>(StringComparer.Ordinal)
    {
        ["%"] = new([], 0.01m),
        ["t"] = Of("mass", 1),
        ["kg"] = Of("mass", 0.001m),
        ["10^4t"] = Of("mass", 10_000),
        ["10^4Nm3"] = Of("gas volume", 1),
        ["10^3Nm3"] = Of("gas volume", 0.1m),
        ["Nm3"] = Of("gas volume", 0.0001m),
        ["GJ"] = Of("energy", 1),
        ["TJ"] = Of("energy", 1000),
        ["MJ"] = Of("energy", 0.001m),
        ["kJ"] = Of("energy", 0.000_001m),
        ["kcal"] = Of("energy", 0.000_004_1868m),
        ["MWh"] = Of("energy", 3.6m),
        ["kWh"] = Of("energy", 0.0036m),
        ["10^4kWh"] = Of("energy", 36),
        ["tC"] = Of("carbon", 1),
        ["kgC"] = Of("carbon", 0.001m),
        ["tCO2"] = Of("carbon dioxide", 1),
        ["kgCO2"] = Of("carbon dioxide", 0.001m),
        ["10^4tCO2"] = Of("carbon dioxide", 10_000),
        ["tce"] = Of("standard coal", 1),
        ["kgce"] = Of("standard coal", 0.001m),
        ["gce"] = Of("standard coal", 0.000_001m),
        ["10^4tce"] = Of("standard coal", 10_000),
        ["CNY"] = Of("money", 1),
        ["10^4CNY"] = Of("money", 10_000),
        ["h"] = Of("time", 1),
        ["year"] = Of("years", 1),
        ["MW"] = new([("energy", 1), ("time", -1)], 3.6m),
        ["degC"] = Of("temperature", 1),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string Known { get; } = string.Join(", ", All.Keys.Order(StringComparer.Ordinal));

    /// <summary>The one spelling of an atom: raised digits are written as on the line, 10⁴Nm³ is 10^4Nm3.</summary>
    public static string Plain(string name) =>
        name.Trim().Replace("10⁴", "10^4", StringComparison.Ordinal).Replace("10³", "10^3", StringComparison.Ordinal)
            .Replace('³', '3').Replace('₂', '2').Replace("℃", "degC", StringComparison.Ordinal);

    private static UnitAtom Of(string dimension, decimal scale) => new([(dimension, 1)], scale);
}
