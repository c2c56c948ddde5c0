using System.IO.Hashing;
using Marten;
using Npgsql;

namespace CarbonMarket.Journaling;

/// <summary>Keeps the last two snapshots of a stream, and of the commands as many as a window may need.</summary>
internal sealed class SnapshotStore(IDocumentStore store, NpgsqlDataSource database, Guid stream, TimeProvider system)
{
    private const int Kept = 2;
    private const int PieceBytes = 512 * 1024;

    private readonly string schema = new NpgsqlCommandBuilder().QuoteIdentifier(store.Options.Events.DatabaseSchemaName);

    /// <summary>
    /// Keeps the bytes as they come. They are compressed already, and the server would spend as much on compressing them once
    /// more as on a hundred thousand events. No migration can say this of a column, so it is looked at when a state is loaded.
    /// </summary>
    public async Task KeepAsTheyCome(CancellationToken cancellationToken)
    {
        foreach (var (table, column) in ((string, string)[])[(JournalTables.Snapshots, "state"), (JournalTables.Commands, "commands")])
        {
            await using var ask = database.CreateCommand(
                $"select attstorage = 'e' from pg_attribute where attrelid = '{schema}.{table}'::regclass and attname = '{column}'");
            if (await ask.ExecuteScalarAsync(cancellationToken) is true)
                continue;
            await using var alter = database.CreateCommand($"alter table {schema}.{table} alter column {column} set storage external");
            await alter.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Versions there are snapshots of, newest first.</summary>
    public async Task<IReadOnlyList<long>> Versions(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"select distinct version from {schema}.{JournalTables.Snapshots} where stream_id = $1 order by version desc");
        command.Parameters.Add(Value(stream));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new List<long>();
        while (await reader.ReadAsync(cancellationToken))
            versions.Add(reader.GetInt64(0));
        return versions;
    }

    /// <summary>The state's bytes. Throws <see cref="InvalidDataException"/> when they are not what was saved.</summary>
    public async Task<byte[]> State(long version, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"select {Whole("state")}, state_hash, compressed from {schema}.{JournalTables.Snapshots} where stream_id = $1 and version = $2 group by state_hash, compressed");
        command.Parameters.Add(Value(stream));
        command.Parameters.Add(Value(version));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw new InvalidDataException($"The snapshot at {version} is gone.");
        var bytes = await Checked(reader, 0, cancellationToken);
        return reader.GetBoolean(2) ? Zlib.Decompress(bytes) : bytes;
    }

    /// <summary>The last commands up to a snapshot, oldest first; without a gap, or <see cref="InvalidDataException"/>.</summary>
    public async Task<IReadOnlyList<KnownCommand>> Commands(long version, int most, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"select version, before, {Whole("commands")}, commands_hash from {schema}.{JournalTables.Commands} "
            + "where stream_id = $1 and version <= $2 group by version, before, commands_hash order by version desc");
        command.Parameters.Add(Value(stream));
        command.Parameters.Add(Value(version));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var parts = new Stack<KnownCommand[]>();
        var expected = version;
        var count = 0;
        while (expected > 0 && count < most)
        {
            if (!await reader.ReadAsync(cancellationToken) || reader.GetInt64(0) != expected)
                throw new InvalidDataException($"The commands up to version {expected} are missing.");
            expected = reader.GetInt64(1);
            parts.Push(CommandBytes.Read(await Checked(reader, 2, cancellationToken)));
            count += parts.Peek().Length;
        }
        return [.. parts.SelectMany(part => part)];
    }

    /// <summary>Saves it whole or not at all. What lies above the snapshot it follows was found unreadable and goes.</summary>
    /// <returns>How many bytes the state has.</returns>
    public async Task<int> Save(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var (size, state, stateHash, commands, commandsHash) = await GivingWay.Run(() => Write(snapshot));
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Delete(JournalTables.Snapshots, "version > $2", snapshot.Before));
        batch.BatchCommands.Add(Delete(JournalTables.Commands, "version > $2", snapshot.Before));
        foreach (var (piece, bytes) in Pieces(state))
        {
            batch.BatchCommands.Add(Insert($"{JournalTables.Snapshots} (stream_id, version, piece, state, state_hash, taken_at, compressed)",
                Value(snapshot.Version), Value(piece), Value(bytes), Value(stateHash), Value(system.GetUtcNow().UtcDateTime), Value(true)));
        }
        foreach (var (piece, bytes) in Pieces(commands))
        {
            batch.BatchCommands.Add(Insert($"{JournalTables.Commands} (stream_id, version, piece, before, commands, commands_hash)",
                Value(snapshot.Version), Value(piece), Value(snapshot.Before), Value(bytes), Value(commandsHash)));
        }
        batch.BatchCommands.Add(Delete(JournalTables.Snapshots,
            $"version < (select min(version) from (select distinct version from {schema}.{JournalTables.Snapshots} "
            + "where stream_id = $1 order by version desc limit $2) newest)", Kept));
        batch.BatchCommands.Add(Delete(JournalTables.Commands, "version <= $2", snapshot.Forgotten));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return size;
    }

    private static (int Size, byte[] State, byte[] StateHash, byte[] Commands, byte[] CommandsHash) Write(Snapshot snapshot)
    {
        var written = snapshot.Write();
        var (state, commands) = (Zlib.Compress(written), CommandBytes.Write(snapshot.Commands));
        return (written.Length, state, XxHash128.Hash(state), commands, XxHash128.Hash(commands));
    }

    private static async Task<byte[]> Checked(NpgsqlDataReader reader, int place, CancellationToken cancellationToken)
    {
        var bytes = await reader.GetFieldValueAsync<byte[]>(place, cancellationToken);
        var hash = await reader.GetFieldValueAsync<byte[]>(place + 1, cancellationToken);
        return XxHash128.Hash(bytes).AsSpan().SequenceEqual(hash)
            ? bytes
            : throw new InvalidDataException("The bytes do not match their hash.");
    }

    /// <summary>Hashes are of the whole, so that a piece that is gone is missed.</summary>
    private static string Whole(string column) => $"string_agg({column}, '' order by piece)";

    /// <summary>At least one: of nothing, too, it is known that it was saved.</summary>
    private static IEnumerable<(int Piece, ReadOnlyMemory<byte> Bytes)> Pieces(ReadOnlyMemory<byte> whole)
    {
        var piece = 0;
        do
        {
            yield return (piece, whole[(piece * PieceBytes)..Math.Min((piece + 1) * PieceBytes, whole.Length)]);
        }
        while (++piece * PieceBytes < whole.Length);
    }

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

    private NpgsqlBatchCommand Delete<T>(string table, string condition, T value) =>
        new($"delete from {schema}.{table} where stream_id = $1 and {condition}") { Parameters = { Value(stream), Value(value) } };

    private NpgsqlBatchCommand Insert(string table, params ReadOnlySpan<NpgsqlParameter> values)
    {
        var places = string.Join(", ", Enumerable.Range(1, values.Length + 1).Select(place => $"${place}"));
        var command = new NpgsqlBatchCommand($"insert into {schema}.{table} values ({places})") { Parameters = { Value(stream) } };
        foreach (var value in values)
            command.Parameters.Add(value);
        return command;
    }
}
