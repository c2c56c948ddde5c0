using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Settlement.Banking;

/// <param name="At">Legal time at which it was found.</param>
public sealed record RecordedReconciliation(DateTimeOffset At, BankReconciliation Found);

/// <summary>What was found last of each day. The table is made with the postings', and a rebuild leaves it alone.</summary>
public sealed class Reconciliations(NpgsqlDataSource database)
{
    public async Task Keep(string market, RecordedReconciliation recorded, CancellationToken cancellationToken)
    {
        await using var insert = database.CreateCommand(
            """
            insert into postings.bank_reconciliations (market, day, at, difference_count, found) values ($1, $2, $3, $4, $5)
            on conflict (market, day) do update set at = excluded.at, difference_count = excluded.difference_count, found = excluded.found
            """);
        insert.Parameters.AddWithValue(market);
        insert.Parameters.AddWithValue(recorded.Found.Day);
        insert.Parameters.AddWithValue(recorded.At.ToUniversalTime());
        insert.Parameters.AddWithValue(recorded.Found.DifferenceCount);
        insert.Parameters.AddWithValue(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(recorded.Found));
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Of the days before one, the latest first.</summary>
    public async Task<IReadOnlyList<RecordedReconciliation>> Before(string market, DateOnly before, bool differing, int most, CancellationToken cancellationToken)
    {
        await using var select = database.CreateCommand(
            $"""
            select at, found from postings.bank_reconciliations
            where market = $1 and day < $2 {(differing ? "and difference_count > 0" : string.Empty)} order by day desc limit $3
            """);
        select.Parameters.AddWithValue(market);
        select.Parameters.AddWithValue(before);
        select.Parameters.AddWithValue(most);
        var found = new List<RecordedReconciliation>();
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            found.Add(new RecordedReconciliation(
                await rows.GetFieldValueAsync<DateTimeOffset>(0, cancellationToken), JsonSerializer.Deserialize<BankReconciliation>(rows.GetString(1))!));
        return found;
    }

    public async Task<HashSet<DateOnly>> Days(string market, DateOnly from, CancellationToken cancellationToken)
    {
        await using var select = database.CreateCommand("select day from postings.bank_reconciliations where market = $1 and day >= $2");
        select.Parameters.AddWithValue(market);
        select.Parameters.AddWithValue(from);
        var days = new HashSet<DateOnly>();
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            days.Add(await rows.GetFieldValueAsync<DateOnly>(0, cancellationToken));
        return days;
    }
}
