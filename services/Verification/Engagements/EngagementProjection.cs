using JasperFx.Events;
using Marten.Events.Aggregation;

namespace CarbonMarket.Verification.Engagements;

/// <summary>Kept as a document in the same transaction, so that lists and the next year's appointment show what was just done.</summary>
public sealed partial class EngagementProjection : SingleStreamProjection<Engagement, Guid>
{
    public EngagementProjection()
    {
        IncludeType<EngagementEvent.VerifierAppointed>();
        IncludeType<EngagementEvent.VerifierDismissed>();
        IncludeType<EngagementEvent.StatementTimeExtended>();
        IncludeType<EngagementEvent.TeamNamed>();
        IncludeType<EngagementEvent.PlanMade>();
        IncludeType<EngagementEvent.PlanItemDone>();
        IncludeType<EngagementEvent.SiteVisited>();
        IncludeType<EngagementEvent.InformationRequested>();
        IncludeType<EngagementEvent.InformationGiven>();
        IncludeType<EngagementEvent.FindingRaised>();
        IncludeType<EngagementEvent.FindingAnswered>();
        IncludeType<EngagementEvent.FindingConcluded>();
        IncludeType<EngagementEvent.FindingEstimated>();
        IncludeType<EngagementEvent.EarlierFindingClosed>();
        IncludeType<EngagementEvent.VerificationConcluded>();
    }

    public override Engagement Evolve(Engagement? snapshot, Guid id, IEvent e) => Engagement.After(snapshot, (EngagementEvent)e.Data);
}
