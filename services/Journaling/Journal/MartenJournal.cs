using System.Buffers;
using System.Text.Json;
using CarbonMarket.Kernel;
using Marten;
using Marten.Events;
using Npgsql;

namespace CarbonMarket.Journaling;

/// <summary>
/// Appends to one stream of Marten's tables, by one INSERT or by binary COPY, exactly the rows Marten itself would write; everything else
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

    /// <summary>Up to here one round trip is worth more than the server's cheaper way to take many rows.</summary>
    private const int MostInserted = 40;

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
    private string insertion = string.Empty;

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
        columns = await EventColumn.Of(connection, events.DatabaseSchemaName, cancellationToken);
        insertion = Insertion();
        // FOR UPDATE waits for a transaction of ours whose connection broke at the commit and which may still succeed.
        await using var command = Command($"select version from {schema}.mt_streams where id = $1 for update", SecondsToOpen);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = stream });
        return await command.ExecuteScalarAsync(cancellationToken) is long version ? version : 0;
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
            encoded[i] = new EncodedEvent(mapping.EventTypeName, mapping.DotNetTypeName, scratch.WrittenSpan.ToArray());
        }
        scratch.ResetWrittenCount();
        json.Reset(scratch);
        JournalHeaders.Write(mark, provenance.Actor, json);
        return new EncodedCommand(provenance, scratch.WrittenSpan.ToArray(), encoded);
    }

    public Task Append(long expectedVersion, IReadOnlyList<EncodedCommand> commands, CancellationToken cancellationToken)
    {
        var count = commands.Sum(command => command.Events.Length);
        return expectedVersion > 0 && count <= MostInserted
            ? Insert(expectedVersion, count, commands, cancellationToken)
            : Copy(expectedVersion, count, commands, cancellationToken);
    }

    /// <summary>
    /// Rows as Marten reads them, by its own mapping and serializer, but without what recovery does not ask for: of a
    /// million events the metadata costs more than the events.
    /// </summary>
    public async Task<IReadOnlyList<JournaledEvent>> Read(long fromVersion, long toVersion, CancellationToken cancellationToken)
    {
        var read = new List<JournaledEvent>((int)Math.Min(toVersion - fromVersion + 1, MostExpected));
        await using var reading = database.CreateCommand(
            $"select data, type, version, (headers ->> '{JournalHeaders.CommandId}')::uuid, headers ->> '{JournalHeaders.CommandHash}' "
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
            read.Add(new JournaledEvent(version, serializer.FromJson(dotNetType, rows, 0), mark));
#pragma warning restore VSTHRD103
        }
        return read;
    }

    public ValueTask DisposeAsync() => connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>
    /// One statement that moves the stream's version, which is the fence, and inserts where it has moved. It is its own
    /// transaction and one round trip: a caller who is alone waits for little more than the flush.
    /// </summary>
    private async Task Insert(long expectedVersion, int count, IReadOnlyList<EncodedCommand> commands, CancellationToken cancellationToken)
    {
        await using var insert = Command(insertion, NoLimit);
        insert.Parameters.Add(Value(stream));
        insert.Parameters.Add(Value(expectedVersion));
        insert.Parameters.Add(Value(expectedVersion + count));
        EventRow[] rows = [.. Rows(expectedVersion, commands)];
        foreach (var column in columns.Where(column => column.Insert is not null))
            insert.Parameters.Add(column.Insert!(rows));
        await insert.PrepareAsync(cancellationToken);
        if (await insert.ExecuteNonQueryAsync(cancellationToken) != count)
            throw Fenced(expectedVersion);
    }

    private string Insertion()
    {
        var (inserted, place) = (columns.Where(column => column.Insert is not null).Select(column => column.Quoted).ToList(), 3);
        return $"with moved as (update {schema}.mt_streams set version = $3, timestamp = now() where id = $1 and version = $2 returning id) "
            + $"insert into {schema}.mt_events ({EventColumn.Sequence}, {string.Join(", ", inserted)}) "
            + $"select nextval('{schema}.mt_events_sequence'), {string.Join(", ", inserted.Select(name => "e." + name))} "
            + $"from moved, unnest({string.Join(", ", inserted.Select(_ => $"${++place}"))}) as e({string.Join(", ", inserted)})";
    }

    private async Task Copy(long expectedVersion, int count, IReadOnlyList<EncodedCommand> commands, CancellationToken cancellationToken)
    {
        await using var transaction = await connection!.BeginTransactionAsync(cancellationToken);
        var sequences = await Advance(expectedVersion, count, transaction, cancellationToken);
        await Copy(Rows(expectedVersion, commands), sequences, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Moves the stream's version, which is the fence, and takes sequence numbers; one round trip.</summary>
    private async Task<long[]> Advance(
        long expectedVersion, int count, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                Moving(expectedVersion, expectedVersion + count),
                new($"select array_agg(nextval('{schema}.mt_events_sequence')) from generate_series(1, $1)")
                {
                    Parameters = { Value(count) },
                },
            },
        };
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (batch.BatchCommands[0].RecordsAffected != 1)
            throw Fenced(expectedVersion);
        await reader.ReadAsync(cancellationToken);
        return await reader.GetFieldValueAsync<long[]>(0, cancellationToken);
    }

    private NpgsqlBatchCommand Moving(long expectedVersion, long newVersion) => expectedVersion == 0
        ? new($"insert into {schema}.mt_streams (id, type, version, timestamp, tenant_id) values ($1, null, $2, now(), $3) on conflict do nothing")
        {
            Parameters = { Value(stream), Value(newVersion), Value(Tenant) },
        }
        : new($"update {schema}.mt_streams set version = $2, timestamp = now() where id = $1 and version = $3")
        {
            Parameters = { Value(stream), Value(newVersion), Value(expectedVersion) },
        };

    private async Task Copy(IEnumerable<EventRow> rows, long[] sequences, CancellationToken cancellationToken)
    {
        using var copy = new CopyRows();
        await using var server = await connection!.BeginRawBinaryCopyAsync(
            $"copy {schema}.mt_events ({string.Join(", ", columns.Select(column => column.Quoted))}) from stdin (format binary)",
            cancellationToken);
        copy.Begin();
        var copied = 0;
        foreach (var row in rows)
        {
            copy.StartRow(columns.Length);
            var placed = row with { Sequence = sequences[copied++] };
            foreach (var column in columns)
                column.Copy(copy, placed);
            if (copy.IsPiece)
                await server.WriteAsync(copy.Take(), cancellationToken);
        }
        copy.End();
        await server.WriteAsync(copy.Take(), cancellationToken);
    }

    private IEnumerable<EventRow> Rows(long version, IReadOnlyList<EncodedCommand> commands)
    {
        var (now, ids) = (system.GetUtcNow(), new RowIds());
        foreach (var command in commands)
        {
            foreach (var e in command.Events)
                yield return new EventRow(Sequence: 0, ids.Next(now), stream, ++version, now, Tenant, command, e);
        }
    }

    private JournalFencedException Fenced(long expectedVersion) =>
        new($"Stream {stream} is not at version {expectedVersion}: another process writes it.");

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

#pragma warning disable CA2100 // The only things put into the text are the configured schema's quoted name and Marten's columns.
    private NpgsqlCommand Command(string text, int seconds) => new(text, connection) { CommandTimeout = seconds };
#pragma warning restore CA2100
}
