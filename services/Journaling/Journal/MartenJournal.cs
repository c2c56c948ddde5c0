using System.Buffers;
using System.Text.Json;
using CarbonMarket.Kernel;
using Marten;
using Marten.Events;
using Npgsql;

namespace CarbonMarket.Journaling;

/// <summary>
/// Appends to one stream of Marten's tables, by one INSERT, exactly the rows Marten itself would write; everything else
/// (reading, subscriptions, schema) stays Marten's. The update of the stream's version is the fence: it demands the
/// version this writer knows, so a stale leader writes nothing. Holds one connection for its life: a batch must not wait
/// for the pool behind the callers it is to answer.
/// </summary>
internal sealed class MartenJournal : IJournal
{
    private const string Tenant = "*DEFAULT*";
    private const int SecondsToOpen = 30;
    private const int MostExpected = 10_000;
    private const int NoLimit = 0; // Who appends gives a token that ends the wait.

    private readonly NpgsqlDataSource database;
    private readonly EventGraph events;
    private readonly Guid stream;
    private readonly TimeProvider system;
    private readonly ISerializer serializer;
    private readonly Dictionary<string, Type> types;
    private readonly ArrayBufferWriter<byte> scratch = new(4096);
    private readonly Utf8JsonWriter json = new(Stream.Null);
    private readonly string schema;
    private NpgsqlConnection? connection;
    private EventColumn[] columns = [];
    private string starting = string.Empty;
    private string moving = string.Empty;

    public MartenJournal(IDocumentStore store, NpgsqlDataSource database, Guid stream, TimeProvider system)
    {
        serializer = store.Options.Serializer();
        this.database = database;
        this.stream = stream;
        this.system = system;
        events = store.Options.Events as EventGraph
            ?? throw new NotSupportedException("This release of Marten keeps its event mappings elsewhere.");
        types = store.Options.Events.AllKnownEventTypes()
            .ToDictionary(known => known.EventTypeName, known => known.EventType, StringComparer.Ordinal);
        schema = new NpgsqlCommandBuilder().QuoteIdentifier(events.DatabaseSchemaName);
    }

    public async Task<long> Open(CancellationToken cancellationToken)
    {
        connection = await database.OpenConnectionAsync(cancellationToken);
        await LeaveOut(connection, cancellationToken);
        columns = await EventColumn.Of(connection, events.DatabaseSchemaName, cancellationToken);
        starting = Insertion($"insert into {schema}.mt_streams (id, type, version, timestamp, tenant_id) values ($1, null, $3, now(), $5) on conflict do nothing");
        moving = Insertion($"update {schema}.mt_streams set version = $3, timestamp = now() where id = $1 and version = $2");
        // FOR UPDATE waits for a transaction of ours whose connection broke at the commit and which may still succeed. What
        // anybody commits after that, this writer is on record for, as is whoever has it from a copy of the store (ADR 33).
        await using var command = Command(
            $"with head as (select version from {schema}.mt_streams where id = $1 for update) "
            + $"insert into {schema}.{JournalTables.Writers} (stream_id, writer, since) "
            + "values ($1, $2, coalesce((select version from head), 0)) returning since", SecondsToOpen);
        command.Parameters.Add(Value(stream));
        command.Parameters.Add(Value(Guid.CreateVersion7()));
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public EncodedCommand Encode(CommandMark mark, Provenance provenance, IReadOnlyList<object> events)
    {
        var encoded = new EncodedEvent[events.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            var mapping = this.events.EventMappingFor(events[i].GetType());
            if (mapping.IsBinary)
                throw new NotSupportedException($"{mapping.EventTypeName} is mapped to a binary form; the journal writes JSON.");
            scratch.ResetWrittenCount();
            serializer.WriteTo(scratch, events[i]);
            if (UnstorableText.IsIn(scratch.WrittenSpan))
                throw new InvalidDataException($"A {mapping.EventTypeName} has text with the character U+0000, which the store does not take.");
            encoded[i] = new EncodedEvent(mapping.EventTypeName, mapping.DotNetTypeName, scratch.WrittenSpan.ToArray());
        }
        scratch.ResetWrittenCount();
        json.Reset(scratch);
        JournalHeaders.Write(mark, provenance.Actor, json);
        return new EncodedCommand(provenance, scratch.WrittenSpan.ToArray(), encoded);
    }

    /// <summary>
    /// One statement that moves the stream's version, which is the fence, and inserts where it has moved. It is its own
    /// transaction and one round trip: between two batches the database waits for little more than its flush. What is the
    /// same in all rows is sent once.
    /// </summary>
    public async Task<DateTimeOffset> Append(long expectedVersion, IReadOnlyList<EncodedCommand> commands, CancellationToken cancellationToken)
    {
        var now = AsStored(system.GetUtcNow());
        EventRow[] rows = [.. Rows(commands, now)];
        await using var insert = Command(expectedVersion == 0 ? starting : moving, NoLimit);
        insert.Parameters.Add(Value(stream));
        insert.Parameters.Add(Value(expectedVersion));
        insert.Parameters.Add(Value(expectedVersion + rows.Length));
        insert.Parameters.Add(Value(now.UtcDateTime));
        insert.Parameters.Add(Value(Tenant));
        foreach (var column in columns.Where(column => column.Values is not null))
            insert.Parameters.Add(column.Values!(rows));
        await insert.PrepareAsync(cancellationToken);
        if (await insert.ExecuteNonQueryAsync(cancellationToken) != rows.Length)
            throw new JournalFencedException($"Stream {stream} is not at version {expectedVersion}: another process writes it.");
        return now;
    }

    /// <summary>
    /// Rows as Marten reads them, by its own mapping and serializer, but without what recovery does not ask for: of a
    /// million events the metadata costs more than the events.
    /// </summary>
    public async Task<IReadOnlyList<JournaledEvent>> Read(long fromVersion, long toVersion, CancellationToken cancellationToken)
    {
        var read = new List<JournaledEvent>((int)Math.Min(toVersion - fromVersion + 1, MostExpected));
        await using var reading = database.CreateCommand(
            $"select data, type, version, (headers ->> '{JournalHeaders.CommandId}')::uuid, headers ->> '{JournalHeaders.CommandHash}', timestamp "
            + $"from {schema}.mt_events where stream_id = $1 and version between $2 and $3 order by version");
        reading.Parameters.Add(Value(stream));
        reading.Parameters.Add(Value(fromVersion));
        reading.Parameters.Add(Value(toVersion));
        await using var rows = await reading.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var (type, version) = (rows.GetString(1), rows.GetInt64(2));
            if (!types.TryGetValue(type, out var dotNetType))
                throw new InvalidDataException($"Version {version} is a {type}, which nobody journaled.");
            var mark = JournalHeaders.Mark(
                await rows.IsDBNullAsync(3, cancellationToken) ? null : rows.GetGuid(3),
                await rows.IsDBNullAsync(4, cancellationToken) ? null : rows.GetString(4), version);
#pragma warning disable VSTHRD103 // The row is here already.
            read.Add(new JournaledEvent(version, serializer.FromJson(dotNetType, rows, 0), mark, rows.GetFieldValue<DateTimeOffset>(5)));
#pragma warning restore VSTHRD103
        }
        return read;
    }

