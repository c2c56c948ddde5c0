using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace CarbonMarket.Calculation;

/// <summary>The first line in which a trace and its recomputation differ.</summary>
/// <param name="Line">JSON path within the trace.</param>
/// <param name="Written">What the trace says.</param>
/// <param name="Computed">What comes out.</param>
public sealed record TraceDifference(string Line, string Written, string Computed)
{
    public override string ToString() => $"{Line}: written {Written}, computed {Computed}";
}

/// <summary>Works a trace out again from nothing but what it says was given, and compares every line.</summary>
public static class Recomputation
{
    /// <summary>Null: the trace holds.</summary>
    public static TraceDifference? Recompute(Trace trace, MethodPack pack)
    {
        if (!string.Equals(trace.Pack, pack.Id, StringComparison.Ordinal) || !string.Equals(trace.PackVersion, pack.Version, StringComparison.Ordinal))
            return new TraceDifference("$.pack", $"{trace.Pack} {trace.PackVersion}", $"{pack.Id} {pack.Version}");
        var inputs = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<GivenFigure>>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in trace.Inputs.Where(input => string.Equals(input.Basis, "given", StringComparison.Ordinal)))
        {
            if (!names.Add(input.Name) || input.Entries.Any(entry => !Unit.TryParse(entry.GivenUnit, int.MaxValue, out _)))
                return new TraceDifference("$.inputs", $"{input.Name} twice or in no unit", "each input once, in a unit");
            inputs[input.Name] = [.. input.Entries.Select(entry => new GivenFigure(Measure.Of(entry.Given, entry.GivenUnit), entry.Origin))];
        }
        var again = Calculator.Compute(pack, new CalculationRequest(trace.Method, trace.Year, trace.AsOf, trace.Scope, inputs.ToImmutable()));
        return again.Trace is { } computed
            ? Difference("$", JsonNode.Parse(trace.ToJson()), JsonNode.Parse(computed.ToJson()))
            : new TraceDifference("$." + again.Faults[0].Field, "a result", again.Faults[0].ToString());
    }

    private static TraceDifference? Difference(string path, JsonNode? written, JsonNode? computed) => (written, computed) switch
    {
        (JsonObject one, JsonObject other) => one.Select(member => member.Key).Union(other.Select(member => member.Key), StringComparer.Ordinal)
            .Select(name => Difference($"{path}.{name}", one[name], other[name])).FirstOrDefault(difference => difference is not null),
        (JsonArray one, JsonArray other) => Enumerable.Range(0, Math.Max(one.Count, other.Count))
            .Select(index => Difference($"{path}[{index}]", index < one.Count ? one[index] : null, index < other.Count ? other[index] : null))
            .FirstOrDefault(difference => difference is not null),
        _ when JsonNode.DeepEquals(written, computed) => null,
        _ => new TraceDifference(path, written?.ToJsonString() ?? "nothing", computed?.ToJsonString() ?? "nothing"),
    };
}
