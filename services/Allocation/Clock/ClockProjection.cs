using JasperFx.Events;
using Marten.Events.Aggregation;

namespace CarbonMarket.Allocation.Clock;

/// <summary>Kept as a snapshot in the same transaction: every service asks for the clock every two seconds.</summary>
public sealed partial class ClockProjection : SingleStreamProjection<LegalClock, Guid>
{
    public ClockProjection()
    {
        IncludeType<ClockSet>();
    }

    public override LegalClock Evolve(LegalClock? snapshot, Guid id, IEvent e) =>
        (snapshot ?? new LegalClock()).After((ClockSet)e.Data);
}
