using CarbonMarket.Verification.Checks;
using CarbonMarket.Verification.Coverage;
using CarbonMarket.Verification.Engagements;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Interests;
using CarbonMarket.Verification.Plans;
using CarbonMarket.Verification.Reports;
using JasperFx.Events.Projections;
using Marten;

namespace CarbonMarket.Verification;

/// <summary>The names under which events are stored for ever, and the documents beside them.</summary>
internal static class History
{
    public static void Configure(StoreOptions store)
    {
        store.Events.MapEventType<ReportEvent.ReportFiled>("report.filed.v1");
        store.Events.MapEventType<ReportEvent.StatementGiven>("report.statement-given.v1");
        store.Events.MapEventType<ReportEvent.ReportAccepted>("report.accepted.v1");
        store.Events.MapEventType<ReportEvent.ReportReturned>("report.returned.v1");
        store.Events.MapEventType<ReportEvent.DeterminationProposed>("report.determination-proposed.v1");
        store.Events.MapEventType<ReportEvent.DeterminationRejected>("report.determination-rejected.v1");
        store.Events.MapEventType<ReportEvent.ReportDetermined>("report.determined.v1");
        store.Events.MapEventType<ReportEvent.ReportReopened>("report.reopened.v1");
        store.Events.MapEventType<ReportEvent.ResultTold>("report.result-told.v1");
        store.Events.MapEventType<ReportEvent.ObjectionFiled>("report.objection-filed.v1");
        store.Events.MapEventType<ReportEvent.ObjectionDecided>("report.objection-decided.v1");
        store.Events.MapEventType<ReportEvent.DifferenceExplained>("report.difference-explained.v1");
        store.Events.MapEventType<InterestEvent.GroupDeclared>("interest.group-declared.v1");
        store.Events.MapEventType<InterestEvent.CompilerNamed>("interest.compiler-named.v1");
        store.Events.MapEventType<EngagementEvent.VerifierAppointed>("engagement.verifier-appointed.v1");
        store.Events.MapEventType<EngagementEvent.VerifierDismissed>("engagement.verifier-dismissed.v1");
        store.Events.MapEventType<EngagementEvent.StatementTimeExtended>("engagement.statement-time-extended.v1");
        store.Events.MapEventType<EngagementEvent.TeamNamed>("engagement.team-named.v1");
        store.Events.MapEventType<EngagementEvent.PlanMade>("engagement.plan-made.v1");
        store.Events.MapEventType<EngagementEvent.PlanItemDone>("engagement.plan-item-done.v1");
        store.Events.MapEventType<EngagementEvent.SiteVisited>("engagement.site-visited.v1");
        store.Events.MapEventType<EngagementEvent.InformationRequested>("engagement.information-requested.v1");
        store.Events.MapEventType<EngagementEvent.InformationGiven>("engagement.information-given.v1");
        store.Events.MapEventType<EngagementEvent.FindingRaised>("engagement.finding-raised.v1");
        store.Events.MapEventType<EngagementEvent.FindingAnswered>("engagement.finding-answered.v1");
        store.Events.MapEventType<EngagementEvent.FindingConcluded>("engagement.finding-concluded.v1");
        store.Events.MapEventType<EngagementEvent.FindingEstimated>("engagement.finding-estimated.v1");
        store.Events.MapEventType<EngagementEvent.EarlierFindingClosed>("engagement.earlier-finding-closed.v1");
        store.Events.MapEventType<EngagementEvent.VerificationConcluded>("engagement.verification-concluded.v1");
        store.Events.MapEventType<PlanEvent.PlanFiled>("plan.filed.v1");
        store.Events.MapEventType<MonthEvent.MonthFiled>("month.filed.v1");
        store.Projections.Add<EmissionReportProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<InterestProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<EngagementProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<QualityPlanProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<MonthlyEvidenceProjection>(ProjectionLifecycle.Inline);
        store.Schema.For<EmissionReport>().Index(report => report.Market).Index(report => report.ParticipantId);
        store.Schema.For<Interest>().Index(interest => interest.Market);
        store.Schema.For<Engagement>().Index(engagement => engagement.Market).Index(engagement => engagement.ParticipantId)
            .Index(engagement => engagement.VerifierParticipantId);
        store.Schema.For<QualityPlan>().Index(plan => plan.Market).Index(plan => plan.ParticipantId);
        store.Schema.For<MonthlyEvidence>().Index(month => month.Market).Index(month => month.ParticipantId);
        store.Schema.For<PeerFactor>().Index(factor => new { factor.Market, factor.Kind, factor.Year }).Index(factor => factor.ParticipantId);
        store.Schema.For<YearClaim>();
        // Of two that have read the same, the second to store reads again: an older revision never replaces a newer one.
        store.Schema.For<CoveredYears>().UseOptimisticConcurrency(true);
    }
}
