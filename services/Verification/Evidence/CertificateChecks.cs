using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Verification.Plans;

namespace CarbonMarket.Verification.Evidence;

/// <summary>What certificates and laboratories' reports say is whole, and is said of a file of their kind.</summary>
internal static class CertificateChecks
{
    private const int LongestName = 200;
    private const int MostDecimals = 6;
    private const int HighestCalorificValue = 100;

    public static void Check(Faults faults, FileMonth.FileItem file, string path, QualityPlan plan)
    {
        if (file.Calibration is { } calibration)
            Check(faults, file, calibration, $"{path}.calibration", plan);
        if (file.Test is { } test)
            Check(faults, file, test, $"{path}.test");
    }

    private static void Check(Faults faults, FileMonth.FileItem file, FileMonth.CalibrationItem says, string path, QualityPlan plan)
    {
        OfKind(faults, file, EvidenceKind.Calibration, $"{path}.meter");
        faults.Require(plan.Content.Meters.Any(meter => meter.Code == says.Meter), $"{path}.meter", "unknown-meter", "The code of an instrument of the plan.");
        Days(faults, says.CalibratedOn, $"{path}.calibratedOn", says.ValidUntil, $"{path}.validUntil");
        faults.Require(
            says.ErrorPercent is >= -100 and <= 100 and { Scale: <= MostDecimals }, $"{path}.errorPercent", "out-of-range", $"-100 to 100 percent with {MostDecimals} decimals at most.");
    }

    private static void Check(Faults faults, FileMonth.FileItem file, FileMonth.TestItem says, string path)
    {
        OfKind(faults, file, EvidenceKind.LabReport, $"{path}.laboratory");
        faults.RequireText(says.Laboratory, LongestName, $"{path}.laboratory");
        faults.Require(Words.Parse<LabMark>(says.Mark) is not null, $"{path}.mark", "unknown-lab-mark", Words.OneOf<LabMark>());
        faults.Require(Words.Parse<SampleBasis>(says.Basis) is not null, $"{path}.basis", "unknown-sample-basis", Words.OneOf<SampleBasis>());
        Days(faults, says.SampledOn, $"{path}.sampledOn", says.TestedOn, $"{path}.testedOn");
        Share(faults, says.TotalMoisturePercent, $"{path}.totalMoisturePercent");
        Share(faults, says.AirDriedMoisturePercent, $"{path}.airDriedMoisturePercent");
        Share(faults, says.AirDriedCarbonPercent, $"{path}.airDriedCarbonPercent");
        Share(faults, says.AirDriedHydrogenPercent, $"{path}.airDriedHydrogenPercent");
        Share(faults, says.AirDriedSulphurPercent, $"{path}.airDriedSulphurPercent");
        faults.Require(
            says.AirDriedGrossCalorificGjPerT is null or (>= 0 and <= HighestCalorificValue and { Scale: <= MostDecimals }), $"{path}.airDriedGrossCalorificGjPerT",
            "out-of-range", $"0 to {HighestCalorificValue} GJ/t with {MostDecimals} decimals at most.");
    }

    // A sample that is all moisture has nothing to be converted.
    private static void Share(Faults faults, decimal? percent, string path) => faults.Require(
        percent is null or (>= 0 and < 100 and { Scale: <= MostDecimals }), path, "out-of-range", $"From 0 to below 100 percent with {MostDecimals} decimals at most.");

    private static void OfKind(Faults faults, FileMonth.FileItem file, EvidenceKind kind, string path) =>
        faults.Require(file.Kind == Words.Of(kind), path, "other-evidence-kind", $"Only of a file of kind {Words.Of(kind)}.");

    private static void Days(Faults faults, DateOnly? first, string firstPath, DateOnly? last, string lastPath)
    {
        faults.Require(first is not null, firstPath, "invalid-day", "A day, as 2026-01-31.");
        faults.Require(last is not null && !(last < first), lastPath, "invalid-day", "A day, as 2026-01-31, and not before the other.");
    }
}
