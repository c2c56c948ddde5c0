using System.Text.Json;
using CarbonMarket.Settlement.Postings;
using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Settlement.Banking;

/// <param name="At">Legal time at which it was found.</param>
/// <param name="Found">What bank and ledger had of the day when they were compared last.</param>
public sealed record RecordedReconciliation(DateTimeOffset At, BankReconciliation Found);

/// <summary>
/// What was found last of each day, and which of the bank's entries the ledger has on another day. The tables are made with the
/// postings', and a rebuild leaves them alone.
/// </summary>
public sealed class Reconciliations(NpgsqlDataSource database)
{
    public async Task Keep(string market, RecordedReconciliation recorded, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        Add("delete from postings.bank_entries_of_other_days where market = $1 and day = $2", market, recorded.Found.Day);
        Add(
            "insert into postings.bank_entries_of_other_days (market, day, transaction_id, is_deposit) select $1, $2, * from unnest($3, $4)",
            market, recorded.Found.Day, recorded.Found.OfOtherDays.Select(entry => entry.TransactionId).ToArray(), recorded.Found.OfOtherDays.Select(entry => entry.IsDeposit).ToArray());
        Add(
            """
            insert into postings.bank_reconciliations (market, day, at, difference_count, found) values ($1, $2, $3, $4, $5)
            on conflict (market, day) do update set at = excluded.at, difference_count = excluded.difference_count, found = excluded.found
            """,
            market, recorded.Found.Day, recorded.At.ToUniversalTime(), recorded.Found.DifferenceCount,
            new NpgsqlParameter { Value = JsonSerializer.Serialize(recorded.Found), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await batch.ExecuteNonQueryAsync(cancellationToken); // Together, or not at all.

        void Add(string sql, params object[] values)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values)
                command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
            batch.BatchCommands.Add(command);
        }
    }

    /// <summary>Of these, what a day's reconciliation has found at the bank and the ledger has on another day.</summary>
    public async Task<HashSet<EntryKey>> FoundOnOtherDays(string market, IEnumerable<Guid> transactions, CancellationToken cancellationToken) => [.. await database.Rows(
        "select transaction_id, is_deposit from postings.bank_entries_of_other_days where market = $1 and transaction_id = any($2)",
        row => new EntryKey(row.GetGuid(0), row.GetBoolean(1)), cancellationToken, market, transactions.ToArray())];

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
