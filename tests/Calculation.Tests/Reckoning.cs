using System.Collections.Immutable;
using System.Globalization;

namespace CarbonMarket.Calculation.Tests;

/// <summary>Says in one line what is calculated: the method, the year, the words of its scope, the figures.</summary>
internal static class Reckoning
{
    public static readonly MethodPack Emissions = MethodPacks.Newest(MethodPacks.Emissions);

    public static readonly MethodPack Allowances = MethodPacks.Newest(MethodPacks.Allowances);

    public static readonly MethodPack Energy = MethodPacks.Newest(MethodPacks.Energy);

    private static readonly Origin Meter = new("event", "0198c5d0-0000-7000-8000-000000000001");

    public static (string Word, string Said)[] Of(params (string Word, string Said)[] scope) => scope;

    public static Calculated Try(this MethodPack pack, string method, int year, (string Word, string Said)[] scope, params (string Name, string Figures)[] inputs) =>
        Calculator.Compute(pack, Request(method, year, scope, inputs));

    public static Trace Work(this MethodPack pack, string method, int year, (string Word, string Said)[] scope, params (string Name, string Figures)[] inputs) =>
        pack.Try(method, year, scope, inputs).Required;

    public static decimal Step(this Trace trace, string name) => trace.Steps.Single(step => step.Name == name).Value;

    public static decimal Number(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);

    public static CalculationRequest Request(string method, int year, (string Word, string Said)[] scope, params (string Name, string Figures)[] inputs) => new(
        method, year, new DateOnly(year, 12, 31), scope.ToImmutableSortedDictionary(word => word.Word, word => word.Said, StringComparer.Ordinal),
        inputs.ToImmutableSortedDictionary(
            input => input.Name, input => input.Figures.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Figure).ToImmutableArray(), StringComparer.Ordinal));

    /// <summary>A figure and its unit, as in <c>1,250,000.00 t</c>; a bare number has none.</summary>
    private static GivenFigure Figure(string text)
    {
        var parts = text.Trim().Split(' ');
        return new GivenFigure(Measure.Of(Number(parts[0]), parts.Length > 1 ? parts[1] : "1"), Meter);
    }
}
