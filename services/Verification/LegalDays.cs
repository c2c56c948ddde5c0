using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Verification;

/// <summary>Last legal days by the pack's numbers; null where the pack has none.</summary>
internal static class LegalDays
{
    /// <summary>To tell the entity the result.</summary>
    public static DateOnly? TellBy(this PolicyPack pack, DateOnly from) => pack.WorkingDays("result-notice-days", from);

    /// <summary>To object to it.</summary>
    public static DateOnly? ObjectBy(this PolicyPack pack, DateOnly from) => pack.WorkingDays("objection-days", from);

    /// <summary>To decide the objection.</summary>
    public static DateOnly? DecideBy(this PolicyPack pack, DateOnly from) => pack.WorkingDays("objection-decision-days", from);

    /// <summary>To correct a finding: calendar days.</summary>
    public static DateOnly? CorrectBy(this PolicyPack pack, DateOnly from) => pack.Days("correction-days", from) is { } days ? from.AddDays(days) : null;

    public static int? MostYearsInARow(this PolicyPack pack, DateOnly on) => pack.Days("verifier-years-in-a-row", on);

    private static DateOnly? WorkingDays(this PolicyPack pack, string parameter, DateOnly from) =>
        pack.Days(parameter, from) is { } days ? pack.AfterWorkingDays(from, days) : null;

    private static int? Days(this PolicyPack pack, string parameter, DateOnly on) => (int?)pack.Parameter(parameter)?.On(on)?.Value;
}
