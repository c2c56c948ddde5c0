using System.Collections.Immutable;
using CarbonMarket.Audit.Log;
using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Audit.History;

/// <summary>Reads the log in order of recording, across services.</summary>
public sealed class AuditHistory(NpgsqlDataSource database)
{
    /// <param name="participantId">Null: everybody's.</param>
    public async Task<ImmutableArray<AuditEntry>> Page(
        Guid? participantId, HistoryCursor? after, int limit, CancellationToken cancellationToken)
    {
        var start = after ?? HistoryCursor.Beginning;
        await using var select = database.CreateCommand(
            $"""
            select {AuditEntryRow.Columns} from audit.entries
            where (recorded_at, service, sequence) > ($1, $2, $3){(participantId is null ? "" : " and participants @> array[$5]")}
            order by recorded_at, service, sequence limit $4
            """);
        select.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, start.RecordedAt);
        select.Parameters.AddWithValue(start.Service);
        select.Parameters.AddWithValue(start.Sequence);
        select.Parameters.AddWithValue(limit);
        if (participantId is { } participant)
            select.Parameters.AddWithValue(participant);
        var page = ImmutableArray.CreateBuilder<AuditEntry>(limit);
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            page.Add(AuditEntryRow.Read(rows).Entry);
        return page.ToImmutable();
    }
}
