using CarbonMarket.Verification.Calculations;
using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>No certificate of an instrument is among the year's files: it counts as not calibrated, and what it metered is corrected by its accuracy class [V:S7].</summary>
internal sealed class CalibrationIsNotShown : ICheck
{
    public string Code => "calibration-not-shown";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from meter in MeterCertificates.Of(year.Plan, year.Months).Values
        where meter.Certificates.IsEmpty
        select new CheckResult(
            Code, $"No certificate of instrument {meter.Meter.Code} is among the year's files; it counts as not calibrated.", Severity, $"meters/{meter.Meter.Code}",
            Values(("calibrationMonths", meter.Meter.CalibrationMonths), ("correctionPercent", meter.Meter.AccuracyPercent)));
}
