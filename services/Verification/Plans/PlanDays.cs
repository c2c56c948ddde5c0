using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Verification.Plans;

/// <summary>Which market asks for plans and monthly evidence, and by when: the numbers are the pack's.</summary>
internal static class PlanDays
{
    private const string LeadDays = "quality-plan-lead-days";
    private const string EvidenceDays = "monthly-evidence-days";

    public static bool AsksForPlans(this PolicyPack pack) => pack.Parameter(LeadDays) is not null;

    /// <summary>Last legal day for the first version of a year's plan; null while the pack had none.</summary>
    public static DateOnly? PlanBy(this PolicyPack pack, ComplianceYear year)
    {
        var begins = new DateOnly(year.Value, 1, 1);
        return pack.Count(LeadDays, begins) is { } days ? begins.AddDays(-days) : null;
    }

    /// <summary>Last legal day for a month's evidence; null while the pack had none.</summary>
    public static DateOnly? EvidenceBy(this PolicyPack pack, ComplianceYear year, int month)
    {
        var ends = new DateOnly(year.Value, month, 1).AddMonths(1).AddDays(-1);
        return pack.Count(EvidenceDays, ends) is { } days ? ends.AddDays(days) : null;
    }
}
