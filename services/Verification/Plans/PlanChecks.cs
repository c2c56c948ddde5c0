using CarbonMarket.Calculation;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Verification.Plans;

/// <summary>A plan is whole: its streams are of methods that give emissions, and how every input of them is determined is said once.</summary>
internal static class PlanChecks
{
    private const int MostMeters = 200;
    private const int MostStreams = 100;
    private const int MostInputs = 1000;
    private const int MostUnits = 100;
    private const decimal LargestUnit = 10_000;
    private const int MostDecimals = 10;
    private const int LongestCode = 50;
    private const int LongestName = 200;
    private const int LongestText = 1000;
    private static readonly Unit Emissions = Unit.Parse("tCO2");

    public static Faults Check(FilePlan.Request request, int year, PolicyPack pack, MethodPack methods)
    {
        var faults = new Faults();
        faults.RequireYear(year, pack.Compliance.FirstYear, "year");
        if (request.Reason is not null)
            faults.RequireText(request.Reason, LongestText, "$.reason");
        var balance = Balance(faults, request.Balance, year, methods);
        var (meters, streams) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, Method?>(StringComparer.Ordinal));
        faults.Each(request.Meters, 0, MostMeters, "$.meters", (meter, path) => Check(faults, meter, path, meters));
        faults.Each(request.Streams, 1, MostStreams, "$.streams", (stream, path) =>
        {
            Check(faults, stream, path, streams, methods, year);
            faults.Require(
                stream.Method is not { } method || !pack.Verification.Excludes(method, year), $"{path}.method", "method-excluded",
                $"Left out: what {stream.Method} gives is not surrendered for in {pack.Market} in {year}.");
            if (request.Balance is null)
                faults.Require(stream.Part is null, $"{path}.part", "unknown-part", "Left out: the plan has no balance.");
            else if (balance is not null)
                faults.Require(
                    balance.Inputs.Any(list => string.Equals(list.Name, stream.Part, StringComparison.Ordinal)), $"{path}.part", "unknown-part",
                    $"A list of {balance.Id}: {string.Join(", ", balance.Inputs.Select(list => list.Name))}.");
        });
        var said = new HashSet<(string, string)>();
        faults.Each(request.Inputs, 1, MostInputs, "$.inputs", (input, path) => Check(faults, input, path, meters, streams, said));
        foreach (var (code, method) in streams)
        {
            foreach (var input in method?.Inputs ?? [])
                faults.Require(said.Contains((code, input.Name)), "$.inputs", "input-missing", $"How {input.Name} of stream {code} is determined.");
        }
        var units = new HashSet<string>(StringComparer.Ordinal);
        faults.Each(request.Units ?? [], 0, MostUnits, "$.units", (unit, path) =>
        {
            faults.RequireText(unit.Code, LongestCode, $"{path}.code");
            faults.Require(unit.Code is not { } code || units.Add(code), $"{path}.code", "repeated-item", "Another unit has this code.");
            faults.Require(
                unit.CapacityMw is > 0 and <= LargestUnit && unit.CapacityMw.Value.Scale <= MostDecimals, $"{path}.capacityMw", "out-of-range",
                $"Above 0 to {LargestUnit} MW, with {MostDecimals} decimals at most.");
            faults.Require(
                unit.ApprovedCapacityMw is null or (> 0 and <= LargestUnit and { Scale: <= MostDecimals }), $"{path}.approvedCapacityMw", "out-of-range",
                $"Above 0 to {LargestUnit} MW, with {MostDecimals} decimals at most.");
            faults.Require(Words.Parse<UnitKind>(unit.Kind) is not null, $"{path}.kind", "unknown-unit-kind", Words.OneOf<UnitKind>());
        });
        return faults;
    }

    /// <summary>Every item that is there; beyond the limit none is looked at.</summary>
    public static void Each<T>(this Faults faults, IReadOnlyList<T>? items, int fewest, int most, string path, Action<T, string> check)
        where T : class
    {
        var count = items?.Count ?? 0;
        if (!faults.Require(items is not null && count >= fewest && count <= most, path, "list-size", $"{fewest}-{most} items, not {count}."))
            return;
        for (var index = 0; index < count; index++)
        {
            if (faults.Require(items![index] is not null, $"{path}[{index}]", "required", "An item, not null."))
                check(items[index], $"{path}[{index}]");
        }
    }

    /// <summary>The method that puts the streams together; null where there is none, or none that can.</summary>
    private static Method? Balance(Faults faults, string? id, int year, MethodPack methods)
    {
        var method = id is null ? null : methods.Method(id, year);
        var balances = method is not null && method.Result.Unit.Equals(Emissions) && method.Scope.Count == 0 && method.Inputs.All(input => input.Many);
        faults.Require(id is null || balances, "$.balance", "unknown-method", $"A method of {methods.Id} that puts lists of emissions together in {year}.");
        return balances ? method : null;
    }

    private static void Check(Faults faults, FilePlan.MeterItem meter, string path, HashSet<string> meters)
    {
        faults.RequireText(meter.Code, LongestCode, $"{path}.code");
        faults.Require(meter.Code is not { } code || meters.Add(code), $"{path}.code", "repeated-item", "Another instrument has this code.");
        faults.RequireText(meter.Name, LongestName, $"{path}.name");
        faults.Require(meter.AccuracyPercent is > 0 and <= 100, $"{path}.accuracyPercent", "out-of-range", "Above 0 to 100 percent.");
        faults.Require(meter.CalibrationMonths is >= 1 and <= 120, $"{path}.calibrationMonths", "out-of-range", "1-120 months.");
    }

    private static void Check(
        Faults faults, FilePlan.StreamItem stream, string path, Dictionary<string, Method?> streams, MethodPack methods, int year)
    {
        var method = stream.Method is { } id ? methods.Method(id, year) : null;
        method = method is not null && method.Result.Unit.Equals(Emissions) && method.Inputs.All(input => !input.Many) ? method : null;
        faults.RequireText(stream.Code, LongestCode, $"{path}.code");
        faults.Require(stream.Code is not { } code || streams.TryAdd(code, method), $"{path}.code", "repeated-item", "Another stream has this code.");
        faults.RequireText(stream.Name, LongestName, $"{path}.name");
        if (!faults.Require(method is not null, $"{path}.method", "unknown-method", $"A method of {methods.Id} for one stream's emissions in {year}."))
            return;
        var scope = stream.Scope ?? new Dictionary<string, string>(0, StringComparer.Ordinal);
        foreach (var (word, allowed) in method!.Scope)
        {
            faults.Require(
                scope.TryGetValue(word, out var said) && said is not null && (allowed.IsEmpty ? said.Length is >= 1 and <= LongestCode : allowed.Contains(said, StringComparer.Ordinal)),
                $"{path}.scope.{word}", "invalid-scope", allowed.IsEmpty ? $"A word of 1-{LongestCode} characters." : "One of " + string.Join(", ", allowed) + ".");
        }
        faults.Require(scope.Keys.All(word => method.Scope.ContainsKey(word)), $"{path}.scope", "invalid-scope", $"Only the words that {method.Id} asks for: {string.Join(", ", method.Scope.Keys)}.");
    }

    private static void Check(
        Faults faults, FilePlan.InputItem item, string path, HashSet<string> meters, Dictionary<string, Method?> streams, HashSet<(string, string)> said)
    {
        faults.RequireText(item.Procedure, LongestText, $"{path}.procedure");
        faults.Require(item.Meter is null || meters.Contains(item.Meter), $"{path}.meter", "unknown-meter", "The code of an instrument of this plan.");
        var basis = Words.Parse<Basis>(item.Basis);
        faults.Require(basis is not null, $"{path}.basis", "unknown-basis", Words.OneOf<Basis>());
        if (!faults.Require(item.Stream is not null && streams.ContainsKey(item.Stream), $"{path}.stream", "unknown-stream", "The code of a stream of this plan."))
            return;
        if (streams[item.Stream!] is not { } method)
            return;
        var input = method.Inputs.FirstOrDefault(one => string.Equals(one.Name, item.Input, StringComparison.Ordinal));
        if (!faults.Require(
            input is not null, $"{path}.input", "unknown-input", $"An input of {method.Id}: {string.Join(", ", method.Inputs.Select(one => one.Name))}."))
            return;
        faults.Require(said.Add((item.Stream!, input!.Name)), $"{path}.input", "repeated-item", "It is said already how this is determined.");
        faults.Require(basis != Basis.Default || !input.OrElse.IsEmpty, $"{path}.basis", "no-default", $"{method.Id} has no default for {input.Name}; it is measured.");
    }
}
