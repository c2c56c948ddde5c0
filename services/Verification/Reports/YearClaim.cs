using CarbonMarket.Kernel;

namespace CarbonMarket.Verification.Reports;

/// <summary>
/// A participant has one report for a year: whichever was filed first holds the year. Inserted with that report's first
/// event, so two reports filed at the same moment clash and one of them finds the year taken.
/// </summary>
public sealed record YearClaim(Guid Id, Guid ReportId)
{
    public static Guid IdOf(string market, Guid participantId, ComplianceYear year) =>
        DeterministicGuid.From(participantId, $"verification:report-of-year:{market}", year.Value);
}
