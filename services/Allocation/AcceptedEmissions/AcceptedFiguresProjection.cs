using JasperFx.Events;
using Marten.Events.Aggregation;

namespace CarbonMarket.Allocation.AcceptedEmissions;

/// <summary>Kept as documents: a plan asks for thousands at once.</summary>
public sealed partial class AcceptedFiguresProjection : SingleStreamProjection<AcceptedFigures, Guid>
{
    public AcceptedFiguresProjection()
    {
        IncludeType<EmissionsNoted>();
    }

    public override AcceptedFigures Evolve(AcceptedFigures? snapshot, Guid id, IEvent e) => AcceptedFigures.After(snapshot, (EmissionsNoted)e.Data, e.Id);
}
