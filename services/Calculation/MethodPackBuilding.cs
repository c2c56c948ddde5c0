using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CarbonMarket.Calculation;

/// <summary>
/// What a schema cannot say: names are known and unique, units exist, the dimensions of every formula fit, no two values of
/// a factor hold at once.
/// </summary>
internal sealed class MethodPackBuilding
{
    private readonly string _file;
    private readonly MethodPackFile _pack;
    private readonly List<MethodPackFault> _faults = [];

    private MethodPackBuilding(string file, MethodPackFile pack) => (_file, _pack) = (file, pack);

    public static MethodPack Build(string file, MethodPackFile pack) => new MethodPackBuilding(file, pack).Build();

    private MethodPack Build()
    {
        Unique(_pack.Factors.Select((factor, index) => ($"$.factors[{index}].id", factor.Id)));
        var factors = _pack.Factors.Select((factor, index) => Factor(factor, $"$.factors[{index}]"))
            .DistinctBy(factor => factor.Id, StringComparer.Ordinal).ToFrozenDictionary(factor => factor.Id, StringComparer.Ordinal);
        var methods = _pack.Methods.Select((method, index) => Method(method, factors, $"$.methods[{index}]")).ToImmutableArray();
        foreach (var same in methods.Select((method, index) => (Method: method, Index: index)).GroupBy(method => method.Method.Id, StringComparer.Ordinal))
            Apart(same.Select(one => ($"$.methods[{one.Index}]", one.Method.Years)));
        return _faults.Count == 0
            ? new MethodPack(_pack.Id, _pack.Version, _pack.Title, _pack.Sources.ToFrozenDictionary(StringComparer.Ordinal), factors, methods)
            : throw new InvalidMethodPackException([.. _faults.OrderBy(fault => fault.Path, StringComparer.Ordinal)]);
    }

    private Factor Factor(MethodPackFile.FactorPart part, string path)
    {
        ImmutableArray<string> by = [.. part.By ?? []];
        var values = part.Values.Select((value, index) => Value(value, by, $"{path}.values[{index}]")).ToImmutableArray();
        // Values with days may follow each other within a year; the days keep them apart.
        foreach (var same in values.Select((value, index) => (Value: value, Index: index))
            .Where(value => value.Value is { ValidFrom: null, ValidTo: null })
            .GroupBy(value => string.Join('\n', by.Select(word => value.Value.Scope.GetValueOrDefault(word))), StringComparer.Ordinal))
            Apart(same.Select(one => ($"{path}.values[{one.Index}]", one.Value.Years)));
        return new Factor(part.Id, part.Title, UnitOf(part.Unit, path + ".unit"), part.Kind, by, values);
    }

    private FactorValue Value(MethodPackFile.ValuePart part, ImmutableArray<string> by, string path)
    {
        var scope = part.Scope ?? [];
        if (!scope.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(by))
            Fault(path + ".scope", $"it says {Words(scope.Keys)}", $"exactly {Words(by)}");
        if (part.ValidTo < part.ValidFrom)
            Fault(path + ".validTo", "it ends before it begins", "a day not before validFrom");
        Tagged(part.Source, path + ".source");
        return new FactorValue(
            part.Value, scope.ToFrozenDictionary(StringComparer.Ordinal), YearsOf(part.FirstYear, part.LastYear, path), part.ValidFrom, part.ValidTo, part.Source,
            part.Version);
    }

    private Method Method(MethodPackFile.MethodPart part, FrozenDictionary<string, Factor> factors, string path)
    {
        Unique(part.Inputs.Select((input, index) => ($"{path}.inputs[{index}].name", input.Name))
            .Concat(part.Steps.Select((step, index) => ($"{path}.steps[{index}].name", step.Name)))
            .Concat(factors.Keys.Select(id => ("$.factors", id))));
        Tagged(part.Source, path + ".source");
        var scope = (part.Scope ?? []).ToFrozenDictionary(word => word.Key, word => word.Value.ToImmutableArray(), StringComparer.Ordinal);
        var names = factors.Values.OrderBy(factor => factor.Id, StringComparer.Ordinal)
            .Select((factor, place) => (factor.Id, Name: new FormulaName(place, factor.Unit, Many: false)))
            .ToDictionary(factor => factor.Id, factor => factor.Name, StringComparer.Ordinal);
        var inputs = ImmutableArray.CreateBuilder<MethodInput>();
        foreach (var (input, index) in part.Inputs.Select((input, index) => (input, index)))
        {
            inputs.Add(Input(input, factors, scope, $"{path}.inputs[{index}]"));
            names[input.Name] = new FormulaName(names.Count, inputs[^1].Unit, input.Many);
        }
        var used = new HashSet<string>(StringComparer.Ordinal);
        var steps = ImmutableArray.CreateBuilder<MethodStep>();
        foreach (var (step, index) in part.Steps.Select((step, index) => (step, index)))
        {
            steps.Add(Step(step, names, used, $"{path}.steps[{index}]"));
            names[step.Name] = new FormulaName(names.Count, steps[^1].Unit, Many: false);
        }
        var unread = steps.All(step => step.Formula is not null) ? part.Inputs.Where(input => !used.Contains(input.Name)) : [];
        foreach (var (input, index) in unread.Select(input => (input, part.Inputs.IndexOf(input))))
            Fault($"{path}.inputs[{index}]", $"no step reads {input.Name}", "an input that is used");
        foreach (var id in used.Where(factors.ContainsKey))
            LooksUp(factors[id], scope, $"{path}.steps");
        return new Method(
            part.Id, part.Title, part.Source, YearsOf(part.FirstYear, part.LastYear, path), scope, inputs.ToImmutable(),
            [.. used.Where(factors.ContainsKey).Order(StringComparer.Ordinal)], steps.ToImmutable())
        {
            Names = names.ToFrozenDictionary(StringComparer.Ordinal),
        };
    }

