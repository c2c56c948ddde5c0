using CarbonMarket.Verification.Evidence;
using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A figure is shown by a file of which nobody says what it is.</summary>
internal sealed class EvidenceIsUnspecific : ICheck
{
    public string Code => "evidence-unspecific";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from month in year.Months
        orderby month.Month
        from figure in month.Content.Figures
        where month.Content.Files.Any(file => file.Sha256 == figure.Evidence && file.Kind == EvidenceKind.Other)
        select new CheckResult(
            Code, $"{figure.Input} of stream {figure.Stream} in month {month.Month} is shown by a file of no named kind.", Severity,
            $"months/{month.Month}/{figure.Stream}/{figure.Input}", Values(("evidence", figure.Evidence)));
}
