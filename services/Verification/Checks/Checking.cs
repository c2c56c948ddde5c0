using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Verification.Calculations;
using CarbonMarket.Verification.Engagements;
using CarbonMarket.Verification.Plans;
using CarbonMarket.Verification.Reports;
using Marten;

namespace CarbonMarket.Verification.Checks;

internal static class Checking
{
    /// <summary>The year as it stands with all it is held against.</summary>
    public static async Task<CheckedYear> Gather(this IQuerySession session, PolicyPack pack, ComputedYear computed, CancellationToken cancellationToken)
    {
        var (participant, year) = (computed.Plan.ParticipantId, computed.Plan.Year);
        var before = ComplianceYear.Of(year.Value - 1);
        var claim = await session.LoadAsync<YearClaim>(YearClaim.IdOf(pack.Market, participant, before), cancellationToken);
        return new CheckedYear(
            computed.Plan, computed.Months, computed.Year.Total is null ? [] : computed.Sources(), CheckLimits.Of(pack, new DateOnly(year.Value, 12, 31)),
            await session.LoadAsync<QualityPlan>(QualityPlan.IdOf(pack.Market, participant, before), cancellationToken),
            claim is null ? null : await session.Report(claim.ReportId, cancellationToken),
            await session.LoadAsync<Engagement>(Engagements.Engagement.IdOf(pack.Market, participant, before), cancellationToken),
            await session.LoadAsync<Engagement>(Engagements.Engagement.IdOf(pack.Market, participant, year), cancellationToken),
            computed.Year, await session.PeersOf(computed.Plan, computed.Year, cancellationToken));
    }
}
