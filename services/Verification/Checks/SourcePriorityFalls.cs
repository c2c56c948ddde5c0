using CarbonMarket.Verification.Plans;
using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>What was measured last year is measured this year: the source of a figure may not become a lesser one [V:S7].</summary>
internal sealed class SourcePriorityFalls : ICheck
{
    public string Code => "source-priority-falls";

    public Severity Severity => Severity.Error;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from before in year.PlanBefore?.Content.Inputs ?? []
        where before.Basis == Basis.Measured
        from now in year.Plan.Content.Inputs
        where now.Stream == before.Stream && now.Input == before.Input && now.Basis != Basis.Measured
        select new CheckResult(
            Code, $"{now.Input} of stream {now.Stream} was measured in {year.PlanBefore!.Year} and is the default in {year.Plan.Year}.", Severity,
            $"inputs/{now.Stream}/{now.Input}", Values(("before", "measured"), ("now", "default")));
}
