using System.Globalization;
using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Settlement;

/// <param name="Items">In the order of their cursors.</param>
/// <param name="Next">Ask with <c>after</c> = this for the next page; null: there is none.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

internal static class Paging
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
}
