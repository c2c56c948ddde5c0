using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.Verification.Interests;
using CarbonMarket.Verification.Reports;
using Marten;

namespace CarbonMarket.Verification.Engagements;

/// <summary>
/// Where verifiers are appointed, a statement is the end of an engagement: both are decided and stored together, so that a
/// finding raised at the same moment is not passed over.
/// </summary>
internal static class ConcludeVerification
{
    public static Task<Decision<ReportEvent>> Conclude(
        this IDocumentSession session, Asked asked, ReportCommand.GiveStatement statement, CancellationToken cancellationToken) =>
        session.AgainAfterClash(async () =>
        {
            var report = await session.Events.FetchForWriting<EmissionReport>(
                await session.StreamOf(statement.ReportId, cancellationToken), cancellationToken);
            if (report.Aggregate is null)
                return EmissionReport.Unknown();
            var (entity, year) = (report.Aggregate.ParticipantId, report.Aggregate.Year);
            var engagement = await session.Events.FetchForWriting<Engagement>(
                Engagement.IdOf(asked.Pack.Market, entity, year), cancellationToken);
            // Whoever may not see a report is told that there is none, whatever stands in it.
            if (engagement.Aggregate?.VerifierParticipantId != asked.By)
                return EmissionReport.Unknown();
            var given = EmissionReport.Decide(report.Aggregate, statement);
            if (given is not Decision<ReportEvent>.Accepted { Events.IsEmpty: false } accepted)
                return given;
            var ties = await session.Ties(asked.Pack, asked.By, entity, year, asked.Day, cancellationToken);
            var concluded = Engagement.Decide(engagement.Aggregate, new EngagementCommand.Conclude(
                new FiledVersion(report.Aggregate.ReportVersion, report.Aggregate.Sources), statement.Conclusion, statement.Verified, ties,
                asked.Pack.Verification.SiteVisit, asked.By, asked.Day, asked.At));
            if (concluded is Decision<EngagementEvent>.Rejected refused)
                return Decision<ReportEvent>.Reject(refused.Code, refused.Reason);
            report.AppendMany(accepted.Events.Cast<object>());
            engagement.AppendMany(((Decision<EngagementEvent>.Accepted)concluded).Events.Cast<object>());
            await session.SaveChangesAsync(cancellationToken);
            return given;
        });
}
