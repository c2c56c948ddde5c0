using CarbonMarket.Calculation;
using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A month lies far from the median of its year: a slip of the point, of the unit, or an unusual month [D].</summary>
internal sealed class MonthIsAnOutlier : ICheck
{
    private const int FewestMonths = 4;

    public string Code => "month-outlier";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year)
    {
        if (year.Limits.OutlierFactor is not { } factor)
            yield break;
        foreach (var (stream, input, months) in year.Figures().Where(series => series.Months.Count >= FewestMonths))
        {
            // In one unit: what was filed in another is the same figure.
            var unit = Unit.Parse(months[0].Figure.Unit);
            var values = months.Select(one => (one.Month, Value: Measure.Of(one.Figure.Value, one.Figure.Unit).In(unit)?.Value)).Where(one => one.Value is not null).Select(one => (one.Month, Value: one.Value!.Value)).ToList();
            var median = Median([.. values.Select(one => one.Value).Order()]);
            foreach (var (month, value) in values.Where(one => median > 0 && (one.Value > median * factor || one.Value * factor < median)))
            {
                yield return new CheckResult(
                    Code, $"{input} of stream {stream} in month {month} is {value} {unit}, and {median} {unit} in the middle of the year.", Severity,
                    $"months/{month}/{stream}/{input}", Values(("value", value), ("median", median), ("unit", unit), ("limit", factor)));
            }
        }
    }

    private static decimal Median(List<decimal> sorted) => sorted.Count % 2 == 1
        ? sorted[sorted.Count / 2]
        : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
}
