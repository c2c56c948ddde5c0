using CarbonMarket.Contracts.Audit.V1;
using CarbonMarket.ServiceDefaults.Tracing;
using JasperFx.Events;
using MassTransit;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CarbonMarket.ServiceDefaults.EventStore;

/// <summary>
/// Sends every committed event to the audit log, in the order of the store and in envelopes. The body is read from the
/// table and not written anew from the event, so that it is what was stored, whatever this version of the code makes of it.
/// </summary>
public sealed class AuditFeed(ServiceName service, NpgsqlDataSource database, IBus bus, ILogger<AuditFeed> logger)
    : IntegrationPublisher(bus, logger)
{
    private const int EntriesPerEnvelope = 500;

    /// <summary>The broker takes messages of up to 16 MiB. An event that is larger than this goes alone.</summary>
    private const int CharactersPerEnvelope = 4 * 1024 * 1024;

    protected override bool WaitsForItsReader => true;

    protected override bool SaysItsOrigin => false;

    protected override async Task<IReadOnlyList<Promise>> Translate(IReadOnlyList<IEvent> page, CancellationToken cancellationToken)
    {
        var bodies = await Bodies(page, cancellationToken);
        return [.. Envelopes(page, bodies).Select(events => new Promise(
            new EventsRecorded { Service = service.Value, Entries = [.. events.Select(recorded => Entry(recorded, bodies[recorded.Sequence]))] },
            events[0]))];
    }

    private static IEnumerable<List<IEvent>> Envelopes(IReadOnlyList<IEvent> page, Dictionary<long, string> bodies)
    {
        var (envelope, characters) = (new List<IEvent>(), 0);
        foreach (var recorded in page)
        {
            var length = bodies[recorded.Sequence].Length;
            if (envelope.Count == EntriesPerEnvelope || (envelope.Count > 0 && characters + length > CharactersPerEnvelope))
            {
                yield return envelope;
                (envelope, characters) = ([], 0);
            }
            envelope.Add(recorded);
            characters += length;
        }
        if (envelope.Count > 0)
            yield return envelope;
    }

    private async Task<Dictionary<long, string>> Bodies(IReadOnlyList<IEvent> page, CancellationToken cancellationToken)
    {
        var bodies = new Dictionary<long, string>(page.Count);
        await using var select = database.CreateCommand($"select seq_id, data::text from {service.Value}.mt_events where seq_id = any($1)");
        select.Parameters.AddWithValue(page.Select(recorded => recorded.Sequence).ToArray());
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            bodies.Add(rows.GetInt64(0), rows.GetString(1));
        return bodies;
    }

    private EventsRecorded.Entry Entry(IEvent recorded, string body) => new()
    {
        EventId = recorded.Id,
        Sequence = recorded.Sequence,
        StreamId = recorded.StreamId,
        StreamVersion = recorded.Version,
        Type = recorded.EventTypeName,
        Body = body,
        RecordedAt = recorded.Timestamp.ToUniversalTime(),
        CorrelationId = recorded.CorrelationId,
        CausationId = recorded.CausationId,
        ActorSubject = recorded.GetHeader(ProvenanceContext.SubjectHeader)?.ToString() ?? service.Value,
        ActorParticipantId = Guid.TryParse(recorded.GetHeader(ProvenanceContext.ParticipantHeader)?.ToString(), out var id) ? id : Guid.Empty,
        ActorClientId = recorded.GetHeader(ProvenanceContext.ClientHeader)?.ToString() ?? service.Value,
    };
}
