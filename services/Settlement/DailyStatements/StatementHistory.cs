using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Postings;
using Npgsql;

namespace CarbonMarket.Settlement.DailyStatements;

/// <summary>Reads trading days out of the postings.</summary>
public sealed class StatementHistory(NpgsqlDataSource database)
{
    public const int MostUndelivered = 500;

    /// <summary>Where a trading day's part of the journal ends, and where the day cleared before it does; null: it is not cleared.</summary>
    public async Task<(DayEnd End, long Opens)?> Day(string market, DateOnly day, CancellationToken cancellationToken) => await database.Rows(
        """
        select d.trading_day, d.version, d.counts_from,
            coalesce((select max(version) from postings.days b where b.market = d.market and b.version < d.version), 0)
        from postings.days d where d.market = $1 and d.trading_day = $2
        """,
        row => (End(row), row.GetInt64(3)), cancellationToken, market, day) is [var found] ? found : null;

    /// <summary>Cleared days, the latest first.</summary>
    /// <param name="before">A day that has been seen; null: none.</param>
    public async Task<IReadOnlyList<DayEnd>> Days(string market, DateOnly? before, int most, CancellationToken cancellationToken) => await database.Rows(
        "select trading_day, version, counts_from from postings.days where market = $1 and trading_day < $2 order by trading_day desc limit $3",
        End, cancellationToken, market, before ?? DateOnly.MaxValue, most);

    /// <summary>What happened to an account after one version and up to another, one line for each fact.</summary>
    public async Task<IReadOnlyList<StatementLine>> Lines(
        string market, Guid accountId, long after, long through, int most, CancellationToken cancellationToken)
    {
        var postings = await database.Rows(
            $"""
            select {PostingRow.Columns} from postings.entries where market = $1 and account = $2 and version in (
                select distinct version from postings.entries
                where market = $1 and account = $2 and version > $3 and version <= $4 order by version limit $5)
            order by version, line
            """,
            PostingRow.Read, cancellationToken, market, accountId, after, through, most);
        return [.. postings.GroupBy(posting => posting.Version).Select(fact => StatementLine.Of([.. fact]))];
    }

    /// <inheritdoc cref="Lines"/>
    public async Task<IReadOnlyList<StatementTotal>> Totals(string market, Guid accountId, long after, long through, CancellationToken cancellationToken) =>
        await database.Rows(
            """
            select type, asset, sum(amount_in)::bigint, sum(amount_out)::bigint from postings.entries
            where market = $1 and account = $2 and version > $3 and version <= $4 group by type, asset order by type, asset
            """,
            row => new StatementTotal(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3)), cancellationToken, market, accountId, after, through);

    public async Task<IReadOnlyList<UndeliveredTrade>> Undelivered(
        string market, Guid participantId, long after, long through, CancellationToken cancellationToken) => await database.Rows(
            """
            select version, participant, bought, trade_sequence, trade_id, instrument, quantity, cash, code, failed, at from postings.undelivered
            where market = $1 and participant = $2 and version > $3 and version <= $4 order by version, bought limit $5
            """,
            row => new UndeliveredTrade(
                row.GetInt64(0), row.GetGuid(1), row.GetBoolean(2), row.GetInt64(3), row.GetGuid(4), row.GetString(5),
                Quantity.Of(row.GetInt64(6)), Money.OfMinor(row.GetInt64(7)), row.GetString(8), row.GetBoolean(9), row.GetFieldValue<DateTimeOffset>(10)),
            cancellationToken, market, participantId, after, through, MostUndelivered);

    private static DayEnd End(NpgsqlDataReader row) =>
        new(row.GetFieldValue<DateOnly>(0), row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(2));
}
