using JasperFx.Events;
using Marten.Events.Aggregation;

namespace CarbonMarket.Allocation.CoveredEntities;

/// <summary>Kept as a document in the same transaction: plans ask at once whether thousands of participants are covered.</summary>
public sealed partial class CoveredEntityProjection : SingleStreamProjection<CoveredEntity, Guid>
{
    public CoveredEntityProjection()
    {
        IncludeType<CoveredEntityEvent.CoverageBegan>();
        IncludeType<CoveredEntityEvent.CoverageChanged>();
        IncludeType<CoveredEntityEvent.YearExcluded>();
        IncludeType<CoveredEntityEvent.ExclusionReversed>();
        IncludeType<CoveredEntityEvent.DivisionAssigned>();
        IncludeType<CoveredEntityEvent.CoverageEnded>();
        IncludeType<CoveredEntityEvent.PredecessorsNamed>();
        IncludeType<CoveredEntityEvent.WithholdingBegan>();
        IncludeType<CoveredEntityEvent.WithholdingEnded>();
    }

    public override CoveredEntity Evolve(CoveredEntity? snapshot, Guid id, IEvent e) =>
        CoveredEntity.After(snapshot, (CoveredEntityEvent)e.Data);
}
