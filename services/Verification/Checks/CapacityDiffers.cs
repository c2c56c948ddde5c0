using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A unit's nameplate (铭牌容量) says another capacity than was approved (核准容量) [V:S7]; its benchmark may go by either.</summary>
internal sealed class CapacityDiffers : ICheck
{
    public string Code => "capacity-differs";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from unit in year.Plan.Content.Units ?? []
        where unit.ApprovedCapacityMw is { } approved && approved != unit.CapacityMw
        select new CheckResult(
            Code, $"Unit {unit.Code} has {unit.CapacityMw} MW on its nameplate and {unit.ApprovedCapacityMw} MW approved.", Severity,
            $"units/{unit.Code}/approvedCapacityMw", Values(("capacityMw", unit.CapacityMw), ("approvedCapacityMw", unit.ApprovedCapacityMw)));
}
