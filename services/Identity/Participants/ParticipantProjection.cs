using JasperFx.Events;
using Marten.Events.Aggregation;

namespace CarbonMarket.Identity.Participants;

/// <summary>
/// The whole of Marten's view of a participant. Kept inline, because a list must show what was just registered.
/// </summary>
public sealed partial class ParticipantProjection : SingleStreamProjection<Participant, Guid>
{
    public override Participant? Evolve(Participant? snapshot, Guid id, IEvent e) =>
        Participant.After(snapshot, (ParticipantEvent)e.Data);
}
