using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;
using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>An instrument is due for calibration within the year, and no certificate of one is among its files [V:S7].</summary>
internal sealed class CalibrationIsNotShown : ICheck
{
    private const int MonthsOfYear = 12;

    public string Code => "calibration-not-shown";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from meter in year.Plan.Content.Meters
        where meter.CalibrationMonths <= MonthsOfYear && year.Plan.Content.Inputs.Any(input => input.Meter == meter.Code)
            && !year.Months.Any(month => month.Content.Files.Any(file => MayShow(file, meter)))
        select new CheckResult(
            Code, $"Instrument {meter.Code} is calibrated every {meter.CalibrationMonths} months, and no certificate is among the year's files.", Severity,
            $"meters/{meter.Code}", Values(("calibrationMonths", meter.CalibrationMonths)));

    /// <summary>A certificate of it, or one that does not say of which instrument it is.</summary>
    private static bool MayShow(Exhibit file, Meter meter) =>
        file.Kind == EvidenceKind.Calibration && (file.Calibration is null || file.Calibration.Meter == meter.Code);
}
