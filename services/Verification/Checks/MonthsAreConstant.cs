using CarbonMarket.Verification.Evidence;
using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>What is measured varies: the same value month after month was seldom measured [D].</summary>
internal sealed class MonthsAreConstant : ICheck
{
    public string Code => "constant-months";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from series in year.Figures()
        from run in Runs(series.Months)
        where run.Count >= year.Limits.ConstantMonths && run[0].Figure.Value != 0
        select new CheckResult(
            Code, $"{series.Input} of stream {series.Stream} is {run[0].Figure.Value} {run[0].Figure.Unit} in {run.Count} months in a row.", Severity,
            $"months/{run[0].Month}-{run[^1].Month}/{series.Stream}/{series.Input}",
            Values(("value", run[0].Figure.Value), ("unit", run[0].Figure.Unit), ("months", run.Count), ("limit", year.Limits.ConstantMonths)));

    /// <summary>Consecutive months with one value, the longest such runs.</summary>
    private static List<List<(int Month, MonthFigure Figure)>> Runs(IReadOnlyList<(int Month, MonthFigure Figure)> months)
    {
        var runs = new List<List<(int Month, MonthFigure Figure)>>();
        foreach (var one in months)
        {
            if (runs.Count > 0 && runs[^1][^1] is var last && last.Month + 1 == one.Month && (last.Figure.Value, last.Figure.Unit) == (one.Figure.Value, one.Figure.Unit))
                runs[^1].Add(one);
            else
                runs.Add([one]);
        }

        return runs;
    }
}
