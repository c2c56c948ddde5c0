using CarbonMarket.Kernel;
using CarbonMarket.Settlement.DailyStatements;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Settlement.Postings;

/// <summary>The only writer of the postings. One part of the journal is one transaction, and the head in it says how far it is.</summary>
public sealed class PostingStore(NpgsqlDataSource database)
{
    // What is written down of a fact. Raised when it becomes more: 2 has facts by entity, 3 notices among them.
    private const int Format = 3;

    private const string Tables =
        "postings.entries, postings.blocks, postings.moments, postings.balances, postings.days, postings.undelivered, postings.entity_facts, postings.heads";

    public async Task<PostingHead> Head(string market, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await Head(connection, market, string.Empty, cancellationToken);
    }

    /// <summary>Books the facts that follow a head, unless somebody else has.</summary>
    /// <returns>How far the postings are now.</returns>
    public async Task<PostingHead> Book(
        string market, PostingHead head, IReadOnlyList<JournalFact> facts, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Execute(connection,
            "insert into postings.heads (market, version, ledger_version, counts_from, recorded_at, format) values ($1, 0, 0, 'epoch', 'epoch', $2) on conflict do nothing",
            cancellationToken, market, Format);
        if (await Head(connection, market, " for update", cancellationToken) is var known && known.Version != head.Version)
            return known;
        var movements = new Movements(market);
        var touched = facts.Select(fact => fact.Data).OfType<LedgerEvent>().SelectMany(movements.Of)
            .SelectMany(movement => (Guid[])[movement.FromAccountId, movement.ToAccountId]).Distinct().ToArray();
        var booked = Bookkeeping.Book(movements, known, facts, await Balances(connection, market, touched, cancellationToken));
        if (booked.Postings.Count > 0)
            await Write(connection, market, booked.Postings, cancellationToken);
        await Write(connection, market, booked.Moments, cancellationToken);
        await Write(connection, market, booked.Days, cancellationToken);
        await Write(connection, market, booked.Undelivered, cancellationToken);
        await Write(connection, market, booked.EntityFacts, cancellationToken);
        await Execute(connection,
            "update postings.heads set version = $2, ledger_version = $3, counts_from = $4, recorded_at = $5 where market = $1", cancellationToken,
            market, booked.Head.Version, booked.Head.LedgerVersion, booked.Head.CountsFrom.ToUniversalTime(), booked.Head.RecordedAt.ToUniversalTime());
        await transaction.CommitAsync(cancellationToken);
        return booked.Head;
    }

    /// <summary>Throws postings away that an earlier version of the service has written with less in them.</summary>
    public async Task ForgetEarlierFormat(string market, CancellationToken cancellationToken)
    {
        await using var select = database.CreateCommand("select exists (select from postings.heads where market = $1 and format < $2)");
        select.Parameters.AddWithValue(market);
        select.Parameters.AddWithValue(Format);
        if (await select.ExecuteScalarAsync(cancellationToken) is true)
            await Forget(market, cancellationToken);
    }

