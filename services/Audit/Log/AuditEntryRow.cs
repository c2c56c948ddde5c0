using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Audit.Log;

/// <summary>An entry as a row of audit.entries: the one place that knows the order of the columns.</summary>
internal static class AuditEntryRow
{
    public const string Columns =
        "service, position, sequence, event_id, stream_id, stream_version, type, body, recorded_at, correlation_id, "
        + "causation_id, actor_subject, actor_participant_id, actor_client_id, participants, digest, hash";

    public static async Task Write(
        NpgsqlBinaryImporter copy, AuditEntry entry, Chain chain, byte[] digest, CancellationToken cancellationToken)
    {
        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(entry.Service, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(chain.Entries, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(entry.Sequence, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(entry.EventId, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(entry.StreamId, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(entry.StreamVersion, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(entry.Type, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(entry.Body, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(entry.RecordedAt, NpgsqlDbType.TimestampTz, cancellationToken);
        await WriteText(copy, entry.CorrelationId, cancellationToken);
        await WriteText(copy, entry.CausationId, cancellationToken);
        await copy.WriteAsync(entry.ActorSubject, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(entry.ActorParticipantId, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(entry.ActorClientId, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(entry.Participants.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(digest, NpgsqlDbType.Bytea, cancellationToken);
        await copy.WriteAsync(chain.Hash, NpgsqlDbType.Bytea, cancellationToken);
    }

    public static (AuditEntry Entry, long Position, byte[] Digest, byte[] Hash) Read(NpgsqlDataReader row) => (
        new AuditEntry(
            row.GetString(0), row.GetInt64(2), row.GetGuid(3), row.GetGuid(4), row.GetInt64(5), row.GetString(6),
            row.GetString(7), row.GetFieldValue<DateTimeOffset>(8), Text(row, 9), Text(row, 10), row.GetString(11),
            row.GetGuid(12), row.GetString(13), [.. row.GetFieldValue<Guid[]>(14)]),
        row.GetInt64(1), Bytes(row, 15), Bytes(row, 16));

    // A row that is read whole is in memory: nothing here waits for the network.
    public static byte[] Bytes(NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    private static Task WriteText(NpgsqlBinaryImporter copy, string? text, CancellationToken cancellationToken) => text is null
        ? copy.WriteNullAsync(cancellationToken)
        : copy.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
