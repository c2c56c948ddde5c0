using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Postings;
using Npgsql;

namespace CarbonMarket.Settlement.DailyStatements;

/// <summary>Reads trading days out of the postings.</summary>
public sealed class StatementHistory(NpgsqlDataSource database)
{
    public const int MostUndelivered = 500;

    /// <summary>Where a trading day's part of the journal ends, and where the day cleared before it does; null: it is not cleared.</summary>
    public async Task<(DayEnd End, long Opens)?> Day(string market, DateOnly day, CancellationToken cancellationToken)
    {
        await using var select = database.CreateCommand(
            """
            select d.trading_day, d.version, d.counts_from,
                coalesce((select max(version) from postings.days b where b.market = d.market and b.version < d.version), 0)
            from postings.days d where d.market = $1 and d.trading_day = $2
            """);
        select.Parameters.AddWithValue(market);
        select.Parameters.AddWithValue(day);
        await using var row = await select.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (End(row), row.GetInt64(3)) : null;
    }

    /// <summary>Cleared days, the latest first.</summary>
    /// <param name="before">A day that has been seen; null: none.</param>
    public async Task<IReadOnlyList<DayEnd>> Days(string market, DateOnly? before, int most, CancellationToken cancellationToken)
    {
        await using var select = database.CreateCommand(
            "select trading_day, version, counts_from from postings.days where market = $1 and trading_day < $2 order by trading_day desc limit $3");
        select.Parameters.AddWithValue(market);
        select.Parameters.AddWithValue(before ?? DateOnly.MaxValue);
        select.Parameters.AddWithValue(most);
        var found = new List<DayEnd>();
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            found.Add(End(rows));
        return found;
    }

    /// <summary>What happened to an account after one version and up to another, one line for each fact.</summary>
    public async Task<IReadOnlyList<StatementLine>> Lines(
        string market, Guid accountId, long after, long through, int most, CancellationToken cancellationToken)
    {
        await using var select = database.CreateCommand(
            $"""
            select {PostingRow.Columns} from postings.entries where market = $1 and account = $2 and version in (
                select distinct version from postings.entries
                where market = $1 and account = $2 and version > $3 and version <= $4 order by version limit $5)
            order by version, line
            """);
        select.Parameters.AddWithValue(market);
        select.Parameters.AddWithValue(accountId);
        select.Parameters.AddWithValue(after);
        select.Parameters.AddWithValue(through);
        select.Parameters.AddWithValue(most);
        var postings = new List<Posting>();
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            postings.Add(PostingRow.Read(rows));
        return [.. postings.GroupBy(posting => posting.Version).Select(fact => StatementLine.Of([.. fact]))];
    }

    /// <inheritdoc cref="Lines"/>
    public async Task<IReadOnlyList<StatementTotal>> Totals(string market, Guid accountId, long after, long through, CancellationToken cancellationToken)
    {
        await using var select = database.CreateCommand(
            """
            select type, asset, sum(amount_in)::bigint, sum(amount_out)::bigint from postings.entries
            where market = $1 and account = $2 and version > $3 and version <= $4 group by type, asset order by type, asset
            """);
        select.Parameters.AddWithValue(market);
        select.Parameters.AddWithValue(accountId);
        select.Parameters.AddWithValue(after);
        select.Parameters.AddWithValue(through);
        var found = new List<StatementTotal>();
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            found.Add(new StatementTotal(rows.GetString(0), rows.GetString(1), rows.GetInt64(2), rows.GetInt64(3)));
        return found;
    }

    public async Task<IReadOnlyList<UndeliveredTrade>> Undelivered(
        string market, Guid participantId, long after, long through, CancellationToken cancellationToken)
    {
        await using var select = database.CreateCommand(
            """
            select version, participant, bought, trade_sequence, trade_id, instrument, quantity, cash, code, failed, at from postings.undelivered
            where market = $1 and participant = $2 and version > $3 and version <= $4 order by version, bought limit $5
            """);
        select.Parameters.AddWithValue(market);
        select.Parameters.AddWithValue(participantId);
        select.Parameters.AddWithValue(after);
        select.Parameters.AddWithValue(through);
        select.Parameters.AddWithValue(MostUndelivered);
        var found = new List<UndeliveredTrade>();
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            found.Add(new UndeliveredTrade(
                rows.GetInt64(0), rows.GetGuid(1), rows.GetBoolean(2), rows.GetInt64(3), rows.GetGuid(4), rows.GetString(5),
                Quantity.Of(rows.GetInt64(6)), Money.OfMinor(rows.GetInt64(7)), rows.GetString(8), rows.GetBoolean(9),
                await rows.GetFieldValueAsync<DateTimeOffset>(10, cancellationToken)));
        return found;
    }

    private static DayEnd End(NpgsqlDataReader row) =>
        new(row.GetFieldValue<DateOnly>(0), row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(2));
}
