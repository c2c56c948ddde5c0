using System.ComponentModel.DataAnnotations;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Verification;

/// <summary>Up to 500 things at once. A malformed batch is refused whole; in a well-formed one each item is its own decision.</summary>
/// <param name="Items">1-500 items.</param>
public sealed record Batch<T>([property: Required] IReadOnlyList<T>? Items = null)
    where T : class;

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
    private const long MostTonnes = 1_000_000_000_000;

    /// <summary>Finds every fault of a batch: of its size, of items that are missing, and what <paramref name="check"/> finds.</summary>
    /// <param name="key">What may occur only once in a batch.</param>
    public static Faults Check<T, TKey>(this Batch<T> batch, Func<T, TKey> key, Action<Faults, T, string> check)
        where T : class
    {
        var faults = new Faults();
        var items = batch.Items ?? [];
        faults.Require(items.Count is >= 1 and <= Most, "$.items", "batch-size", $"A batch has 1-{Most} items, not {items.Count}.");
        if (faults.Any)
            return faults;
        var seen = new HashSet<TKey>();
        for (var index = 0; index < items.Count; index++)
        {
            var path = $"$.items[{index}]";
            if (!faults.Require(items[index] is not null, path, "required", "An item, not null."))
                continue;
            check(faults, items[index], path);
            faults.Require(seen.Add(key(items[index])), path, "repeated-item", "The same thing occurs twice in this batch.");
        }

        return faults;
    }

    public static void RequireId(this Faults faults, Guid? id, string path) =>
        faults.Require(id is { } given && given != Guid.Empty, path, "required", "A GUID that is not empty.");

    public static void RequireYear(this Faults faults, int? year, int first, string path) => faults.Require(
        year is { } given && ComplianceYear.IsValid(given) && given >= first, path, "invalid-year", $"A year from {first} on, where this market begins.");

    /// <summary>Whole tonnes. A fraction is a fault of its own rather than an unreadable body, so that it is named with the others.</summary>
    public static void RequireTonnes(this Faults faults, decimal? tonnes, string path) => faults.Require(
        tonnes is >= 0 and <= MostTonnes && decimal.IsInteger(tonnes.Value), path, "invalid-tonnes", $"A whole number of tonnes from 0 to {MostTonnes}.");

    /// <summary>A text that people read: not blank, bounded, without control characters.</summary>
    public static void RequireText(this Faults faults, string? text, int longest, string path) => faults.Require(
        !string.IsNullOrWhiteSpace(text) && text.Length <= longest && !text.Any(char.IsControl),
        path, "invalid-text", $"1-{longest} characters, not blank and without control characters.");
}
