using CarbonMarket.Verification.Evidence;
using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A laboratory's report or an invoice is of one month: the same file in several shows that one of them has none [D].</summary>
internal sealed class CertificateIsRepeated : ICheck
{
    public string Code => "certificate-repeated";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year)
    {
        var certificates = year.Months.SelectMany(month => month.Content.Files.Select(file => (month.Month, File: file)))
            .Where(one => one.File.Kind is EvidenceKind.LabReport or EvidenceKind.Invoice);
        foreach (var same in certificates.GroupBy(one => one.File.Sha256, StringComparer.Ordinal).OrderBy(same => same.Key, StringComparer.Ordinal))
        {
            // A month names a file once.
            var months = same.Select(one => one.Month).Order().ToList();
            if (months.Count > 1)
                yield return new CheckResult(
                    Code, $"{same.First().File.Name} is filed for {months.Count} months.", Severity, $"files/{same.Key}", Values(("months", string.Join(", ", months))));
        }
    }
}
