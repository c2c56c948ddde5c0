using JasperFx.Events;
using Marten.Events.Aggregation;

namespace CarbonMarket.Verification.Plans;

/// <summary>Kept as a document in the same transaction: evidence is checked against the plan that stands.</summary>
public sealed partial class QualityPlanProjection : SingleStreamProjection<QualityPlan, Guid>
{
    public QualityPlanProjection() => IncludeType<PlanEvent.PlanFiled>();

    public override QualityPlan Evolve(QualityPlan? snapshot, Guid id, IEvent e) => QualityPlan.After(snapshot, (PlanEvent)e.Data);
}
