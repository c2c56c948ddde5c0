using System.Collections.Immutable;
using System.Security.Cryptography;
using CarbonMarket.Contracts.Audit.V1;

namespace CarbonMarket.Audit.Log;

/// <summary>
/// One domain event of one service, as that service stored it. <see cref="Digest"/> covers every field, so that no part
/// of it can be changed unseen.
/// </summary>
/// <param name="Participants">Everybody the event concerns, in ascending order: named in the body, or its actor.</param>
public sealed record AuditEntry(
    string Service,
    long Sequence,
    Guid EventId,
    Guid StreamId,
    long StreamVersion,
    string Type,
    string Body,
    DateTimeOffset RecordedAt,
    string? CorrelationId,
    string? CausationId,
    string ActorSubject,
    Guid ActorParticipantId,
    string ActorClientId,
    ImmutableArray<Guid> Participants)
{
    // Part of every digest: another layout of the fields is another form, never a reinterpretation of this one.
    private const string Form = "carbonmarket.audit.entry.v1";

    public static AuditEntry From(string service, EventsRecorded.Entry recorded) => new(
        service, recorded.Sequence, recorded.EventId, recorded.StreamId, recorded.StreamVersion, recorded.Type,
        recorded.Body, ToMicroseconds(recorded.RecordedAt), recorded.CorrelationId, recorded.CausationId,
        recorded.ActorSubject, recorded.ActorParticipantId, recorded.ActorClientId,
        ParticipantsConcerned.By(recorded.Body, recorded.ActorParticipantId));

    /// <summary>SHA-256 of the canonical encoding: each field in order, text and lists led by their length.</summary>
    public byte[] Digest()
    {
        var encoding = new CanonicalEncoding();
        encoding.Text(Form);
        encoding.Text(Service);
        encoding.Number(Sequence);
        encoding.Id(EventId);
        encoding.Id(StreamId);
        encoding.Number(StreamVersion);
        encoding.Text(Type);
        encoding.Text(Body);
        encoding.Number(Microseconds(RecordedAt));
        encoding.Text(CorrelationId);
        encoding.Text(CausationId);
        encoding.Text(ActorSubject);
        encoding.Id(ActorParticipantId);
        encoding.Text(ActorClientId);
        encoding.Number(Participants.Length);
        foreach (var participant in Participants)
            encoding.Id(participant);
        return SHA256.HashData(encoding.Written);
    }

    /// <summary>Microseconds since 1970, the precision the database keeps.</summary>
    public static long Microseconds(DateTimeOffset at) =>
        (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    private static DateTimeOffset ToMicroseconds(DateTimeOffset at) => FromMicroseconds(Microseconds(at));
}
