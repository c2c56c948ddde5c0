using CarbonMarket.ServiceDefaults.Problems;
using Marten;
using Marten.Linq.MatchesSql;

namespace CarbonMarket.Verification;

/// <param name="Items">In order of their cursor.</param>
/// <param name="Next">Ask with <c>after</c> = this for the next page; null: there is none.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

internal static class Paging
{
    private const int Most = 500;
    private const int Usual = 100;

    /// <summary>One page of documents in order of id.</summary>
    public static async Task<IResult> Page<TDocument, TItem>(
        this IQueryable<TDocument> documents, Guid? after, int? limit, Func<TDocument, Guid> id, Func<TDocument, TItem> item,
        CancellationToken cancellationToken)
        where TDocument : class
    {
        var faults = new Faults();
        faults.Require(limit is null or (>= 1 and <= Most), "limit", "out-of-range", $"A page has 1-{Most} items.");
        if (faults.Any)
            return faults.ToProblem();
        var size = limit ?? Usual;
        var found = await documents.Where(document => document.MatchesSql("d.id > ?", after ?? Guid.Empty))
            .OrderBySql("d.id").Take(size + 1).ToListAsync(cancellationToken);
        var page = found.Take(size).ToList();
        return Results.Ok(new Page<TItem>([.. page.Select(item)], found.Count > size ? id(page[^1]).ToString() : null));
    }
}
