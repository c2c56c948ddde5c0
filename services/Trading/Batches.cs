using System.Diagnostics;
using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading;

/// <summary>Up to 500 things at once. A malformed batch is refused whole; in a well-formed one each item is its own decision.</summary>
/// <param name="Items">1-500 items, decided in their order.</param>
public sealed record Batch<T>(IReadOnlyList<T>? Items = null)
    where T : class;

/// <param name="Results">One for each item, in the order of the items.</param>
public sealed record BatchAnswer<T>(IReadOnlyList<T> Results);

/// <summary>What came of one item.</summary>
public enum ItemOutcome
{
    Accepted,
    Rejected,
}

internal static class Batches
{
    public const int Most = 500;

    /// <summary>Finds every fault of a batch: of its size, of missing and repeated items, and what <paramref name="check"/> finds.</summary>
    public static Faults Check<T>(this Batch<T> batch, Func<T, Guid?> id, Action<Faults, T, string> check)
        where T : class
    {
        var faults = new Faults();
        var items = batch.Items ?? [];
        if (!faults.Require(items.Count is >= 1 and <= Most, "$.items", "batch-size", $"A batch has 1-{Most} items, not {items.Count}."))
            return faults;
        var seen = new HashSet<Guid>();
        for (var index = 0; index < items.Count; index++)
        {
            var path = $"$.items[{index}]";
            if (!faults.Require(items[index] is not null, path, "required", "An item, not null."))
                continue;
            check(faults, items[index], path);
            if (id(items[index]) is { } given)
                faults.Require(seen.Add(given), path, "repeated-item", $"The id {given} occurs twice in this batch.");
        }
        return faults;
    }

    public static void RequireId(this Faults faults, Guid? id, string path) =>
        faults.Require(id is { } given && given != Guid.Empty, path, "required", "A GUID that is not empty.");

    public static void RequirePositive(this Faults faults, long? amount, string path) =>
        faults.Require(amount > 0, path, "not-positive", "A whole number above zero.");

    public static void RequireText(this Faults faults, string? text, string path) =>
        faults.Require(text is { Length: > 0 and <= 64 }, path, "required", "A name of 1-64 characters.");

    /// <summary>A refused item's code and reason; none for an accepted one.</summary>
    public static (ItemOutcome Outcome, string? Code, string? Reason) Describe(this Outcome<MarketEvent> outcome) => outcome switch
    {
        Outcome<MarketEvent>.Accepted => (ItemOutcome.Accepted, null, null),
        Outcome<MarketEvent>.Rejected rejected => (ItemOutcome.Rejected, rejected.Code, rejected.Reason),
        _ => throw new UnreachableException(outcome.ToString()),
    };
}
