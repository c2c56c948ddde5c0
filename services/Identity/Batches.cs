using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Identity;

/// <summary>Up to 500 things at once. A malformed batch is refused whole; in a well-formed one each item is its own decision.</summary>
/// <param name="Items">1-500 items.</param>
public sealed record Batch<T>(IReadOnlyList<T>? Items = null);

/// <param name="Results">One for each item, in the order of the items.</param>
public sealed record BatchAnswer(IReadOnlyList<BatchResult> Results);

/// <param name="Id">The item's id.</param>
/// <param name="Outcome">accepted or rejected.</param>
/// <param name="Code">Why it was rejected; stable.</param>
/// <param name="Reason">The same in words.</param>
public sealed record BatchResult(Guid Id, string Outcome, string? Code, string? Reason)
{
    public static BatchResult Of<TEvent>(Guid id, Decision<TEvent> decision) => decision switch
    {
        Decision<TEvent>.Rejected rejected => new(id, "rejected", rejected.Code, rejected.Reason),
        _ => new(id, "accepted", null, null),
    };
}

internal static class Batches
{
    public const int Most = 500;

    /// <summary>Finds every fault of a batch; <paramref name="check"/> is given each item and its JSON path.</summary>
    public static Faults Check<T>(this Batch<T> batch, Func<T, Guid?> id, string idName, Action<Faults, T, string> check)
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
            if (items[index] is not { } item)
            {
                faults.Add(path, "required", "An item is missing.");
                continue;
            }
            if (faults.Require(id(item) is { } given && given != Guid.Empty, $"{path}.{idName}", "required", $"{idName} is a GUID made by the caller."))
                faults.Require(seen.Add(id(item)!.Value), $"{path}.{idName}", "repeated-id", $"{id(item)} occurs twice in this batch.");
            check(faults, item, path);
        }
        return faults;
    }

    /// <summary>A text that people read: not blank, bounded, without control characters.</summary>
    public static void RequireText(this Faults faults, string? text, int longest, string path) => faults.Require(
        !string.IsNullOrWhiteSpace(text) && text.Length <= longest && !text.Any(char.IsControl),
        path, "invalid-text", $"1-{longest} characters, not blank and without control characters.");
}
