using CarbonMarket.Contracts.Audit.V1;
using CarbonMarket.ServiceDefaults.Tracing;
using JasperFx.Events;
using Marten;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CarbonMarket.ServiceDefaults.EventStore;

/// <summary>Sends every committed event, as stored, to the audit log; in the order of the store and in envelopes.</summary>
public sealed class AuditFeed(ServiceName service, IServiceProvider services, IBus bus, ILogger<AuditFeed> logger)
    : IntegrationPublisher(bus, logger)
{
    private const int EntriesPerEnvelope = 500;

    // The store is built from its subscriptions, so it can be asked for only later.
    private readonly Lazy<Marten.ISerializer> _serializer = new(() => services.GetRequiredService<IDocumentStore>().Options.Serializer());

    protected override bool WaitsForItsReader => true;

    protected override IEnumerable<Promise> Translate(IReadOnlyList<IEvent> page) =>
        page.Chunk(EntriesPerEnvelope).Select(events => new Promise(
            new EventsRecorded { Service = service.Value, Entries = [.. events.Select(Entry)] }, events[0]));

    private EventsRecorded.Entry Entry(IEvent recorded) => new()
    {
        EventId = recorded.Id,
        Sequence = recorded.Sequence,
        StreamId = recorded.StreamId,
        StreamVersion = recorded.Version,
        Type = recorded.EventTypeName,
        Body = _serializer.Value.ToCleanJson(recorded.Data),
        RecordedAt = recorded.Timestamp.ToUniversalTime(),
        CorrelationId = recorded.CorrelationId,
        CausationId = recorded.CausationId,
        ActorSubject = recorded.GetHeader(ProvenanceContext.SubjectHeader)?.ToString() ?? service.Value,
        ActorParticipantId = Guid.TryParse(recorded.GetHeader(ProvenanceContext.ParticipantHeader)?.ToString(), out var id) ? id : Guid.Empty,
        ActorClientId = recorded.GetHeader(ProvenanceContext.ClientHeader)?.ToString() ?? service.Value,
    };
}
