using CarbonMarket.Verification.Calculations;
using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>An instrument has days that no certificate holds for; what it metered in them is corrected by its accuracy class at least [V:S7].</summary>
internal sealed class CalibrationIsExpired : ICheck
{
    public string Code => "calibration-expired";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from meter in MeterCertificates.Of(year.Plan, year.Months).Values
        where !meter.Certificates.IsEmpty
        let days = meter.Uncovered(new DateOnly(year.Plan.Year.Value, 1, 1), new DateOnly(year.Plan.Year.Value, 12, 31)).ToList()
        where days.Count > 0
        select new CheckResult(
            Code, $"No certificate of instrument {meter.Meter.Code} holds for {days.Count} days, from {days[0]:O} on.", Severity, $"meters/{meter.Meter.Code}",
            Values(("days", days.Count), ("first", days[0].ToString("O")), ("correctionPercent", days.Max(day => meter.Deviation(day, day)))));
}