    /// <summary>Throws a market's postings away; whoever books goes on at the beginning of the journal.</summary>
    public async Task Forget(string market, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Head(connection, market, " for update", cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction) { Timeout = 0 };
        foreach (var table in Tables.Split(", "))
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"delete from {table} where market = $1") { Parameters = { new NpgsqlParameter { Value = market } } });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        // Not to be broken off: whoever asked could not tell whether they are gone.
        await transaction.CommitAsync(CancellationToken.None);
    }

    private static async Task<PostingHead> Head(NpgsqlConnection connection, string market, string locking, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The only thing put into the text is one of two constants.
        await using var select = new NpgsqlCommand(
            $"select version, ledger_version, counts_from, recorded_at from postings.heads where market = $1{locking}", connection);
#pragma warning restore CA2100
        select.Parameters.AddWithValue(market);
        await using var row = await select.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? PostingRow.ReadHead(row)
            : PostingHead.Start;
    }

    private static async Task<RunningBalances> Balances(
        NpgsqlConnection connection, string market, Guid[] accounts, CancellationToken cancellationToken)
    {
        var balances = new RunningBalances();
        await using var select = new NpgsqlCommand(
            "select account, asset, vintage, balance from postings.balances where market = $1 and account = any($2)", connection);
        select.Parameters.AddWithValue(market);
        select.Parameters.AddWithValue(accounts);
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            balances.Load(new Position(rows.GetGuid(0), rows.GetString(1), PostingRow.Vintage(rows.GetInt16(2))), rows.GetInt64(3));
        return balances;
    }

    private static async Task Write(NpgsqlConnection connection, string market, IReadOnlyList<Posting> postings, CancellationToken cancellationToken)
    {
        var series = await Series(connection, market, postings, cancellationToken);
        await using (var copy = await connection.BeginBinaryImportAsync($"copy postings.entries ({PostingRow.Columns}) from stdin (format binary)", cancellationToken))
        {
            foreach (var posting in postings)
                await PostingRow.Write(copy, market, posting, cancellationToken);
            await copy.CompleteAsync(cancellationToken);
        }
        await using (var copy = await connection.BeginBinaryImportAsync(
            "copy postings.blocks (units, market, version, line, from_account, to_account) from stdin (format binary)", cancellationToken))
        {
            foreach (var posting in postings.Where(posting => posting.In > 0))
            {
                foreach (var serials in posting.Serials)
                {
                    await copy.StartRowAsync(cancellationToken);
                    await copy.WriteAsync(UnitRange.Of(series[(posting.Asset, posting.Vintage!.Value)], serials), NpgsqlDbType.BigIntRange, cancellationToken);
                    await copy.WriteAsync(market, cancellationToken);
                    await copy.WriteAsync(posting.Version, cancellationToken);
                    await copy.WriteAsync(posting.Line, cancellationToken);
                    await copy.WriteAsync(posting.CounterAccountId, cancellationToken);
                    await copy.WriteAsync(posting.AccountId, cancellationToken);
                }
            }
            await copy.CompleteAsync(cancellationToken);
        }
        var last = postings.GroupBy(posting => new Position(posting.AccountId, posting.Asset, posting.Vintage))
            .Select(position => position.Last()).ToList();
        await Execute(connection,
            "insert into postings.balances select $1, * from unnest($2, $3, $4, $5) on conflict (market, account, asset, vintage) do update set balance = excluded.balance",
            cancellationToken, market, last.Select(posting => posting.AccountId).ToArray(), last.Select(posting => posting.Asset).ToArray(),
            last.Select(posting => PostingRow.Vintage(posting.Vintage)).ToArray(), last.Select(posting => posting.VintageBalance).ToArray());
    }

    private static async Task Write(NpgsqlConnection connection, string market, IReadOnlyList<Moment> moments, CancellationToken cancellationToken)
    {
        if (moments.Count == 0)
            return;
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy postings.moments (market, version, counts_from, recorded_at) from stdin (format binary)", cancellationToken);
        foreach (var moment in moments)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(market, cancellationToken);
            await copy.WriteAsync(moment.Version, cancellationToken);
            await copy.WriteAsync(moment.CountsFrom.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(moment.RecordedAt.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellationToken);
        }
        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task Write(NpgsqlConnection connection, string market, IReadOnlyList<DayEnd> days, CancellationToken cancellationToken)
    {
        foreach (var day in days)
            await Execute(connection, "insert into postings.days values ($1, $2, $3, $4)", cancellationToken,
                market, day.TradingDay, day.Version, day.CountsFrom.ToUniversalTime());
    }

    private static async Task Write(NpgsqlConnection connection, string market, IReadOnlyList<UndeliveredTrade> trades, CancellationToken cancellationToken)
    {
        foreach (var trade in trades)
            await Execute(connection, "insert into postings.undelivered values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", cancellationToken,
                market, trade.Version, trade.ParticipantId, trade.Bought, trade.TradeSequence, trade.TradeId, trade.Instrument, trade.Quantity.Value,
                trade.CashMinor.Minor, trade.Code, trade.Failed, trade.At.ToUniversalTime());
    }

    private static async Task Write(NpgsqlConnection connection, string market, IReadOnlyList<EntityFact> facts, CancellationToken cancellationToken)
    {
        if (facts.Count == 0)
            return;
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy postings.entity_facts (market, participant, version) from stdin (format binary)", cancellationToken);
        foreach (var fact in facts)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(market, cancellationToken);
            await copy.WriteAsync(fact.ParticipantId, cancellationToken);
            await copy.WriteAsync(fact.Version, cancellationToken);
        }
        await copy.CompleteAsync(cancellationToken);
    }

    /// <summary>The numbers of the series, given when the first units of one move.</summary>
    private static async Task<Dictionary<(string Instrument, ComplianceYear Vintage), int>> Series(
        NpgsqlConnection connection, string market, IReadOnlyList<Posting> postings, CancellationToken cancellationToken)
    {
        var moved = postings.Where(posting => posting.Vintage is not null).Select(posting => (posting.Asset, Vintage: posting.Vintage!.Value)).Distinct().ToList();
        var (instruments, vintages) = (moved.Select(series => series.Asset).ToArray(), moved.Select(series => PostingRow.Vintage(series.Vintage)).ToArray());
        await Execute(connection,
            "insert into postings.series (market, instrument, vintage) select $1, * from unnest($2, $3) except select market, instrument, vintage from postings.series",
            cancellationToken, market, instruments, vintages);
        var series = new Dictionary<(string Instrument, ComplianceYear Vintage), int>();
        await using var select = new NpgsqlCommand("select instrument, vintage, id from postings.series where market = $1", connection);
        select.Parameters.AddWithValue(market);
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            series.Add((rows.GetString(0), ComplianceYear.Of(rows.GetInt16(1))), rows.GetInt32(2));
        return series;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
#pragma warning disable CA2100 // Constants of this class; the values are parameters.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
