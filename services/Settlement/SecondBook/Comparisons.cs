using System.Collections.Immutable;
using System.Text.Json;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Postings;
using Npgsql;
using NpgsqlTypes;

namespace CarbonMarket.Settlement.SecondBook;

/// <summary>The ledger held against the second book (核对), as it was found.</summary>
/// <param name="ComparisonId">Made by whoever asked for it, or by the platform.</param>
/// <param name="At">Legal time.</param>
/// <param name="LedgerVersion">The ledger's version at which they were compared.</param>
/// <param name="Accounts">Accounts compared.</param>
/// <param name="Postings">Postings from which the second book was reckoned.</param>
/// <param name="DifferenceCount">All differences.</param>
/// <param name="Differences">The first hundred.</param>
public sealed record BookComparison(
    Guid ComparisonId, DateTimeOffset At, long LedgerVersion, long Accounts, long Postings, long DifferenceCount, ImmutableArray<BookDifference> Differences)
{
    /// <summary>The two agree on every unit and every minor unit of cash on every account.</summary>
    public bool Matches => DifferenceCount == 0;
}

/// <summary>
/// Every comparison ever made, beside the ledger: that two books agree moves nothing in either. The table is made with the
/// postings', and a rebuild leaves it alone.
/// </summary>
public sealed class Comparisons(NpgsqlDataSource database)
{
    private const string Columns = "comparison_id, at, ledger_version, accounts, postings, difference_count, differences";

    public async Task<BookComparison?> Latest(string market, CancellationToken cancellationToken) => await database.Rows(
        $"select {Columns} from postings.comparisons where market = $1 order by number desc limit 1", Read, cancellationToken, market) is [var latest] ? latest : null;

    public async Task<BookComparison?> Find(string market, Guid comparisonId, CancellationToken cancellationToken) => await database.Rows(
        $"select {Columns} from postings.comparisons where market = $1 and comparison_id = $2", Read, cancellationToken, market, comparisonId) is [var found] ? found : null;

    /// <summary>
    /// The id of the nightly comparison of a day, the same whoever makes it. One who oversees may have used it on another day,
    /// before its time, for a comparison of its own: then one that follows from it.
    /// </summary>
    public async Task<Guid> IdOf(string market, DateOnly day, Func<DateTimeOffset, DateOnly> legalDay, CancellationToken cancellationToken)
    {
        var id = DeterministicGuid.From($"second-book:{market}:{day:O}");
        while (await Find(market, id, cancellationToken) is { } taken && legalDay(taken.At) != day)
            id = DeterministicGuid.From(id, "taken");
        return id;
    }

    public async Task Add(string market, BookComparison comparison, CancellationToken cancellationToken)
    {
        await using var insert = database.CreateCommand(
            $"insert into postings.comparisons (market, {Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (market, comparison_id) do nothing");
        insert.Parameters.AddWithValue(market);
        insert.Parameters.AddWithValue(comparison.ComparisonId);
        insert.Parameters.AddWithValue(comparison.At.ToUniversalTime());
        insert.Parameters.AddWithValue(comparison.LedgerVersion);
        insert.Parameters.AddWithValue(comparison.Accounts);
        insert.Parameters.AddWithValue(comparison.Postings);
        insert.Parameters.AddWithValue(comparison.DifferenceCount);
        insert.Parameters.AddWithValue(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(comparison.Differences));
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private static BookComparison Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
        JsonSerializer.Deserialize<ImmutableArray<BookDifference>>(row.GetString(6)));
}
