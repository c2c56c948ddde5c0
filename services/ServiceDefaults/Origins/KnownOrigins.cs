using Microsoft.Extensions.Logging;
using Npgsql;

namespace CarbonMarket.ServiceDefaults.Origins;

/// <summary>The origins whose messages this service has taken (ADR 33).</summary>
public sealed class KnownOrigins(NpgsqlDataSource database, ILogger<KnownOrigins> logger)
{
    /// <summary>Either the origin is on record before its message is taken, or that it was refused is.</summary>
    private const string Note =
        """
        with other as (
            select from origins.taken where stream = $1 and writer <> $2 and first <= $4 and last >= $3
        ), taken as (
            insert into origins.taken (stream, writer, first, last) select $1, $2, $3, $4 where not exists (select from other)
            on conflict (stream, writer) do update set last = excluded.last where taken.last < excluded.last
        ), refused as (
            insert into origins.refused (stream, writer, first) select $1, $2, $3 where exists (select from other)
            on conflict do nothing
        )
        select exists (select from other)
        """;

    /// <summary>Throws where another writer is known to have written some of the same versions: a repeat it is not.</summary>
    public async Task Take(Origin origin, CancellationToken cancellationToken)
    {
        await using var note = database.CreateCommand(Note);
        note.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = origin.Stream });
        note.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = origin.Writer });
        note.Parameters.Add(new NpgsqlParameter<long> { TypedValue = origin.First });
        note.Parameters.Add(new NpgsqlParameter<long> { TypedValue = origin.Last });
        if (await note.ExecuteScalarAsync(cancellationToken) is false)
            return;
        logger.LogCritical("Refused: {Origin} says anew what another writer has said. Its store is older than what is known of it here", origin);
        throw new ForgottenHistoryException(origin);
    }

    /// <summary>Streams of which something was refused.</summary>
    public async Task<long> Refused(CancellationToken cancellationToken)
    {
        await using var count = database.CreateCommand("select count(distinct stream) from origins.refused");
        return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
    }
}

/// <summary>Who says this has forgotten what it said before: its store was restored to an earlier moment than this service's.</summary>
public sealed class ForgottenHistoryException(Origin origin) : Exception(
    $"Versions {origin.First} to {origin.Last} of {origin.Stream} are known here from another writer: "
    + "the store they come from is older than what it has said. Restore all databases to one moment.");
