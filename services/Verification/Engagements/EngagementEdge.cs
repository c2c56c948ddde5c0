using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Reports;
using Marten;

namespace CarbonMarket.Verification.Engagements;

/// <summary>Who asks, for which organisation, on which legal day.</summary>
internal sealed record Asked(PolicyPack Pack, Guid By, DateOnly Day, DateTimeOffset At)
{
    public static Asked Of(HttpContext context, TimeProvider clock)
    {
        var (pack, at) = (context.Market(), clock.GetUtcNow());
        return new Asked(pack, context.User.ParticipantId(), pack.LegalDay(at), at);
    }
}

/// <summary>How every request about one engagement is answered.</summary>
internal static class EngagementEdge
{
    public const int LongestText = 2000;
    public const int LongestName = 200;

    /// <summary>404 where there is none in this market; otherwise decides, and answers with what stands then.</summary>
    public static Task<IResult> Answer(
        this IDocumentSession session, Guid engagementId, Asked asked, Faults faults, Func<EngagementCommand> command, CancellationToken cancellationToken) =>
        session.Answer(engagementId, asked, faults, (_, _) => Task.FromResult(command()), cancellationToken);

    /// <summary>The same for a command about the version that is filed.</summary>
    public static Task<IResult> Answer(
        this IDocumentSession session, Guid engagementId, Asked asked, Faults faults, Func<FiledVersion?, EngagementCommand> command,
        CancellationToken cancellationToken) =>
        session.Answer(engagementId, asked, faults, async (engagement, stop) => command(await session.Filed(engagement, stop)), cancellationToken);

    /// <summary>The version of the engagement's report that is filed; null: none.</summary>
    public static async Task<FiledVersion?> Filed(this IQuerySession session, Engagement engagement, CancellationToken cancellationToken)
    {
        var claim = await session.LoadAsync<YearClaim>(
            YearClaim.IdOf(engagement.Market, engagement.ParticipantId, engagement.Year), cancellationToken);
        var report = claim is null ? null : await session.Report(claim.ReportId, cancellationToken);
        return report is null ? null : new FiledVersion(report.ReportVersion, report.Sources);
    }

    private static async Task<IResult> Answer(
        this IDocumentSession session, Guid engagementId, Asked asked, Faults faults,
        Func<Engagement, CancellationToken, Task<EngagementCommand>> command, CancellationToken cancellationToken)
    {
        if (faults.Any)
            return faults.ToProblem();
        var decision = await session.AgainAfterClash(async () =>
        {
            var known = await session.LoadAsync<Engagement>(engagementId, cancellationToken);
            if (known is null || known.Market != asked.Pack.Market)
                return null;
            var given = await command(known, cancellationToken);
            return await session.Decide<Engagement, EngagementEvent>(
                engagementId, engagement => Engagement.Decide(engagement, given), cancellationToken);
        });
        if (decision is null or Decision<EngagementEvent>.Rejected { Code: "unknown-engagement" })
            return GetEngagements.Unknown(engagementId);
        var stands = await session.LoadAsync<Engagement>(engagementId, cancellationToken);
        return decision.ToHttp(() => Results.Ok(EngagementAnswer.Of(stands!)));
    }
}
