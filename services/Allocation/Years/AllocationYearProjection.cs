using JasperFx.Events;
using Marten.Events.Aggregation;

namespace CarbonMarket.Allocation.Years;

public sealed partial class AllocationYearProjection : SingleStreamProjection<AllocationYear, Guid>
{
    public AllocationYearProjection()
    {
        IncludeType<AllocationYearEvent.BalancePublished>();
        IncludeType<AllocationYearEvent.YearCapped>();
        IncludeType<AllocationYearEvent.CapDrawn>();
    }

    public override AllocationYear Evolve(AllocationYear? snapshot, Guid id, IEvent e) => AllocationYear.After(snapshot, (AllocationYearEvent)e.Data, e.Id);
}
