using JasperFx.Events;
using Marten.Events.Aggregation;

namespace CarbonMarket.Allocation.Objections;

/// <summary>Kept as documents, for lists.</summary>
public sealed partial class PlanObjectionProjection : SingleStreamProjection<PlanObjection, Guid>
{
    public PlanObjectionProjection()
    {
        IncludeType<PlanObjectionEvent.ObjectionFiled>();
        IncludeType<PlanObjectionEvent.ObjectionDecided>();
    }

    public override PlanObjection Evolve(PlanObjection? snapshot, Guid id, IEvent e) => PlanObjection.After(snapshot, (PlanObjectionEvent)e.Data);
}
