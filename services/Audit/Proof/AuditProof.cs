using System.Collections.Immutable;
using System.Data;
using CarbonMarket.Audit.Log;
using Npgsql;

namespace CarbonMarket.Audit.Proof;

/// <param name="Service">The service whose events these are.</param>
/// <param name="Events">Entries held.</param>
/// <param name="LastSequence">Highest position in the service's own store among them.</param>
/// <param name="Streams">How many streams they belong to.</param>
/// <param name="GapFree">Every stream runs from 1 to its highest version without a gap.</param>
/// <param name="ChainValid">Every entry has the digest and the link it was given, and the chain ends where it did.</param>
public sealed record ServiceProof(
    string Service, long Events, long LastSequence, long Streams, bool GapFree, bool ChainValid)
{
    /// <summary>Of a service that has told nothing yet.</summary>
    public static ServiceProof Nothing(string service) => new(service, 0, 0, 0, GapFree: true, ChainValid: true);
}

/// <summary>
/// Recomputes from the stored entries whether the log is whole. Entries are streamed, so memory does not grow with the
/// log; one proof runs at a time, so that asking often cannot hurt the writer.
/// </summary>
public sealed class AuditProof(NpgsqlDataSource database) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _one = new(1, 1);

    public async Task<ImmutableArray<ServiceProof>> Run(CancellationToken cancellationToken)
    {
        if (!await _one.WaitAsync(LongestWait, cancellationToken))
            throw new TimeoutException("Another proof of the log is running.");
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            // One snapshot: entries that arrive meanwhile belong to the next proof.
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            var proofs = ImmutableArray.CreateBuilder<ServiceProof>();
            foreach (var ending in await Endings(connection, cancellationToken))
                proofs.Add(await Prove(connection, ending, cancellationToken));
            return proofs.ToImmutable();
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>Where each service's chain ended when it was last written; entries without a chain are found too.</summary>
    private static async Task<List<Chain>> Endings(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var endings = new List<Chain>();
        await using var select = new NpgsqlCommand(
            """
            select service, coalesce(entries, 0), coalesce(hash, ''::bytea) from audit.chains
            full join (select distinct service from audit.entries) held using (service)
            where coalesce(entries, 1) > 0 order by service
            """, connection) { CommandTimeout = 0 };
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            endings.Add(new Chain(rows.GetString(0), rows.GetInt64(1), AuditEntryRow.Bytes(rows, 2)));
        return endings;
    }

    private static async Task<ServiceProof> Prove(NpgsqlConnection connection, Chain ending, CancellationToken cancellationToken)
    {
        var (chain, intact, lastSequence) = await Walk(connection, ending.Service, cancellationToken);
        var (streams, gapFree) = await Streams(connection, ending.Service, cancellationToken);
        return new ServiceProof(
            ending.Service, chain.Entries, lastSequence, streams, gapFree, intact && chain.EndsLike(ending));
    }

    private static async Task<(Chain Chain, bool Intact, long LastSequence)> Walk(
        NpgsqlConnection connection, string service, CancellationToken cancellationToken)
    {
        var chain = Chain.Start(service);
        var intact = true;
        var lastSequence = 0L;
        await using var select = new NpgsqlCommand(
            $"select {AuditEntryRow.Columns} from audit.entries where service = $1 order by position", connection)
        { CommandTimeout = 0 };
        select.Parameters.AddWithValue(service);
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var (entry, position, digest, hash) = AuditEntryRow.Read(rows);
            var recomputed = entry.Digest();
            chain = chain.Link(recomputed);
            intact &= position == chain.Entries
                && recomputed.AsSpan().SequenceEqual(digest)
                && chain.Hash.AsSpan().SequenceEqual(hash);
            lastSequence = Math.Max(lastSequence, entry.Sequence);
        }
        return (chain, intact, lastSequence);
    }

    private static async Task<(long Streams, bool GapFree)> Streams(
        NpgsqlConnection connection, string service, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(
            """
            select count(*), coalesce(bool_and(lowest = 1 and highest = held), true) from (
                select count(*) held, min(stream_version) lowest, max(stream_version) highest
                from audit.entries where service = $1 group by stream_id) streams
            """, connection) { CommandTimeout = 0 };
        select.Parameters.AddWithValue(service);
        await using var row = await select.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetBoolean(1));
    }
}
