using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>What the verifier found in the year before was not corrected [V:S7].</summary>
internal sealed class EarlierFindingIsOpen : ICheck
{
    public string Code => "earlier-finding-open";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from finding in year.EngagementBefore?.Findings ?? []
        where finding.IsOpen || finding.IsUncorrected
        select new CheckResult(
            Code, $"A finding of {year.EngagementBefore!.Year} on {finding.Parameter} was not corrected: {finding.Description}", Severity,
            $"findings/{finding.Id}", Values(("parameter", finding.Parameter), ("category", Words.Of(finding.Category))));
}
