using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>
/// A unit's utilisation hours (利用小时数), its generation over its capacity, are more than the hours it ran [V:S7]: it would have run above
/// its capacity all the time.
/// </summary>
internal sealed class UtilisationAboveRunning : ICheck
{
    public string Code => "utilisation-above-running";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from one in year.UnitMonths()
        where one.Said.GenerationMwh > one.Unit.CapacityMw * one.Said.RunningHours
        let hours = decimal.Round(one.Said.GenerationMwh / one.Unit.CapacityMw, 2)
        select new CheckResult(
            Code, $"Unit {one.Unit.Code} was used {hours} hours at capacity in month {one.Month}, and ran {one.Said.RunningHours}.", Severity,
            $"months/{one.Month}/units/{one.Unit.Code}/runningHours", Values(("utilisationHours", hours), ("runningHours", one.Said.RunningHours)));
}
