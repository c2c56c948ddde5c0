using System.Collections.Immutable;
using CarbonMarket.Contracts.Audit.V1;
using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Audit.Log;

/// <summary>An event arrived under an id or a place in its stream that the log holds with other content.</summary>
public sealed class ConflictingEntryException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The only writer of the log. One envelope is one transaction; what the log holds already is skipped, so redelivery and
/// overlap change nothing.
/// </summary>
public sealed class AuditLog(NpgsqlDataSource database)
{
    /// <summary>Appends what is new; returns how much that was.</summary>
    /// <exception cref="ConflictingEntryException">Nothing of the envelope was appended.</exception>
    public async Task<int> Append(EventsRecorded envelope, CancellationToken cancellationToken)
    {
        var arrived = envelope.Entries.Select(entry => Arrived.From(envelope.Service, entry)).ToList();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Whoever holds the chain's row is the only writer of that service's entries until it commits.
        var (chain, lastSequence) = await LockChain(connection, envelope.Service, cancellationToken);
        var fresh = await Fresh(connection, envelope.Service, arrived, cancellationToken);
        if (fresh.IsEmpty)
            return 0;
        chain = await Copy(connection, chain, fresh, cancellationToken);
        await Advance(connection, chain, Math.Max(lastSequence, fresh.Max(entry => entry.Entry.Sequence)), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return fresh.Length;
    }

    private static async Task<(Chain Chain, long LastSequence)> LockChain(
        NpgsqlConnection connection, string service, CancellationToken cancellationToken)
    {
        await using var insert = new NpgsqlCommand(
            "insert into audit.chains (service, entries, last_sequence, hash) values ($1, 0, 0, $2) on conflict do nothing", connection);
        insert.Parameters.AddWithValue(service);
        insert.Parameters.AddWithValue(Chain.Start(service).Hash);
        await insert.ExecuteNonQueryAsync(cancellationToken);

        await using var select = new NpgsqlCommand(
            "select entries, hash, last_sequence from audit.chains where service = $1 for update", connection);
        select.Parameters.AddWithValue(service);
        await using var row = await select.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (new Chain(service, row.GetInt64(0), AuditEntryRow.Bytes(row, 1)), row.GetInt64(2));
    }

    /// <summary>What the log does not hold yet, in order of arrival.</summary>
    private static async Task<ImmutableArray<Arrived>> Fresh(
        NpgsqlConnection connection, string service, List<Arrived> arrived, CancellationToken cancellationToken)
    {
        var digests = new Dictionary<Guid, byte[]>();
        await using var select = new NpgsqlCommand(
            "select event_id, digest from audit.entries where service = $1 and event_id = any($2)", connection);
        select.Parameters.AddWithValue(service);
        select.Parameters.AddWithValue(arrived.Select(entry => entry.Entry.EventId).ToArray());
        await using (var rows = await select.ExecuteReaderAsync(cancellationToken))
            while (await rows.ReadAsync(cancellationToken))
                digests.Add(rows.GetGuid(0), AuditEntryRow.Bytes(rows, 1));

        var fresh = ImmutableArray.CreateBuilder<Arrived>(arrived.Count);
        foreach (var entry in arrived)
        {
            if (digests.TryAdd(entry.Entry.EventId, entry.Digest))
                fresh.Add(entry);
            else if (!digests[entry.Entry.EventId].AsSpan().SequenceEqual(entry.Digest))
                throw new ConflictingEntryException($"Event {entry.Entry.EventId} of {service} is in the log with other content.");
        }
        return fresh.ToImmutable();
    }

    private static async Task<Chain> Copy(
        NpgsqlConnection connection, Chain chain, ImmutableArray<Arrived> fresh, CancellationToken cancellationToken)
    {
        try
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                $"copy audit.entries ({AuditEntryRow.Columns}) from stdin (format binary)", cancellationToken);
            foreach (var (entry, digest) in fresh)
            {
                chain = chain.Link(digest);
                await AuditEntryRow.Write(copy, entry, chain, digest, cancellationToken);
            }
            await copy.CompleteAsync(cancellationToken);
            return chain;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new ConflictingEntryException(
                $"A place in a stream of {chain.Service} is taken by another event: {exception.Detail}", exception);
        }
    }

    private static async Task Advance(
        NpgsqlConnection connection, Chain chain, long lastSequence, CancellationToken cancellationToken)
    {
        await using var update = new NpgsqlCommand(
            "update audit.chains set entries = $2, last_sequence = $3, hash = $4 where service = $1", connection);
        update.Parameters.AddWithValue(chain.Service);
        update.Parameters.AddWithValue(chain.Entries);
        update.Parameters.AddWithValue(lastSequence);
        update.Parameters.AddWithValue(NpgsqlDbType.Bytea, chain.Hash);
        await update.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record Arrived(AuditEntry Entry, byte[] Digest)
    {
        public static Arrived From(string service, EventsRecorded.Entry recorded)
        {
            var entry = AuditEntry.From(service, recorded);
            return new Arrived(entry, entry.Digest());
        }
    }
}
