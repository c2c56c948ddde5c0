using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A month's evidence came after its last day [V:S7].</summary>
internal sealed class EvidenceIsLate : ICheck
{
    public string Code => "evidence-late";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from month in year.Months
        where month.Late
        orderby month.Month
        select new CheckResult(
            Code, $"Version {month.MonthVersion} of month {month.Month} came after the last day for it.", Severity, $"months/{month.Month}",
            Values(("filedAt", month.FiledAt.ToString("O")), ("monthVersion", month.MonthVersion)));
}
