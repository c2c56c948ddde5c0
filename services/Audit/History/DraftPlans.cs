using CarbonMarket.Audit.Log;

namespace CarbonMarket.Audit.History;

/// <summary>
/// Drafts of allocation plans (配额分配方案): a participant sees its figures once the plan is approved, and the approval repeats
/// them; what was drafted before is the officials' own. Known by the names under which Allocation stores it.
/// </summary>
public static class DraftPlans
{
    private static readonly string[] Types = ["plan.drafted.v1", "plan.computed.v1", "plan.continued.v1"];

    public static bool Include(AuditEntry entry) => entry.Service == "allocation" && Types.Contains(entry.Type, StringComparer.Ordinal);
}
