using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;
using Npgsql;

namespace CarbonMarket.Settlement.Banking;

/// <summary>Reads what the ledger has of the settlement bank out of the postings.</summary>
public sealed class LedgerEntries(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<LedgerEntry>> Between(string market, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        await Read(market, "and at >= $3 and at < $4 order by version", cancellationToken, from.ToUniversalTime(), to.ToUniversalTime());

    public async Task<IReadOnlyList<LedgerEntry>> Of(string market, IEnumerable<Guid> transactions, CancellationToken cancellationToken) =>
        await Read(market, "and transaction_id = any($3) order by version", cancellationToken, (object)transactions.ToArray());

    /// <summary>When cash first came from the bank or went to it; null: it never has.</summary>
    public async Task<DateTimeOffset?> First(string market, CancellationToken cancellationToken) =>
        await Read(market, "order by at limit 1", cancellationToken) is [var first] ? first.At : null;

    private Task<List<LedgerEntry>> Read(string market, string which, CancellationToken cancellationToken, params object[] values) => database.Rows(
        $"""
        select transaction_id, type, amount_in + amount_out, at from postings.entries
        where market = $1 and account = $2 and type in ('{TransactionTypes.CashDeposit}', '{TransactionTypes.CashWithdrawal}') {which}
        """,
        row => new LedgerEntry(row.GetGuid(0), row.GetString(1) == TransactionTypes.CashDeposit, Money.OfMinor(row.GetInt64(2)), row.GetFieldValue<DateTimeOffset>(3)),
        cancellationToken, [market, new Movements(market).Bank, .. values]);
}
