using System.Globalization;
using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Trading;

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

    /// <summary>A page from one item more than fits, which tells whether there is a next page.</summary>
    public static Page<T> Of<T>(IReadOnlyList<T> found, int limit, Func<T, IFormattable> cursor) => found.Count > limit
        ? new Page<T>([.. found.Take(limit)], cursor(found[limit - 1]).ToString(null, CultureInfo.InvariantCulture))
        : new Page<T>(found, null);
}
