using JasperFx.Events;
using Marten.Events.Aggregation;

namespace CarbonMarket.Allocation.Plans;

/// <summary>Kept as documents, for lists.</summary>
public sealed partial class PlanBookingProjection : SingleStreamProjection<PlanBooking, Guid>
{
    public PlanBookingProjection()
    {
        IncludeType<BookingNoted>();
    }

    public override PlanBooking Evolve(PlanBooking? snapshot, Guid id, IEvent e) => PlanBooking.After(snapshot, (BookingNoted)e.Data);
}
