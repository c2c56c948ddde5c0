using System.Collections.Immutable;
using CarbonMarket.Calculation;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;

namespace CarbonMarket.Verification.Calculations;

/// <summary>
/// What instruments metered, corrected where they were not calibrated or out of tolerance (计量器具校准修正) [V:S7]: up what is
/// burned or bought, down what a balance takes off, so that a correction never lowers emissions.
/// </summary>
internal sealed class MeterCorrections(MethodPack pack, QualityPlan plan, IEnumerable<MonthlyEvidence> months)
{
    private static readonly ImmutableArray<string> Up =
        ["meter-correction-fuel", "meter-correction-gas", "meter-correction-electricity-bought", "meter-correction-heat-bought"];

    private static readonly ImmutableArray<string> Down = ["meter-correction-product", "meter-correction-gas-sold", "meter-correction-electricity", "meter-correction-heat"];
    private static readonly Unit Emissions = Unit.Parse("tCO2");

    private readonly ImmutableSortedDictionary<string, MeterCertificates> _meters = MeterCertificates.Of(plan, months);
    private readonly Dictionary<string, bool> _takenOff = new(StringComparer.Ordinal);

    /// <summary>Null where the figure stands as it was metered.</summary>
    public Calculated? Of(StreamPlan stream, PlannedInput input, int month, MonthFigure figure)
    {
        // Nothing metered, nothing to correct.
        if (input.Meter is null || figure.Value <= 0 || !_meters.TryGetValue(input.Meter, out var meter))
            return null;
        var first = new DateOnly(plan.Year.Value, month, 1);
        var last = first.AddMonths(1).AddDays(-1);
        var deviation = meter.Deviation(first, last);
        var metered = Measure.Of(figure.Value, figure.Unit);
        // A month that was filed under an earlier plan may be of another dimension: the stream itself cannot be computed then, and says so.
        return deviation == 0 || MethodFor(stream, input) is not { } method || !metered.Unit.SameDimension(method.Inputs[0].Unit) ? null : Calculator.Compute(pack, new CalculationRequest(
            method.Id, plan.Year.Value, last, ImmutableSortedDictionary<string, string>.Empty,
            ImmutableSortedDictionary<string, ImmutableArray<GivenFigure>>.Empty
                .Add("metered", [new GivenFigure(metered, new Origin("evidence", figure.Evidence))])
                .Add("deviation", [new GivenFigure(Measure.Of(deviation, "%"), meter.Latest(last) is { } certificate ? new Origin("evidence", certificate.Sha256) : new Origin("plan", plan.Id.ToString()))])));
    }

    /// <summary>Quantities are corrected, qualities are not: null for an input that is no quantity.</summary>
    private Method? MethodFor(StreamPlan stream, PlannedInput input)
    {
        var unit = pack.Method(stream.Method, plan.Year.Value)!.Inputs.Single(one => one.Name == input.Input).Unit;
        return (IsTakenOff(stream) ? Down : Up).Select(id => pack.Method(id, plan.Year.Value)).OfType<Method>()
            .Where(method => method.Inputs[0].Unit.SameDimension(unit)).OrderByDescending(method => method.Inputs[0].Unit.Equals(unit)).FirstOrDefault();
    }

    /// <summary>A list is taken off if a balance of a tonne in it alone is below nothing.</summary>
    private bool IsTakenOff(StreamPlan stream)
    {
        if (plan.Content.Balance is not { } balance || stream.Part is not { } list)
            return false;
        if (!_takenOff.TryGetValue(list, out var off))
            _takenOff.Add(list, off = Calculator.Compute(pack, new CalculationRequest(
                balance, plan.Year.Value, new DateOnly(plan.Year.Value, 12, 31), ImmutableSortedDictionary<string, string>.Empty,
                ImmutableSortedDictionary<string, ImmutableArray<GivenFigure>>.Empty.Add(
                    list, [new GivenFigure(new Measure(1, Emissions), new Origin("plan", plan.Id.ToString()))]))).Required.Result < 0);
        return off;
    }
}
