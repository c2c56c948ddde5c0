using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;
using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A quality that no instrument reads is sampled and tested: its figure is shown by the laboratory's report [V:S7].</summary>
internal sealed class LaboratoryIsNotShown : ICheck
{
    public string Code => "laboratory-not-shown";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year)
    {
        var sampled = year.Plan.Content.Inputs.Where(input => input is { Basis: Basis.Measured, Meter: null })
            .Select(input => (input.Stream, input.Input)).ToHashSet();
        var kinds = year.Months.ToDictionary(
            month => month.Month, month => month.Content.Files.ToDictionary(file => file.Sha256, file => file.Kind, StringComparer.Ordinal));
        foreach (var (stream, input, months) in year.Figures().Where(series => sampled.Contains((series.Stream, series.Input))))
        {
            var without = months.Where(one => kinds[one.Month].GetValueOrDefault(one.Figure.Evidence) != EvidenceKind.LabReport).Select(one => one.Month).ToList();
            if (without.Count > 0)
                yield return new CheckResult(
                    Code, $"{input} of stream {stream} is read by no instrument, and {without.Count} months show no laboratory's report.", Severity,
                    $"inputs/{stream}/{input}", Values(("months", string.Join(", ", without))));
        }
    }
}
