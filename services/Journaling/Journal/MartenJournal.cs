using System.Buffers;
using CarbonMarket.Kernel;
using Marten;
using Marten.Events;
using Npgsql;

namespace CarbonMarket.Journaling;

/// <summary>
/// Appends to one stream of Marten's tables, by binary COPY, exactly the rows Marten itself would write; everything else
/// (reading, subscriptions, schema) stays Marten's. The update of the stream's version is the fence: it demands the
/// version this writer knows, so a stale leader writes nothing. Holds one connection for its life: a batch must not wait
/// for the pool behind the callers it is to answer.
/// </summary>
internal sealed class MartenJournal : IJournal
{
    private const string Tenant = "*DEFAULT*";
    private const int SecondsToOpen = 30;

    private readonly IDocumentStore store;
    private readonly NpgsqlDataSource database;
    private readonly EventGraph events;
    private readonly Guid stream;
    private readonly TimeProvider system;
    private readonly ArrayBufferWriter<byte> scratch = new(4096);
    private readonly string schema;
    private NpgsqlConnection? connection;
    private EventColumn[] columns = [];

    public MartenJournal(IDocumentStore store, NpgsqlDataSource database, Guid stream, TimeProvider system)
    {
        this.store = store;
        this.database = database;
        this.stream = stream;
        this.system = system;
        events = store.Options.Events as EventGraph
            ?? throw new NotSupportedException("This release of Marten keeps its event mappings elsewhere.");
        schema = new NpgsqlCommandBuilder().QuoteIdentifier(events.DatabaseSchemaName);
    }

    public async Task<long> Open(CancellationToken cancellationToken)
    {
        connection = await database.OpenConnectionAsync(cancellationToken);
        columns = await EventColumn.Of(connection, events.DatabaseSchemaName, cancellationToken);
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
            store.Options.Serializer().WriteTo(scratch, events[i]);
            encoded[i] = new EncodedEvent(mapping.EventTypeName, mapping.DotNetTypeName, scratch.WrittenSpan.ToArray());
        }
        return new EncodedCommand(provenance, JournalHeaders.Write(mark, provenance.Actor, scratch), encoded);
    }

    public async Task Append(long expectedVersion, IReadOnlyList<EncodedCommand> commands, CancellationToken cancellationToken)
    {
        var count = commands.Sum(command => command.Events.Length);
        await using var transaction = await connection!.BeginTransactionAsync(cancellationToken);
        var sequences = await Advance(expectedVersion, count, transaction, cancellationToken);
        await Copy(expectedVersion, sequences, commands, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<JournaledEvent>> Read(long fromVersion, long toVersion, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        var stored = await session.Events.FetchStreamAsync(stream, toVersion, fromVersion: fromVersion, token: cancellationToken);
        return [.. stored.Select(e => new JournaledEvent(e.Version, e.Data, JournalHeaders.Mark(e)))];
    }

    public ValueTask DisposeAsync() => connection?.DisposeAsync() ?? ValueTask.CompletedTask;

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
                    Parameters = { new NpgsqlParameter<int> { TypedValue = count } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (batch.BatchCommands[0].RecordsAffected != 1)
            throw new JournalFencedException($"Stream {stream} is not at version {expectedVersion}: another process writes it.");
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

    private async Task Copy(
        long version, long[] sequences, IReadOnlyList<EncodedCommand> commands, CancellationToken cancellationToken)
    {
        var now = system.GetUtcNow();
        var row = 0;
        await using var copy = await connection!.BeginBinaryImportAsync(
            $"copy {schema}.mt_events ({string.Join(", ", columns.Select(column => column.Quoted))}) from stdin (format binary)",
            cancellationToken);
        foreach (var command in commands)
        {
            foreach (var e in command.Events)
            {
                var values = new EventRow(sequences[row++], Guid.CreateVersion7(now), stream, ++version, now, Tenant, command, e);
                await copy.StartRowAsync(cancellationToken);
                foreach (var column in columns)
                    await column.Write(copy, values, cancellationToken);
            }
        }
        await copy.CompleteAsync(cancellationToken);
    }

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

#pragma warning disable CA2100 // The only thing put into the text is the configured schema's quoted name.
    private NpgsqlCommand Command(string text, int seconds) => new(text, connection) { CommandTimeout = seconds };
#pragma warning restore CA2100
}
