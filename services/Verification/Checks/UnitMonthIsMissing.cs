using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A month is filed that does not say what a generating unit of the plan did: nothing of it is checked, nor allocated by [D].</summary>
internal sealed class UnitMonthIsMissing : ICheck
{
    public string Code => "unit-month-missing";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year)
    {
        var told = year.UnitMonths().Select(one => (one.Unit.Code, one.Month)).ToHashSet();
        return from unit in year.Plan.Content.Units ?? []
               let missing = year.Months.Select(month => month.Month).Order().Where(month => !told.Contains((unit.Code, month))).ToList()
               where missing.Count > 0
               select new CheckResult(
                   Code, $"{missing.Count} months do not say what unit {unit.Code} did.", Severity, $"units/{unit.Code}", Values(("months", string.Join(", ", missing))));
    }
}
