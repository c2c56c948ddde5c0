using Npgsql;

namespace CarbonMarket.Settlement.Postings;

/// <summary>What is asked of the postings' tables: a statement, and its values in the order of their numbers.</summary>
internal static class ReadingRows
{
    public static async Task<List<T>> Rows<T>(
        this NpgsqlDataSource database, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] values)
    {
        await using var select = database.Select(sql, values);
        var found = new List<T>();
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            found.Add(read(rows));
        return found;
    }

    /// <param name="values">A parameter of its own where the value does not tell its type.</param>
    public static NpgsqlCommand Select(this NpgsqlDataSource database, string sql, params object[] values)
    {
#pragma warning disable CA2100 // Constants of those who ask; the values are parameters.
        var select = database.CreateCommand(sql);
#pragma warning restore CA2100
        foreach (var value in values)
            select.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        return select;
    }
}
