using System.Collections.Immutable;
using System.Globalization;

namespace CarbonMarket.Calculation;

/// <summary>A figure that is given for an input, and where it came from.</summary>
public sealed record GivenFigure(Measure Measure, Origin Origin);

/// <summary>What is to be calculated. Legal days enter here; nothing reads a clock.</summary>
/// <param name="Year">The compliance year (履约年度): chooses the method and its factors.</param>
/// <param name="AsOf">The legal day whose factors hold, for those that change within a year.</param>
public sealed record CalculationRequest(
    string Method, int Year, DateOnly AsOf, ImmutableSortedDictionary<string, string> Scope, ImmutableSortedDictionary<string, ImmutableArray<GivenFigure>> Inputs);

/// <summary>Why nothing was calculated.</summary>
/// <param name="Field">The input, the word of the scope or the step.</param>
/// <param name="Given">What was found there.</param>
/// <param name="Right">What would be right.</param>
public sealed record CalculationFault(string Field, string Given, string Right)
{
    public override string ToString() => $"{Field}: {Given}; right is: {Right}";
}

/// <summary>A trace, or every fault of the request.</summary>
public sealed record Calculated(Trace? Trace, ImmutableArray<CalculationFault> Faults)
{
    /// <summary>The trace of a calculation that cannot fail where its caller checked before.</summary>
    public Trace Required => Trace ?? throw new InvalidOperationException(string.Join("; ", Faults));
}

/// <summary>Computes a method over given figures: pure, in decimals alone, the same on every machine.</summary>
public sealed class Calculator
{
    private const int MostFigures = 10_000;
    private const decimal LargestFigure = 1_000_000_000_000_000;

    private readonly MethodPack _pack;
    private readonly Method _method;
    private readonly CalculationRequest _request;
    private readonly Figures _figures;
    private readonly List<CalculationFault> _faults = [];

    private Calculator(MethodPack pack, Method method, CalculationRequest request) =>
        (_pack, _method, _request, _figures) = (pack, method, request, new Figures(method.Names.Count));

    public static Calculated Compute(MethodPack pack, CalculationRequest request)
    {
        if (pack.Method(request.Method, request.Year) is { } method)
            return new Calculator(pack, method, request).Compute();
        var known = pack.Methods.Where(one => one.Years.Hold(request.Year)).Select(one => one.Id).Order(StringComparer.Ordinal);
        return new Calculated(null, [new("method", $"{request.Method} is no method of {pack.Id} in {request.Year}", "one of " + string.Join(", ", known))]);
    }

    private Calculated Compute()
    {
        Scope();
        foreach (var unknown in _request.Inputs.Keys.Except(_method.Inputs.Select(input => input.Name), StringComparer.Ordinal))
            Fault(unknown, "no such input is known", "one of " + string.Join(", ", _method.Inputs.Select(input => input.Name)));
        var inputs = _method.Inputs.Select(Input).ToImmutableArray();
        var factors = _method.Factors.Select(Factor).ToImmutableArray();
        var steps = _faults.Count == 0 ? Steps() : [];
        if (_faults.Count > 0)
            return new Calculated(null, [.. _faults]);
        var fallbacks = inputs.Where(input => !string.Equals(input!.Basis, "given", StringComparison.Ordinal))
            .Select(input => Line(_pack.Factors[input!.Entries[0].Origin.Reference])!);
        return new Calculated(
            new Trace(
                _pack.Id, _pack.Version, _method.Id, _method.Source, _request.Year, _request.AsOf,
                _request.Scope.ToImmutableSortedDictionary(StringComparer.Ordinal), inputs!,
                [.. factors.Concat(fallbacks).DistinctBy(factor => factor!.Id, StringComparer.Ordinal)!], steps, steps[^1].Value, steps[^1].Unit),
            []);
    }

    private void Scope()
    {
        foreach (var (word, allowed) in _method.Scope.OrderBy(word => word.Key, StringComparer.Ordinal))
        {
            if (!_request.Scope.TryGetValue(word, out var said))
                Fault(word, "it is not said", allowed.IsEmpty ? "a word" : "one of " + string.Join(", ", allowed));
            else if (!allowed.IsEmpty && !allowed.Contains(said, StringComparer.Ordinal))
                Fault(word, $"{said} is not known", "one of " + string.Join(", ", allowed));
        }
        foreach (var unknown in _request.Scope.Keys.Where(word => !_method.Scope.ContainsKey(word)))
            Fault(unknown, "the method does not ask for it", "one of " + string.Join(", ", _method.Scope.Keys.Order(StringComparer.Ordinal)));
    }

