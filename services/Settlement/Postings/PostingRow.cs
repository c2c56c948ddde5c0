using CarbonMarket.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Settlement.Postings;

/// <summary>A posting as a row of the table.</summary>
internal static class PostingRow
{
    public const string Columns =
        "market, version, line, ledger_version, account, counter_account, asset, vintage, amount_in, amount_out, vintage_balance, balance, serials, type, "
        + "transaction_id, at, recorded_at";

    public static short Vintage(ComplianceYear? vintage) => (short)(vintage?.Value ?? 0);

    public static ComplianceYear? Vintage(short column) => column == 0 ? null : ComplianceYear.Of(column);

    public static async Task Write(NpgsqlBinaryImporter copy, string market, Posting posting, CancellationToken cancellationToken)
    {
        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(market, cancellationToken);
        await copy.WriteAsync(posting.Version, cancellationToken);
        await copy.WriteAsync(posting.Line, cancellationToken);
        await copy.WriteAsync(posting.LedgerVersion, cancellationToken);
        await copy.WriteAsync(posting.AccountId, cancellationToken);
        await copy.WriteAsync(posting.CounterAccountId, cancellationToken);
        await copy.WriteAsync(posting.Asset, cancellationToken);
        await copy.WriteAsync(Vintage(posting.Vintage), cancellationToken);
        await copy.WriteAsync(posting.In, cancellationToken);
        await copy.WriteAsync(posting.Out, cancellationToken);
        await copy.WriteAsync(posting.VintageBalance, cancellationToken);
        await copy.WriteAsync(posting.Balance, cancellationToken);
        await copy.WriteAsync(UnitRange.Multirange(posting.Serials), NpgsqlDbType.BigIntMultirange, cancellationToken);
        await copy.WriteAsync(posting.Type, cancellationToken);
        await copy.WriteAsync(posting.TransactionId, cancellationToken);
        await copy.WriteAsync(posting.At.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellationToken);
        await copy.WriteAsync(posting.RecordedAt.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellationToken);
    }

    public static PostingHead ReadHead(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3));

    public static Posting Read(NpgsqlDataReader row) => new(
        row.GetInt64(1), row.GetInt64(3), row.GetInt32(2), row.GetGuid(4), row.GetGuid(5), row.GetString(6), Vintage(row.GetInt16(7)),
        row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), row.GetInt64(11),
        [.. row.GetFieldValue<NpgsqlRange<long>[]>(12).Select(UnitRange.Plain)],
        row.GetString(13), row.GetGuid(14), row.GetFieldValue<DateTimeOffset>(15), row.GetFieldValue<DateTimeOffset>(16));
}
