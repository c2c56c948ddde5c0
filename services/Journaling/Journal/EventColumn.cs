using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Journaling;

/// <summary>What tells one row of mt_events from the others of its batch.</summary>
internal readonly record struct EventRow(Guid Id, EncodedCommand Command, EncodedEvent Event);

/// <summary>
/// A column of mt_events and what stands in it. The table is read at every start and each column must be known here: a
/// release of Marten that adds or retypes one must be looked at before the journal writes to it.
/// </summary>
/// <param name="Values">The values of a batch's rows, as one array; null where all rows have the same or the server makes it.</param>
internal sealed record EventColumn(string Name, string Type, Func<EventRow[], NpgsqlParameter>? Values)
{
    /// <summary>Stream, version before, version after, moment and tenant come before the arrays.</summary>
    public const int FixedParameters = 5;

    /// <summary>What the statement calls the version of a row.</summary>
    public const string Number = "number";

    private static readonly EventColumn[] Known =
    [
        new("seq_id", "bigint", Values: null) { Made = "nextval('{0}.mt_events_sequence')" },
        new("id", "uuid", rows => Array(rows, row => row.Id, NpgsqlDbType.Uuid)),
        new("stream_id", "uuid", Values: null) { Made = "$1" },
        new("version", "bigint", Values: null) { Made = $"e.{Number}" },
        new("data", "jsonb", rows => Array(rows, row => row.Event.Json, NpgsqlDbType.Jsonb)),
        new("bdata", "bytea", Values: null) { Made = "null" },
        Text("type", row => row.Event.Name),
        new("timestamp", "timestamp with time zone", Values: null) { Made = "$4" },
        new("tenant_id", "character varying", Values: null) { Made = "$5" },
        Text("mt_dotnet_type", row => row.Event.DotNetType),
        Text("correlation_id", row => row.Command.Provenance.CorrelationId),
        Text("causation_id", row => row.Command.Provenance.CausationId),
        new("headers", "jsonb", rows => Array(rows, row => row.Command.Headers, NpgsqlDbType.Jsonb)),
        Text("user_name", row => row.Command.Provenance.Actor.Subject),
        new("is_archived", "boolean", Values: null) { Made = "false" },
    ];

    /// <summary>Metadata that a store may be configured without. The headers are not among it: they carry the command ids.</summary>
    private static readonly string[] Optional = ["bdata", "correlation_id", "causation_id", "user_name"];

    public string Quoted => $"\"{Name}\"";

    /// <summary>What the statement puts there where no array does.</summary>
    private string? Made { get; init; }

    public string Expression(string schema) =>
        Made is null ? "e." + Quoted : string.Format(CultureInfo.InvariantCulture, Made, schema);

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

    private static EventColumn Text(string name, Func<EventRow, string> value) =>
        new(name, "character varying", rows => Array(rows, value, NpgsqlDbType.Varchar));

    private static NpgsqlParameter<T[]> Array<T>(EventRow[] rows, Func<EventRow, T> value, NpgsqlDbType type) =>
        new() { TypedValue = System.Array.ConvertAll(rows, row => value(row)), NpgsqlDbType = NpgsqlDbType.Array | type };
}
