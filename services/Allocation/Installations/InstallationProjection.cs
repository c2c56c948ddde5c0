using JasperFx.Events;
using Marten.Events.Aggregation;

namespace CarbonMarket.Allocation.Installations;

/// <summary>Kept as documents: a plan asks for thousands at once.</summary>
public sealed partial class InstallationProjection : SingleStreamProjection<Installation, Guid>
{
    public InstallationProjection()
    {
        IncludeType<InstallationEvent.InstallationRegistered>();
        IncludeType<InstallationEvent.InstallationClassified>();
        IncludeType<InstallationEvent.InstallationTransferred>();
        IncludeType<InstallationEvent.InstallationClosed>();
        IncludeType<InstallationEvent.ActivityFiled>();
    }

    // Not every stream has the id that a new one would get: see InstallationStreams.
    public override Installation Evolve(Installation? snapshot, Guid id, IEvent e) => Installation.After(snapshot, (InstallationEvent)e.Data, e.Id) with { Id = id };
}
