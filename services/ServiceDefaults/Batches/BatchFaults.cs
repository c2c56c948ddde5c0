using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.ServiceDefaults.Batches;

public static class BatchFaults
{
    public const int Most = 500;

    /// <summary>Finds every fault of a batch: of its size, of items that are missing or repeated, and what <paramref name="check"/> finds.</summary>
    /// <param name="key">What may occur only once in a batch; null is not compared.</param>
    /// <param name="check">Is given each item and its JSON path.</param>
    public static Faults Check<T, TKey>(this Batch<T> batch, Func<T, TKey?> key, Action<Faults, T, string> check)
        where T : class
    {
        var faults = new Faults();
        var items = batch.Items ?? [];
        if (!faults.Require(items.Count is >= 1 and <= Most, "$.items", "batch-size", $"A batch has 1-{Most} items, not {items.Count}."))
            return faults;
        var seen = new HashSet<TKey>();
        for (var index = 0; index < items.Count; index++)
        {
            var path = $"$.items[{index}]";
            if (!faults.Require(items[index] is not null, path, "required", "An item, not null."))
                continue;
            check(faults, items[index], path);
            if (key(items[index]) is { } given)
                faults.Require(seen.Add(given), path, "repeated-item", $"{given} occurs twice in this batch.");
        }
        return faults;
    }

    public static void RequireId(this Faults faults, Guid? id, string path) =>
        faults.Require(id is { } given && given != Guid.Empty, path, "required", "A GUID that is not empty.");

    /// <summary>What something is called: 1-64 characters, none of them a control character.</summary>
    public static void RequireName(this Faults faults, string? name, string path) => faults.Require(
        name is { Length: > 0 and <= 64 } && !name.Any(char.IsControl), path, "required", "A name of 1-64 characters, none of them a control character.");

    /// <summary>A text that people read: not blank, bounded, without control characters.</summary>
    public static void RequireText(this Faults faults, string? text, int longest, string path) => faults.Require(
        !string.IsNullOrWhiteSpace(text) && text.Length <= longest && !text.Any(char.IsControl),
        path, "invalid-text", $"1-{longest} characters, not blank and without control characters.");
}
