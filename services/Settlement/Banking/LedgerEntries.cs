using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;
using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Settlement.Banking;

/// <summary>Reads what the ledger has of the settlement bank out of the postings.</summary>
public sealed class LedgerEntries(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<LedgerEntry>> Between(string market, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var select = Select("at >= $3 and at < $4", market);
        select.Parameters.Add(new NpgsqlParameter { Value = from.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        select.Parameters.Add(new NpgsqlParameter { Value = to.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        return await Read(select, cancellationToken);
    }

    public async Task<IReadOnlyList<LedgerEntry>> Of(string market, IEnumerable<Guid> transactions, CancellationToken cancellationToken)
    {
        await using var select = Select("transaction_id = any($3)", market);
        select.Parameters.AddWithValue(transactions.ToArray());
        return await Read(select, cancellationToken);
    }

    /// <summary>When cash first came from the bank or went to it; null: it never has.</summary>
    public async Task<DateTimeOffset?> First(string market, CancellationToken cancellationToken)
    {
        await using var select = Select("true", market, "at limit 1");
        return await Read(select, cancellationToken) is [var first] ? first.At : null;
    }

    private NpgsqlCommand Select(string condition, string market, string order = "version")
    {
        var select = database.CreateCommand(
            $"""
            select transaction_id, type, amount_in + amount_out, at from postings.entries
            where market = $1 and account = $2 and type in ('{TransactionTypes.CashDeposit}', '{TransactionTypes.CashWithdrawal}') and {condition} order by {order}
            """);
        select.Parameters.AddWithValue(market);
        select.Parameters.AddWithValue(new Movements(market).Bank);
        return select;
    }

    private static async Task<IReadOnlyList<LedgerEntry>> Read(NpgsqlCommand select, CancellationToken cancellationToken)
    {
        var found = new List<LedgerEntry>();
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            found.Add(new LedgerEntry(
                rows.GetGuid(0), rows.GetString(1) == TransactionTypes.CashDeposit, Money.OfMinor(rows.GetInt64(2)),
                await rows.GetFieldValueAsync<DateTimeOffset>(3, cancellationToken)));
        return found;
    }
}
