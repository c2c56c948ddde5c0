using JasperFx.Events.Projections;
using Marten;

namespace CarbonMarket.Identity.Participants;

public static class ParticipantsFeature
{
    public static void AddParticipants(this StoreOptions store)
    {
        store.Events.MapEventType<ParticipantEvent.Registered>("participant.registered.v1");
        store.Events.MapEventType<ParticipantEvent.ClientProposed>("participant.client-proposed.v1");
        store.Events.MapEventType<ParticipantEvent.ClientRegistered>("participant.client-registered.v1");
        store.Events.MapEventType<ParticipantEvent.ClientRevoked>("participant.client-revoked.v1");
        store.Projections.Add(new ParticipantProjection(), ProjectionLifecycle.Inline);
    }
}
