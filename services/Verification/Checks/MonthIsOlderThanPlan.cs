using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A month was filed under an earlier version of the plan: what it measures may be determined otherwise by now.</summary>
internal sealed class MonthIsOlderThanPlan : ICheck
{
    public string Code => "month-older-than-plan";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from month in year.Months
        where month.PlanVersion < year.Plan.PlanVersion
        orderby month.Month
        select new CheckResult(
            Code, $"Month {month.Month} was filed under version {month.PlanVersion} of the plan; version {year.Plan.PlanVersion} stands.", Severity,
            $"months/{month.Month}", Values(("filedUnder", month.PlanVersion), ("stands", year.Plan.PlanVersion)));
}
