using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Verification;

/// <summary>Last legal days by the pack's numbers; null where the pack has none.</summary>
internal static class LegalDays
{
    /// <summary>To tell the entity the result.</summary>
    public static DateOnly? TellBy(this PolicyPack pack, DateOnly from) => pack.AfterWorkingDays("result-notice-days", from);

    /// <summary>To object to it.</summary>
    public static DateOnly? ObjectBy(this PolicyPack pack, DateOnly from) => pack.AfterWorkingDays("objection-days", from);

    /// <summary>To decide the objection.</summary>
    public static DateOnly? DecideBy(this PolicyPack pack, DateOnly from) => pack.AfterWorkingDays("objection-decision-days", from);

    /// <summary>To correct a finding: calendar days.</summary>
    public static DateOnly? CorrectBy(this PolicyPack pack, DateOnly from) => pack.Count("correction-days", from) is { } days ? from.AddDays(days) : null;

    public static int? MostYearsInARow(this PolicyPack pack, DateOnly on) => pack.Count("verifier-years-in-a-row", on);
}
