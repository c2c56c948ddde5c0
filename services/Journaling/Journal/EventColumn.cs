using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Journaling;

/// <summary>What one row of mt_events is made of.</summary>
internal readonly record struct EventRow(
    long Sequence, Guid Id, Guid Stream, long Version, DateTimeOffset Timestamp, string Tenant, EncodedCommand Command, EncodedEvent Event);

/// <summary>
/// A column of mt_events and how it is written. The table is read at every start and each column must be known here: a
/// release of Marten that adds or retypes one must be looked at before the journal writes to it.
/// </summary>
internal sealed record EventColumn(string Name, string Type, Func<NpgsqlBinaryImporter, EventRow, CancellationToken, Task> Write)
{
    private static readonly EventColumn[] Known =
    [
        new("seq_id", "bigint", (copy, row, ct) => copy.WriteAsync(row.Sequence, NpgsqlDbType.Bigint, ct)),
        new("id", "uuid", (copy, row, ct) => copy.WriteAsync(row.Id, NpgsqlDbType.Uuid, ct)),
        new("stream_id", "uuid", (copy, row, ct) => copy.WriteAsync(row.Stream, NpgsqlDbType.Uuid, ct)),
        new("version", "bigint", (copy, row, ct) => copy.WriteAsync(row.Version, NpgsqlDbType.Bigint, ct)),
        new("data", "jsonb", (copy, row, ct) => copy.WriteAsync(row.Event.Json, NpgsqlDbType.Jsonb, ct)),
        new("bdata", "bytea", (copy, _, ct) => copy.WriteNullAsync(ct)),
        new("type", "character varying", (copy, row, ct) => copy.WriteAsync(row.Event.Name, NpgsqlDbType.Varchar, ct)),
        new("timestamp", "timestamp with time zone", (copy, row, ct) => copy.WriteAsync(row.Timestamp.UtcDateTime, NpgsqlDbType.TimestampTz, ct)),
        new("tenant_id", "character varying", (copy, row, ct) => copy.WriteAsync(row.Tenant, NpgsqlDbType.Varchar, ct)),
        new("mt_dotnet_type", "character varying", (copy, row, ct) => copy.WriteAsync(row.Event.DotNetType, NpgsqlDbType.Varchar, ct)),
        new("correlation_id", "character varying", (copy, row, ct) => copy.WriteAsync(row.Command.Provenance.CorrelationId, NpgsqlDbType.Varchar, ct)),
        new("causation_id", "character varying", (copy, row, ct) => copy.WriteAsync(row.Command.Provenance.CausationId, NpgsqlDbType.Varchar, ct)),
        new("headers", "jsonb", (copy, row, ct) => copy.WriteAsync(row.Command.Headers, NpgsqlDbType.Jsonb, ct)),
        new("user_name", "character varying", (copy, row, ct) => copy.WriteAsync(row.Command.Provenance.Actor.Subject, NpgsqlDbType.Varchar, ct)),
        new("is_archived", "boolean", (copy, _, ct) => copy.WriteAsync(value: false, NpgsqlDbType.Boolean, ct)),
    ];

    /// <summary>Metadata that a store may be configured without. The headers are not among it: they carry the command ids.</summary>
    private static readonly string[] Optional = ["bdata", "correlation_id", "causation_id", "user_name"];

    public string Quoted => $"\"{Name}\"";

    public static async Task<EventColumn[]> Of(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select column_name, data_type from information_schema.columns where table_schema = $1 and table_name = 'mt_events' "
            + "order by ordinal_position", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = schema } },
        };
        var present = new List<(string Name, string Type)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            present.Add((reader.GetString(0), reader.GetString(1)));
        return Match(schema, present);
    }

    internal static EventColumn[] Match(string schema, IReadOnlyCollection<(string Name, string Type)> present)
    {
        var unknown = present.Where(column => !Known.Any(known => (known.Name, known.Type) == column)).ToList();
        var missing = Known.Where(known => !Optional.Contains(known.Name, StringComparer.Ordinal)
            && !present.Contains((known.Name, known.Type))).ToList();
        return unknown.Count == 0 && missing.Count == 0
            ? [.. present.Select(column => Known.Single(known => known.Name == column.Name))]
            : throw new NotSupportedException(
                $"{schema}.mt_events is not the table this journal writes. Unknown: {string.Join(", ", unknown)}; "
                + $"missing: {string.Join(", ", missing.Select(column => column.Name))}.");
    }
}
