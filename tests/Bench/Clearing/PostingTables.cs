using System.Diagnostics;
using CarbonMarket.Bench.Market;
using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Bench.Clearing;

/// <summary>The same postings without a ledger: rows and balances in tables. What such tables can do limits every ledger on them.</summary>
internal sealed class PostingTables(BenchDatabase database)
{
    private const int TradesPerTransaction = 1000;
    private const int Clients = 16;
    private const string AddToBalances =
        "update bench.balances b set balance = b.balance + d.amount from unnest($1::uuid[], $2::text[], $3::bigint[]) d (account, asset, amount) "
        + "where b.account = d.account and b.asset = d.asset";

    private long last;

    public async Task Create(IReadOnlyList<Guid> accounts, CancellationToken cancellationToken)
    {
        await database.Tell("create schema if not exists bench", cancellationToken);
        await database.Tell("create table if not exists bench.postings (seq bigint primary key, trade uuid not null, account uuid not null, "
            + "asset text not null, amount bigint not null, at timestamptz not null)", cancellationToken);
        await database.Tell("create table if not exists bench.balances (account uuid, asset text, balance bigint not null, primary key (account, asset))", cancellationToken);
        await using var command = database.Source.CreateCommand(
            $"insert into bench.balances select account, asset, 0 from unnest($1::uuid[]) account, unnest(array['{RunningLedger.Instrument}', 'cash']) asset on conflict do nothing");
        command.Parameters.AddWithValue(accounts.ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
        await database.Tell("vacuum analyze bench.balances", cancellationToken);
    }

    public Task Clear(CancellationToken cancellationToken) => database.Tell("truncate bench.postings", cancellationToken);

    /// <summary>One connection, a thousand trades a transaction: their postings by binary COPY, one net update for each touched balance.</summary>
    public async Task<TimeSpan> Copy(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var update = new NpgsqlCommand(AddToBalances, connection);
        update.Parameters.AddRange(new NpgsqlParameter[] { Parameter<Guid[]>(), Parameter<string[]>(), Parameter<long[]>() });
        var started = Stopwatch.GetTimestamp();
        foreach (var part in deliveries.Chunk(TradesPerTransaction))
        {
            var net = new Dictionary<(Guid, string), long>();
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var copy = await connection.BeginBinaryImportAsync("copy bench.postings (seq, trade, account, asset, amount, at) from stdin (format binary)", cancellationToken))
            {
                foreach (var delivery in part)
                {
                    foreach (var (account, asset, amount) in delivery.Legs)
                    {
                        Write(copy, ++last, delivery.TradeId, account, asset, amount);
                        net[(account, asset)] = net.GetValueOrDefault((account, asset)) + amount;
                    }
                }
                await copy.CompleteAsync(cancellationToken);
            }
            Set(update.Parameters, [.. net.Select(entry => (entry.Key.Item1, entry.Key.Item2, entry.Value))]);
            await update.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>A transaction for each trade, sixteen clients; balances are locked in one order, so that none waits for another in a circle.</summary>
    /// <returns>Trades a second.</returns>
    public async Task<double> OnePerCommit(IReadOnlyList<Delivery> deliveries, TimeSpan duration, CancellationToken cancellationToken)
    {
        var (next, started) = (-1, Stopwatch.GetTimestamp());
        var settled = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(
            async () =>
            {
                await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
                await using var batch = new NpgsqlBatch(connection);
                foreach (var sql in (string[])
                    [
                        "select 1 from bench.balances where (account, asset) in (select * from unnest($1::uuid[], $2::text[])) order by account, asset for update",
                        "insert into bench.postings select seq, trade, account, asset, amount, now() "
                            + "from unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[]) as posting (seq, trade, account, asset, amount)",
                        AddToBalances,
                    ])
                    batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
                batch.BatchCommands[0].Parameters.AddRange(new NpgsqlParameter[] { Parameter<Guid[]>(), Parameter<string[]>() });
                batch.BatchCommands[1].Parameters.AddRange(new NpgsqlParameter[] { Parameter<long[]>(), Parameter<Guid[]>(), Parameter<Guid[]>(), Parameter<string[]>(), Parameter<long[]>() });
                batch.BatchCommands[2].Parameters.AddRange(new NpgsqlParameter[] { Parameter<Guid[]>(), Parameter<string[]>(), Parameter<long[]>() });
                await batch.PrepareAsync(cancellationToken);
                var count = 0;
                while (Stopwatch.GetElapsedTime(started) < duration)
                {
                    var delivery = deliveries[Interlocked.Increment(ref next) % deliveries.Count];
                    (Guid Account, string Asset, long Amount)[] legs = [.. delivery.Legs];
                    var seq = Interlocked.Add(ref last, Delivery.Postings);
                    Set(batch.BatchCommands[2].Parameters, legs);
                    Set(batch.BatchCommands[1].Parameters, 0, (long[])[seq - 3, seq - 2, seq - 1, seq]);
                    Set(batch.BatchCommands[1].Parameters, 1, (Guid[])[delivery.TradeId, delivery.TradeId, delivery.TradeId, delivery.TradeId]);
                    for (var column = 0; column < 3; column++)
                        batch.BatchCommands[1].Parameters[column + 2].Value = batch.BatchCommands[2].Parameters[column].Value;
                    for (var column = 0; column < 2; column++)
                        batch.BatchCommands[0].Parameters[column].Value = batch.BatchCommands[2].Parameters[column].Value;
                    await batch.ExecuteNonQueryAsync(cancellationToken);
                    count++;
                }
                return count;
            },
            cancellationToken)));
        return settled.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Write(NpgsqlBinaryImporter copy, long seq, Guid tradeId, Guid account, string asset, long amount)
    {
        copy.StartRow();
        copy.Write(seq, NpgsqlDbType.Bigint);
        copy.Write(tradeId, NpgsqlDbType.Uuid);
        copy.Write(account, NpgsqlDbType.Uuid);
        copy.Write(asset, NpgsqlDbType.Text);
        copy.Write(amount, NpgsqlDbType.Bigint);
        copy.Write(DateTime.UnixEpoch, NpgsqlDbType.TimestampTz);
    }

    private static void Set(NpgsqlParameterCollection parameters, IReadOnlyList<(Guid Account, string Asset, long Amount)> postings)
    {
        Set(parameters, 0, postings.Select(posting => posting.Account).ToArray());
        Set(parameters, 1, postings.Select(posting => posting.Asset).ToArray());
        Set(parameters, 2, postings.Select(posting => posting.Amount).ToArray());
    }

    private static void Set<T>(NpgsqlParameterCollection parameters, int at, T value) => ((NpgsqlParameter<T>)parameters[at]).TypedValue = value;

    private static NpgsqlParameter<T> Parameter<T>() => new() { TypedValue = default };
}
