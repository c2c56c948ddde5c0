using CarbonMarket.Verification.Calculations;
using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A certificate found a larger error than the instrument's class allows; what it metered is corrected by what is beyond it [V:S7].</summary>
internal sealed class MeterIsOverTolerance : ICheck
{
    public string Code => "meter-over-tolerance";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from meter in MeterCertificates.Of(year.Plan, year.Months).Values
        from certificate in meter.Certificates
        where meter.Excess(certificate) > 0
        select new CheckResult(
            Code, $"Instrument {meter.Meter.Code} was {certificate.Says.ErrorPercent} % off on {certificate.Says.CalibratedOn:O}; {meter.Meter.AccuracyPercent} % is allowed.",
            Severity, $"meters/{meter.Meter.Code}/{certificate.Sha256}",
            Values(("errorPercent", certificate.Says.ErrorPercent), ("correctionPercent", meter.Excess(certificate)), ("limit", meter.Meter.AccuracyPercent)));
}