    private MethodInput Input(
        MethodPackFile.InputPart part, FrozenDictionary<string, Factor> factors, FrozenDictionary<string, ImmutableArray<string>> scope, string path)
    {
        var unit = UnitOf(part.Unit, path + ".unit");
        if (part.Highest < part.Lowest)
            Fault(path + ".highest", "it is below the lowest", "the lowest at least");
        foreach (var id in part.OrElse ?? [])
        {
            if (!factors.TryGetValue(id, out var factor))
                Fault(path + ".orElse", $"no factor {id} is known", "one of " + Words(factors.Keys));
            else if (!factor.Unit.Equals(unit))
                Fault(path + ".orElse", $"{id} is in {factor.Unit}, the input in {unit}", "a factor in " + unit);
            else
                LooksUp(factor, scope, path + ".orElse");
        }
        if (part is { Many: true, OrElse.Count: > 0 })
            Fault(path + ".orElse", "a list has no default", "no orElse");
        return new MethodInput(part.Name, part.Title, unit, part.Many, part.Lowest, part.Highest, part.Rounding, [.. part.OrElse ?? []]);
    }

    private MethodStep Step(MethodPackFile.StepPart part, Dictionary<string, FormulaName> names, HashSet<string> used, string path)
    {
        var step = new MethodStep(part.Name, part.Title, UnitOf(part.Unit, path + ".unit"), part.Expression, part.Rounding);
        try
        {
            var formula = Formula.Compile(part.Expression, step.Unit, names);
            used.UnionWith(formula.Uses);
            return step with { Formula = formula };
        }
        catch (FormulaException exception)
        {
            Fault(path + ".expression", exception.Message, exception.Right);
            return step;
        }
    }

    private void LooksUp(Factor factor, FrozenDictionary<string, ImmutableArray<string>> scope, string path)
    {
        foreach (var word in factor.By.Where(word => !scope.ContainsKey(word)))
            Fault(path, $"{factor.Id} is looked up by {word}, of which the method's scope says nothing", $"{word} in the scope");
    }

    private Unit UnitOf(string text, string path)
    {
        if (Unit.TryParse(text, out var unit))
            return unit;
        Fault(path, $"{text} is no unit", "made of " + UnitAtom.Known);
        return Unit.One;
    }

    private Years YearsOf(int? first, int? last, string path)
    {
        if (last < first)
            Fault(path + ".lastYear", "it ends before it begins", "the first year at least");
        return new Years(first, last);
    }

    /// <summary>Every number says how it is known, and from which of the pack's sources.</summary>
    private void Tagged(string source, string path)
    {
        var key = source.StartsWith("[V:", StringComparison.Ordinal) && source.IndexOf(']', StringComparison.Ordinal) is > 0 and var end ? source[3..end] : null;
        if (key is not null && !_pack.Sources.ContainsKey(key))
            Fault(path, $"no source {key} is known", "one of " + Words(_pack.Sources.Keys));
    }

    private void Apart(IEnumerable<(string Path, Years Years)> spans)
    {
        var ordered = spans.OrderBy(span => span.Years.First ?? int.MinValue).ToList();
        foreach (var (earlier, later) in ordered.Zip(ordered.Skip(1)).Where(pair => pair.First.Years.Meet(pair.Second.Years)))
            Fault(later.Path, $"its years meet those of {earlier.Path}", "years after or before them");
    }

    private void Unique(IEnumerable<(string Path, string Id)> ids)
    {
        foreach (var (path, id) in ids.GroupBy(id => id.Id, StringComparer.Ordinal).SelectMany(same => same.Skip(1)))
            Fault(path, $"the name {id} is there twice", "each name once, of inputs, steps and factors together");
    }

    private static string Words(IEnumerable<string> words) => string.Join(", ", words.Order(StringComparer.Ordinal)) is { Length: > 0 } text ? text : "nothing";

    private void Fault(string path, string problem, string right) => _faults.Add(new MethodPackFault(_file, path, problem, right));
}
