using CarbonMarket.Contracts.Identity.V1;
using CarbonMarket.Identity.Participants;
using CarbonMarket.ServiceDefaults.EventStore;
using JasperFx.Events;
using MassTransit;

namespace CarbonMarket.Identity;

/// <summary>Where Identity's private facts become public promises. API clients are nobody else's business.</summary>
public sealed class Publishing(IBus bus, ILogger<Publishing> logger) : IntegrationPublisher(bus, logger)
{
    protected override IEnumerable<Promise> Translate(IReadOnlyList<IEvent> page) => page
        .Where(recorded => recorded.Data is ParticipantEvent.Registered)
        .Select(recorded => new Promise(Translate((ParticipantEvent.Registered)recorded.Data), recorded));

    internal static ParticipantRegistered Translate(ParticipantEvent.Registered registered) => new()
    {
        ParticipantId = registered.ParticipantId,
        Name = registered.Name,
        Kind = registered.Kind.Word(),
        RegistrationCode = registered.RegistrationCode,
        RegisteredAt = registered.At,
    };
}