    public ValueTask DisposeAsync() => connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>
    /// What this connection, and no other, has the server leave out (ADR 30). A plan for each batch: the one statement has one
    /// way to be carried out, however long its arrays are. And the look, for each event, whether its stream is there, which
    /// Marten's tables ask for: the statement that inserts has that stream's row in its hand already. An account that may not
    /// say the latter writes the same rows, only more slowly.
    /// </summary>
    private static async Task LeaveOut(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select set_config('plan_cache_mode', 'force_generic_plan', false); "
            + "select set_config('session_replication_role', 'replica', false) "
            + "where has_parameter_privilege('session_replication_role', 'set')", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // The arrays are taken apart in the list of what is selected, in step with each other: as a table of their own in FROM the
    // server would write all of them down once more before it inserts the first row. What takes a number from the sequence stands
    // outside, for in that list it would be asked once more than there are rows, and a gap holds up whoever reads in that order.
    private string Insertion(string fence)
    {
        var place = EventColumn.FixedParameters;
        var varying = columns.Where(column => column.Values is not null).Select(column => $"unnest(${++place}) as {column.Quoted}");
        return $"with moved as ({fence} returning id) insert into {schema}.mt_events ({string.Join(", ", columns.Select(column => column.Quoted))}) "
            + $"select {string.Join(", ", columns.Select(column => column.Expression(schema)))} "
            + $"from (select {string.Join(", ", varying)}, generate_series($2 + 1, $3) as {EventColumn.Number} from moved) as e";
    }

    private static IEnumerable<EventRow> Rows(IReadOnlyList<EncodedCommand> commands, DateTimeOffset now)
    {
        var ids = new RowIds();
        foreach (var command in commands)
        {
            foreach (var e in command.Events)
                yield return new EventRow(ids.Next(now), command, e);
        }
    }

    /// <summary>The server keeps microseconds.</summary>
    private static DateTimeOffset AsStored(DateTimeOffset now) => now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

#pragma warning disable CA2100 // The only things put into the text are the configured schema's quoted name and Marten's columns.
    private NpgsqlCommand Command(string text, int seconds) => new(text, connection) { CommandTimeout = seconds };
#pragma warning restore CA2100
}
