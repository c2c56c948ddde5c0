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
        // Of one dimension: the stream may have had another method when some were filed.
        foreach (var (stream, input, months) in
            from series in year.Figures()
            from alike in series.Months.GroupBy(one => Unit.Parse(one.Figure.Unit).Dimension, StringComparer.Ordinal)
            where alike.Count() >= FewestMonths
            select (series.Stream, series.Input, alike.ToList()))
        {
            // In one unit: what was filed in another is the same figure. What no decimal holds in it cannot be computed either, and is said there.
            var unit = Unit.Parse(months[0].Figure.Unit);
            var values = (from one in months
                          let value = Measure.Of(one.Figure.Value, one.Figure.Unit).In(unit)?.Value
                          where value is not null
                          select (one.Month, Value: value.Value)).ToList();
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
