using System.Globalization;
using CarbonMarket.ServiceDefaults.Problems;
using Marten;
using Marten.Linq.MatchesSql;
using Microsoft.AspNetCore.Http;

namespace CarbonMarket.ServiceDefaults.Pages;

/// <param name="Items">In the order of their cursors.</param>
/// <param name="Next">Ask with <c>after</c> = this for the next page; null: there is none.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Every list is paged: 100 items unless the caller asks for another number, 500 at most.</summary>
public static class Paging
{
    public const int Most = 500;
    public const int Usual = 100;

    public static Faults Check(int? limit)
    {
        var faults = new Faults();
        faults.Require(limit is null or (>= 1 and <= Most), "limit", "out-of-range", $"A page has 1-{Most} items.");
        return faults;
    }

    /// <summary>A page from up to one item more than fits, which tells whether there is a next page.</summary>
    public static Page<T> Of<T>(IEnumerable<T> found, int? limit, Func<T, IFormattable> cursor)
    {
        var size = limit ?? Usual;
        var items = found.Take(size + 1).ToList();
        return items.Count > size
            ? new Page<T>(items[..size], cursor(items[size - 1]).ToString(null, CultureInfo.InvariantCulture))
            : new Page<T>(items, null);
    }

    /// <summary>One page of documents in order of id.</summary>
    public static async Task<IResult> Page<TDocument, TItem>(
        this IQueryable<TDocument> documents, Guid? after, int? limit, Func<TDocument, Guid> id, Func<TDocument, TItem> item,
        CancellationToken cancellationToken)
        where TDocument : class
    {
        if (Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        var found = await documents.Where(document => document.MatchesSql("d.id > ?", after ?? Guid.Empty))
            .OrderBySql("d.id").Take((limit ?? Usual) + 1).ToListAsync(cancellationToken);
        var page = Of(found, limit, document => id(document));
        return Results.Ok(new Page<TItem>([.. page.Items.Select(item)], page.Next));
    }
}