    /// <summary>An input in the order of precedence: as given, else the first factor that has a value.</summary>
    private TraceInput? Input(MethodInput input)
    {
        var place = _method.Names[input.Name].Place;
        var given = _request.Inputs.GetValueOrDefault(input.Name, []);
        if (given.IsEmpty && !input.Many)
            return Fallback(input, place);
        if (given.Length > (input.Many ? MostFigures : 1))
        {
            Fault(input.Name, $"{given.Length} figures are given", input.Many ? $"{MostFigures} at most" : "one figure");
            return null;
        }
        var entries = given.Select((figure, index) => Entry(input, figure, input.Many ? $"{input.Name}[{index}]" : input.Name)).ToImmutableArray();
        if (entries.Contains(null))
            return null;
        if (input.Many)
            _figures.Lists[place] = [.. entries.Select(entry => entry!.Value)];
        else
            _figures.Single[place] = entries[0]!.Value;
        return new TraceInput(input.Name, input.Unit.ToString(), "given", input.Rounding, entries!);
    }

    private TraceEntry? Entry(MethodInput input, GivenFigure figure, string field)
    {
        var given = figure.Measure;
        // The law's figures are tonnes and megawatt-hours of a country at most.
        if (Math.Abs(given.Value) > LargestFigure)
        {
            Fault(field, $"{given} is out of bounds", string.Create(CultureInfo.InvariantCulture, $"{LargestFigure} at most"));
            return null;
        }
        if (given.In(input.Unit) is not { } converted)
        {
            if (given.Unit.SameDimension(input.Unit))
                Fault(field, $"{given} is out of bounds", $"a figure that there is in {input.Unit}");
            else
                Fault(field, $"{given} is {given.Unit.Dimension}", $"{input.Unit.Dimension}, in {input.Unit} or a unit like it");
            return null;
        }
        if (converted.Value < input.Lowest || converted.Value > input.Highest)
            Fault(field, $"{given} is out of bounds", Bounds(input));
        return new TraceEntry(given.Value, given.Unit.ToString(), input.Rounding?.Apply(converted.Value) ?? converted.Value, figure.Origin);
    }

    private TraceInput? Fallback(MethodInput input, int place)
    {
        foreach (var id in input.OrElse)
        {
            if (_pack.Factors[id].Find(_request.Scope, _request.Year, _request.AsOf) is not { } value)
                continue;
            _figures.Single[place] = value.Value;
            var (unit, basis) = (input.Unit.ToString(), Basis(_pack.Factors[id].Kind));
            return new TraceInput(input.Name, unit, basis, null, [new TraceEntry(value.Value, unit, value.Value, new Origin("factor", id))]);
        }
        Fault(input.Name, input.OrElse.IsEmpty ? "it is not given" : "it is not given, and no default holds here", $"{input.Unit.Dimension} in {input.Unit}");
        return null;
    }

    private TraceFactor? Factor(string id)
    {
        if (Line(_pack.Factors[id]) is { } line)
        {
            _figures.Single[_method.Names[id].Place] = line.Value;
            return line;
        }
        var said = string.Join(", ", _pack.Factors[id].By.Select(word => $"{word} {_request.Scope.GetValueOrDefault(word)}"));
        Fault(id, string.Create(CultureInfo.InvariantCulture, $"there is no value for {_request.Year}{(said.Length > 0 ? ", " + said : said)}"), "a scope and a year the pack knows");
        return null;
    }

    private TraceFactor? Line(Factor factor) => factor.Find(_request.Scope, _request.Year, _request.AsOf) is { } value
        ? new TraceFactor(
            factor.Id, value.Value, factor.Unit.ToString(), value.Source, value.Version, value.Scope.ToImmutableSortedDictionary(StringComparer.Ordinal))
        : null;

    private ImmutableArray<TraceStep> Steps()
    {
        var steps = ImmutableArray.CreateBuilder<TraceStep>(_method.Steps.Length);
        foreach (var step in _method.Steps)
        {
            try
            {
                var exact = step.Formula.Compute(_figures);
                var value = step.Rounding?.Apply(exact) ?? exact;
                _figures.Single[_method.Names[step.Name].Place] = value;
                steps.Add(new TraceStep(step.Name, step.Expression, step.Unit.ToString(), exact, step.Rounding, value));
            }
            catch (ArithmeticException exception)
            {
                Fault(step.Name, $"{step.Expression} cannot be computed: {exception.Message}", "figures it can be computed with");
                return [];
            }
        }
        return steps.MoveToImmutable();
    }

    private static string Bounds(MethodInput input) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(input.Lowest is { } lowest ? $"from {lowest} " : string.Empty)}{(input.Highest is { } highest ? $"to {highest} " : string.Empty)}{input.Unit}");

    private static string Basis(FactorKind kind) => kind switch
    {
        FactorKind.PublishedDefault => "published-default",
        FactorKind.PenaltyDefault => "penalty-default",
        _ => "parameter",
    };

    private void Fault(string field, string given, string right) => _faults.Add(new CalculationFault(field, given, right));
}
