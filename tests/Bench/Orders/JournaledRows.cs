using CarbonMarket.Bench.Market;
using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Bench.Orders;

/// <summary>
/// A thousand rows as the market has journaled them, in memory, and a table like Marten's, indexes included: by these the
/// limit is measured. Only ids, sequence and version are new in each copy.
/// </summary>
internal sealed class JournaledRows
{
    private const string Table = "bench.events";
    private const int Count = 1000;
    private const string Columns =
        "seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, is_archived";

    private readonly List<Row> rows = [];
    private readonly Guid stream = Guid.CreateVersion7();
    private long last;

    public static async Task<JournaledRows> Of(BenchDatabase database, CancellationToken cancellationToken)
    {
        await database.Tell("create schema if not exists bench", cancellationToken);
        await database.Tell($"create table if not exists {Table} (like {BenchDatabase.Schema}.mt_events including all)", cancellationToken);
        var journaled = new JournaledRows();
        await using var command = database.Source.CreateCommand(
            $"select data::text, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers::text from {BenchDatabase.Schema}.mt_events "
            + $"order by seq_id desc limit {Count}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            journaled.rows.Add(new Row(
                Utf8(reader.GetString(0)), reader.GetString(1), reader.GetDateTime(2), reader.GetString(3), reader.GetString(4), reader.GetString(5),
                reader.GetString(6), Utf8(reader.GetString(7))));
        }
        return journaled.rows.Count == Count ? journaled : throw new InvalidOperationException("There is nothing yet to make rows of.");
    }

    public static Task Clear(BenchDatabase database, CancellationToken cancellationToken) =>
        database.Tell($"truncate {Table}", cancellationToken);

    /// <summary>All rows in one transaction, by binary COPY: what one connection can make durable.</summary>
    public async Task<int> Copy(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {Table} ({Columns}) from stdin (format binary)", cancellationToken);
        foreach (var row in rows)
            Write(copy, row);
        await copy.CompleteAsync(cancellationToken);
        return rows.Count;
    }

    /// <summary>One row, committed by itself: the least that one order can take.</summary>
    public async Task Insert(NpgsqlCommand insert, CancellationToken cancellationToken)
    {
        last++;
        ((NpgsqlParameter<long>)insert.Parameters[0]).TypedValue = last;
        ((NpgsqlParameter<Guid>)insert.Parameters[1]).TypedValue = Guid.CreateVersion7();
        ((NpgsqlParameter<long>)insert.Parameters[3]).TypedValue = last;
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<NpgsqlCommand> PrepareInsert(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var row = rows[0];
        var insert = new NpgsqlCommand($"insert into {Table} ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long>(), new NpgsqlParameter<Guid>(), new NpgsqlParameter<Guid> { TypedValue = stream },
                new NpgsqlParameter<long>(), new NpgsqlParameter<byte[]> { TypedValue = row.Data, NpgsqlDbType = NpgsqlDbType.Jsonb },
                new NpgsqlParameter<string> { TypedValue = row.Type }, new NpgsqlParameter<DateTime> { TypedValue = row.Timestamp },
                new NpgsqlParameter<string> { TypedValue = row.Tenant }, new NpgsqlParameter<string> { TypedValue = row.DotNetType },
                new NpgsqlParameter<string> { TypedValue = row.Correlation }, new NpgsqlParameter<string> { TypedValue = row.Causation },
                new NpgsqlParameter<byte[]> { TypedValue = row.Headers, NpgsqlDbType = NpgsqlDbType.Jsonb },
                new NpgsqlParameter<bool> { TypedValue = false },
            },
        };
        await insert.PrepareAsync(cancellationToken);
        return insert;
    }

    private void Write(NpgsqlBinaryImporter copy, Row row)
    {
        last++;
        copy.StartRow();
        copy.Write(last, NpgsqlDbType.Bigint);
        copy.Write(Guid.CreateVersion7(), NpgsqlDbType.Uuid);
        copy.Write(stream, NpgsqlDbType.Uuid);
        copy.Write(last, NpgsqlDbType.Bigint);
        copy.Write(row.Data, NpgsqlDbType.Jsonb);
        copy.Write(row.Type, NpgsqlDbType.Varchar);
        copy.Write(row.Timestamp, NpgsqlDbType.TimestampTz);
        copy.Write(row.Tenant, NpgsqlDbType.Varchar);
        copy.Write(row.DotNetType, NpgsqlDbType.Varchar);
        copy.Write(row.Correlation, NpgsqlDbType.Varchar);
        copy.Write(row.Causation, NpgsqlDbType.Varchar);
        copy.Write(row.Headers, NpgsqlDbType.Jsonb);
        copy.Write(value: false, NpgsqlDbType.Boolean);
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private sealed record Row(
        byte[] Data, string Type, DateTime Timestamp, string Tenant, string DotNetType, string Correlation, string Causation, byte[] Headers);
}
