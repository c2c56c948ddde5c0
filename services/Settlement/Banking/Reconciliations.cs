using System.Text.Json;
using CarbonMarket.Settlement.Postings;
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
    public async Task<IReadOnlyList<RecordedReconciliation>> Before(string market, DateOnly before, bool differing, int most, CancellationToken cancellationToken) =>
        await database.Rows(
            $"""
            select at, found from postings.bank_reconciliations
            where market = $1 and day < $2 {(differing ? "and difference_count > 0" : string.Empty)} order by day desc limit $3
            """,
            row => new RecordedReconciliation(row.GetFieldValue<DateTimeOffset>(0), JsonSerializer.Deserialize<BankReconciliation>(row.GetString(1))!),
            cancellationToken, market, before, most);

    public async Task<HashSet<DateOnly>> Days(string market, DateOnly from, CancellationToken cancellationToken) => [.. await database.Rows(
        "select day from postings.bank_reconciliations where market = $1 and day >= $2", row => row.GetFieldValue<DateOnly>(0), cancellationToken, market, from)];
}
