using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A unit's generation is not its capacity times running hours times load factor [V:S7].</summary>
internal sealed class GenerationMismatch : ICheck
{
    public string Code => "generation-mismatch";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from one in year.UnitMonths()
        let expected = one.Unit.CapacityMw * one.Said.RunningHours * one.Said.LoadFactorPercent / 100
        where IsApart(one.Said.GenerationMwh, expected, year.Limits.GenerationTolerancePercent)
        select new CheckResult(
            Code, $"Unit {one.Unit.Code} generated {one.Said.GenerationMwh} MWh in month {one.Month}; by capacity, hours and load factor it is {expected} MWh.", Severity,
            $"months/{one.Month}/units/{one.Unit.Code}/generationMwh",
            Values(("generationMwh", one.Said.GenerationMwh), ("expectedMwh", expected), ("limit", year.Limits.GenerationTolerancePercent)));
}
