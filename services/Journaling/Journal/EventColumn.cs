using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Journaling;

/// <summary>What one row of mt_events is made of.</summary>
internal readonly record struct EventRow(
    long Sequence, Guid Id, Guid Stream, long Version, DateTimeOffset Timestamp, string Tenant, EncodedCommand Command, EncodedEvent Event);

/// <summary>
/// A column of mt_events and what stands in it. The table is read at every start and each column must be known here: a
/// release of Marten that adds or retypes one must be looked at before the journal writes to it.
/// </summary>
/// <param name="Copy">Writes the value of a row that is copied.</param>
/// <param name="Insert">
/// The values of rows that are inserted, as one array; null where the statement itself says it, or nothing stands there.
/// </param>
internal sealed record EventColumn(string Name, string Type, Action<CopyRows, EventRow> Copy, Func<EventRow[], NpgsqlParameter>? Insert)
{
    public const string Sequence = "seq_id";

    private static readonly EventColumn[] Known =
    [
        new(Sequence, "bigint", (copy, row) => copy.Write(row.Sequence), Insert: null),
        new("id", "uuid", (copy, row) => copy.Write(row.Id), rows => Values(rows, row => row.Id, NpgsqlDbType.Uuid)),
        new("stream_id", "uuid", (copy, row) => copy.Write(row.Stream), rows => Values(rows, row => row.Stream, NpgsqlDbType.Uuid)),
        new("version", "bigint", (copy, row) => copy.Write(row.Version), rows => Values(rows, row => row.Version, NpgsqlDbType.Bigint)),
        new("data", "jsonb", (copy, row) => copy.WriteJson(row.Event.Json), rows => Values(rows, row => row.Event.Json, NpgsqlDbType.Jsonb)),
        new("bdata", "bytea", (copy, _) => copy.WriteNull(), Insert: null),
        Text("type", row => row.Event.Name),
        new("timestamp", "timestamp with time zone", (copy, row) => copy.Write(row.Timestamp),
            rows => Values(rows, row => row.Timestamp.UtcDateTime, NpgsqlDbType.TimestampTz)),
        Text("tenant_id", row => row.Tenant),
        Text("mt_dotnet_type", row => row.Event.DotNetType),
        Text("correlation_id", row => row.Command.Provenance.CorrelationId),
        Text("causation_id", row => row.Command.Provenance.CausationId),
        new("headers", "jsonb", (copy, row) => copy.WriteJson(row.Command.Headers), rows => Values(rows, row => row.Command.Headers, NpgsqlDbType.Jsonb)),
        Text("user_name", row => row.Command.Provenance.Actor.Subject),
        new("is_archived", "boolean", (copy, _) => copy.Write(value: false), rows => Values(rows, _ => false, NpgsqlDbType.Boolean)),
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

    private static EventColumn Text(string name, Func<EventRow, string> value) => new(
        name, "character varying", (copy, row) => copy.Write(value(row)), rows => Values(rows, value, NpgsqlDbType.Varchar));

    private static NpgsqlParameter<T[]> Values<T>(EventRow[] rows, Func<EventRow, T> value, NpgsqlDbType type) =>
        new() { TypedValue = Array.ConvertAll(rows, row => value(row)), NpgsqlDbType = NpgsqlDbType.Array | type };
}
