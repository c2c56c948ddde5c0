using System.Data;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Settlement.Postings;

/// <summary>Units of one passage from holder to holder.</summary>
/// <param name="Serials">As many of the units asked for as went by it together.</param>
public sealed record UnitPassage(
    long Version, int Line, SerialRange Serials, Guid FromAccountId, Guid ToAccountId, string Type, Guid TransactionId, DateTimeOffset At,
    DateTimeOffset RecordedAt);

/// <summary>
/// Reads the postings. Every question about the past is one about the journal up to a version, which
/// <see cref="Through"/> finds for two times.
/// </summary>
public sealed class PostingHistory(NpgsqlDataSource database)
{
    /// <summary>The last version that counted by a legal time and was recorded by another; what is null does not matter.</summary>
    /// <param name="asOf">Legal time, inclusive.</param>
    /// <param name="knownAt">Time of recording, inclusive.</param>
    public async Task<long> Through(string market, DateTimeOffset? asOf, DateTimeOffset? knownAt, CancellationToken cancellationToken)
    {
        await using var select = database.Select(
            """
            select coalesce(least(
                (select version from postings.heads where market = $1),
                (select version - 1 from postings.moments where market = $1 and counts_from > $2 order by counts_from, version limit 1),
                (select version - 1 from postings.moments where market = $1 and recorded_at > $3 order by recorded_at, version limit 1)), 0)
            """,
            market, Time(asOf), Time(knownAt));
        return (long)(await select.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>An account's postings after a place, up to a version, in their order.</summary>
    public async Task<IReadOnlyList<Posting>> Statement(
        string market, Guid accountId, PostingCursor after, long through, int most, CancellationToken cancellationToken) => await database.Rows(
            $"""
            select {PostingRow.Columns} from postings.entries
            where market = $1 and account = $2 and (version, line) > ($3, $4) and version <= $5
            order by version, line limit $6
            """,
            PostingRow.Read, cancellationToken, market, accountId, after.Version, after.Line, through, most);

    /// <summary>What an account had after a version, what it had nothing of left out.</summary>
    public async Task<IReadOnlyList<AssetBalance>> Holdings(string market, Guid accountId, long through, CancellationToken cancellationToken) =>
        await database.Rows(
            """
            select b.asset, b.vintage, e.vintage_balance from postings.balances b cross join lateral (
                select vintage_balance from postings.entries
                where market = b.market and account = b.account and asset = b.asset and vintage = b.vintage and version <= $3
                order by version desc, line desc limit 1) e
            where b.market = $1 and b.account = $2 and e.vintage_balance <> 0 order by b.asset, b.vintage
            """,
            row => new AssetBalance(row.GetString(0), PostingRow.Vintage(row.GetInt16(1)), row.GetInt64(2)), cancellationToken, market, accountId, through);

    /// <summary>The passage by which a unit came to whoever had it after a version; null: it was not issued by then.</summary>
    public async Task<UnitPassage?> Owner(
        string market, string instrument, ComplianceYear vintage, long serial, long through, CancellationToken cancellationToken)
    {
        if (await Series(market, instrument, vintage, cancellationToken) is not { } series)
            return null;
        var found = await database.Rows(
            Passages("select * from postings.blocks where units @> $1 and version <= $2 order by version desc, line desc limit 1"),
            row => Passage(row, new SerialRange(serial, serial)), cancellationToken, UnitRange.KeyOf(series, serial), through);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>Every passage of units, after a place and up to a version, from their issuance on.</summary>
    /// <param name="parties">Passages that one of these accounts gave or got; none: all.</param>
    public async Task<IReadOnlyList<UnitPassage>> Trace(
        string market, string instrument, ComplianceYear vintage, SerialRange serials, PassageCursor after, long through, Guid[] parties, int most,
        CancellationToken cancellationToken)
    {
        if (await Series(market, instrument, vintage, cancellationToken) is not { } series)
            return [];
        return await database.Rows(
            Passages(
                """
                select * from postings.blocks where units && $1 and (version, line, lower(units)) > ($2, $3, $7) and version <= $4
                and (cardinality($6) = 0 or from_account = any($6) or to_account = any($6))
                order by version, line, lower(units) limit $5
                """),
            row => Passage(row, serials), cancellationToken, new NpgsqlParameter { Value = UnitRange.Of(series, serials), NpgsqlDbType = NpgsqlDbType.BigIntRange },
            after.Version, after.Line, through, most, parties, after.Serial == 0 ? 0L : UnitRange.KeyOf(series, after.Serial));
    }

    /// <summary>
    /// Reads the whole of a market's postings up to the ledger's version, in their order. How far they are is looked up in the same
    /// view of the tables: they may be thrown away at any moment, also by an instance that does not lead.
    /// </summary>
    /// <returns>False: they have not come so far, and nothing was read.</returns>
    public async Task<bool> ReadAll(string market, long ledgerVersion, Action<Posting> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using (var reached = new NpgsqlCommand("select exists (select from postings.heads where market = $1 and ledger_version >= $2)", connection))
        {
            reached.Parameters.AddWithValue(market);
            reached.Parameters.AddWithValue(ledgerVersion);
            if (await reached.ExecuteScalarAsync(cancellationToken) is not true)
                return false;
        }
        await using var select = new NpgsqlCommand(
            $"select {PostingRow.Columns} from postings.entries where market = $1 and ledger_version <= $2 order by version, line", connection);
        select.Parameters.AddWithValue(market);
        select.Parameters.AddWithValue(ledgerVersion);
        select.CommandTimeout = 0;
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            read(PostingRow.Read(rows));
        return true;
    }

    private static string Passages(string blocks) =>
        $"""
        select b.units, b.version, b.line, b.from_account, b.to_account, e.type, e.transaction_id, e.at, e.recorded_at
        from ({blocks}) b join postings.entries e on e.market = b.market and e.version = b.version and e.line = b.line
        order by b.version, b.line, lower(b.units)
        """;

    private static UnitPassage Passage(NpgsqlDataReader row, SerialRange asked)
    {
        var serials = UnitRange.Serials(row.GetFieldValue<NpgsqlRange<long>>(0));
        return new UnitPassage(
            row.GetInt64(1), row.GetInt32(2), new SerialRange(Math.Max(serials.First, asked.First), Math.Min(serials.Last, asked.Last)),
            row.GetGuid(3), row.GetGuid(4), row.GetString(5), row.GetGuid(6), row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8));
    }

    private async Task<int?> Series(string market, string instrument, ComplianceYear vintage, CancellationToken cancellationToken)
    {
        await using var select = database.Select(
            "select id from postings.series where market = $1 and instrument = $2 and vintage = $3", market, instrument, PostingRow.Vintage(vintage));
        return await select.ExecuteScalarAsync(cancellationToken) as int?;
    }

    private static NpgsqlParameter Time(DateTimeOffset? time) =>
        new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = time?.ToUniversalTime() ?? (object)DBNull.Value };
}

/// <summary>What an account has of one asset and vintage.</summary>
/// <param name="Asset">An instrument, or cash.</param>
/// <param name="Vintage">Year of the units; null for cash.</param>
/// <param name="Balance">Units, or minor units of the currency.</param>
public sealed record AssetBalance(string Asset, ComplianceYear? Vintage, long Balance);
