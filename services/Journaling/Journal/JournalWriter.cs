using JasperFx.Events;
using Npgsql;

namespace CarbonMarket.Journaling;

/// <summary>
/// One life of a journal's writer. Whoever opens a journal gets a new id and the version it goes on from, so two histories
/// that were continued from one point, as after a restore, are told apart by their writers (ADR 33).
/// </summary>
/// <param name="Journal">The journal's stream.</param>
/// <param name="Since">The version it found; what comes after is its own, up to where the next one began.</param>
public sealed record JournalWriter(Guid Journal, Guid Id, long Since)
{
    /// <summary>True of an event that a journal's writer appended.</summary>
    public static bool Wrote(IEvent recorded) => recorded.GetHeader(JournalHeaders.CommandId) is not null;

    /// <summary>All who have written these journals, latest first.</summary>
    public static async Task<IReadOnlyList<JournalWriter>> Of(
        NpgsqlConnection connection, string schema, Guid[] journals, CancellationToken cancellationToken)
    {
        var writers = new List<JournalWriter>();
        await using var command = new NpgsqlCommand(
            $"select stream_id, writer, since from {new NpgsqlCommandBuilder().QuoteIdentifier(schema)}.{JournalTables.Writers} "
            + "where stream_id = any($1) order by since desc, writer desc", connection)
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = journals } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            writers.Add(new JournalWriter(rows.GetGuid(0), rows.GetGuid(1), rows.GetInt64(2)));
        return writers;
    }
}
