using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A month was filed anew after the verifier had been appointed.</summary>
internal sealed class EditedAfterAppointment : ICheck
{
    public string Code => "edited-after-appointment";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from month in year.Months
        where month.MonthVersion > 1 && month.FiledAt > year.Engagement?.AppointedAt
        orderby month.Month
        select new CheckResult(
            Code, $"Version {month.MonthVersion} of month {month.Month} was filed after the verifier had been appointed.", Severity, $"months/{month.Month}",
            Values(("appointedAt", year.Engagement!.AppointedAt.ToString("O")), ("filedAt", month.FiledAt.ToString("O"))));
}
