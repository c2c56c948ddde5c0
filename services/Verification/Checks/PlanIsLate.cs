using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>The plan came after its day: what was measured before it was measured without one.</summary>
internal sealed class PlanIsLate : ICheck
{
    public string Code => "plan-late";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) => year.Plan.Late
        ? [new CheckResult(
            Code, $"The first plan for {year.Plan.Year} came after its day.", Severity, "plan", Values(("planVersion", year.Plan.PlanVersion)))]
        : [];
}
