using System.Collections.Immutable;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;

namespace CarbonMarket.Verification.Calculations;

/// <param name="Sha256">Of the file.</param>
internal sealed record Certificate(string Sha256, MeterCalibration Says)
{
    public bool HoldsOn(DateOnly day) => Says.CalibratedOn <= day && day <= Says.ValidUntil;
}

/// <summary>
/// An instrument of the plan and what its calibration certificates, filed with any month of the year, say of its days. The newest
/// calibration is what is known of it: an older certificate does not hold again when that one runs out. An instrument of which
/// nobody shows that it was calibrated was not.
/// </summary>
/// <param name="Certificates">Earliest calibration first; of one day, the one with the largest error last. Empty: none is filed.</param>
internal sealed record MeterCertificates(Meter Meter, ImmutableArray<Certificate> Certificates)
{
    // A deviation in percent is rounded up: never to the advantage of the one who metered.
    private const int Decimals = 6;

    /// <summary>Every instrument that a figure of the plan is read from, by its code.</summary>
    public static ImmutableSortedDictionary<string, MeterCertificates> Of(QualityPlan plan, IEnumerable<MonthlyEvidence> months)
    {
        var certificates = months.SelectMany(month => month.Content.Files).Where(file => file.Calibration is not null)
            .Select(file => new Certificate(file.Sha256, file.Calibration!)).Distinct()
            .OrderBy(one => one.Says.CalibratedOn).ThenBy(one => Math.Abs(one.Says.ErrorPercent)).ThenBy(one => one.Says.ValidUntil)
            .ThenBy(one => one.Sha256, StringComparer.Ordinal)
            .ToLookup(one => one.Says.Meter, StringComparer.Ordinal);
        var reading = plan.Content.Inputs.Select(input => input.Meter).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return plan.Content.Meters.Where(meter => reading.Contains(meter.Code))
            .ToImmutableSortedDictionary(meter => meter.Code, meter => new MeterCertificates(meter, [.. certificates[meter.Code]]), StringComparer.Ordinal);
    }

    /// <summary>How far beyond the error its class allows the certificate found it; 0 within.</summary>
    public decimal Excess(Certificate certificate) => Math.Max(0, Math.Abs(certificate.Says.ErrorPercent) - Meter.AccuracyPercent);

    /// <summary>Days that no certificate holds for.</summary>
    public IEnumerable<DateOnly> Uncovered(DateOnly first, DateOnly last) => Days(first, last).Where(day => On(day) is null);

    /// <summary>
    /// Percent by which what it metered in these days is corrected: on a day without a certificate its accuracy class, or what the
    /// last one found beyond it where that is more; on one whose certificate found it out of tolerance the error beyond that, otherwise
    /// nothing; the days count alike [V:S7].
    /// </summary>
    public decimal Deviation(DateOnly first, DateOnly last) =>
        decimal.Round(Days(first, last).Average(Deviation), Decimals, MidpointRounding.ToPositiveInfinity);

    /// <summary>The last certificate until the day, whether it still holds or not; the first where there was none yet, null where there is none at all.</summary>
    public Certificate? Latest(DateOnly day) => Before(day) ?? Certificates.FirstOrDefault();

    private decimal Deviation(DateOnly day) => Before(day) is not { } last ? Meter.AccuracyPercent
        : last.HoldsOn(day) ? Excess(last)
        : Math.Max(Meter.AccuracyPercent, Excess(last));

    private Certificate? On(DateOnly day) => Before(day) is { } last && last.HoldsOn(day) ? last : null;

    private Certificate? Before(DateOnly day) => Certificates.LastOrDefault(one => one.Says.CalibratedOn <= day);

    private static IEnumerable<DateOnly> Days(DateOnly first, DateOnly last) =>
        Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(first.AddDays);
}
