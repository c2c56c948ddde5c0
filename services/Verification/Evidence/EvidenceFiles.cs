using System.Security.Cryptography;
using Npgsql;

namespace CarbonMarket.Verification.Evidence;

/// <param name="Sha256">Of the content, 64 lower-case hexadecimal digits.</param>
public sealed record EvidenceFile(string Market, Guid ParticipantId, string Sha256, string MediaType, ReadOnlyMemory<byte> Content, DateTimeOffset KeptAt);

/// <summary>What a participant has kept in a market.</summary>
public sealed record Room(long Files, long Bytes);

/// <summary>Evidence files by the hash of their content, each with the participant whose it is.</summary>
public sealed class EvidenceFiles(NpgsqlDataSource database)
{
    public const int LargestFile = 4 * 1024 * 1024;
    public const long MostFiles = 5000;
    public const long MostBytes = 1024L * 1024 * 1024;

    public static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Keeps the file, also when it is kept already. Null: it is kept; otherwise what stands in its way.</summary>
    public async Task<Room?> Keep(EvidenceFile file, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // One file of a participant at a time: two at once would both find the last of the room.
        await using (var turn = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended($1, 0))", connection)
        {
            Parameters = { new() { Value = $"evidence:{file.Market}:{file.ParticipantId}" } },
        })
            await turn.ExecuteNonQueryAsync(cancellationToken);
        await using (var room = new NpgsqlCommand(
            "select count(*), coalesce(sum(size), 0)::bigint, coalesce(bool_or(sha256 = $3), false) from evidence.files where market = $1 and participant_id = $2",
            connection)
        {
            Parameters = { new() { Value = file.Market }, new() { Value = file.ParticipantId }, new() { Value = file.Sha256 } },
        })
        await using (var row = await room.ExecuteReaderAsync(cancellationToken))
        {
            await row.ReadAsync(cancellationToken);
            var kept = new Room(row.GetInt64(0), row.GetInt64(1));
            if (row.GetBoolean(2))
                return null;
            if (kept.Files >= MostFiles || kept.Bytes + file.Content.Length > MostBytes)
                return kept;
        }

        await using var insert = new NpgsqlCommand(
            "insert into evidence.files (market, participant_id, sha256, media_type, size, kept_at, content) values ($1, $2, $3, $4, $5, $6, $7)", connection)
        {
            Parameters =
            {
                new() { Value = file.Market }, new() { Value = file.ParticipantId }, new() { Value = file.Sha256 }, new() { Value = file.MediaType },
                new() { Value = (long)file.Content.Length }, new() { Value = file.KeptAt }, new() { Value = file.Content.ToArray() },
            },
        };
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    public async Task<EvidenceFile?> Find(string market, Guid participantId, string sha256, CancellationToken cancellationToken)
    {
        await using var find = database.CreateCommand(
            "select media_type, content, kept_at from evidence.files where market = $1 and participant_id = $2 and sha256 = $3");
        find.Parameters.AddRange(new NpgsqlParameter[] { new() { Value = market }, new() { Value = participantId }, new() { Value = sha256 } });
        await using var row = await find.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new EvidenceFile(
                market, participantId, sha256, row.GetString(0), await row.GetFieldValueAsync<byte[]>(1, cancellationToken),
                await row.GetFieldValueAsync<DateTimeOffset>(2, cancellationToken))
            : null;
    }

    /// <summary>Which of these hashes are of files that the participant has kept.</summary>
    public async Task<IReadOnlySet<string>> Kept(string market, Guid participantId, IEnumerable<string> hashes, CancellationToken cancellationToken)
    {
        await using var find = database.CreateCommand("select sha256 from evidence.files where market = $1 and participant_id = $2 and sha256 = any($3)");
        find.Parameters.AddRange(new NpgsqlParameter[] { new() { Value = market }, new() { Value = participantId }, new() { Value = hashes.ToArray() } });
        await using var row = await find.ExecuteReaderAsync(cancellationToken);
        var kept = new HashSet<string>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken))
            kept.Add(row.GetString(0));
        return kept;
    }
}
