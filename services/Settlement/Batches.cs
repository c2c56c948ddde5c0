using System.Diagnostics;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement;

/// <summary>Up to 500 things at once. A malformed batch is refused whole; in a well-formed one each item is its own decision.</summary>
/// <param name="Items">1-500 items, decided in their order.</param>
public sealed record Batch<T>(IReadOnlyList<T>? Items = null)
    where T : class;

/// <param name="Results">One for each item, in the order of the items.</param>
public sealed record BatchAnswer(IReadOnlyList<BatchResult> Results);

/// <param name="Id">The item's id.</param>
/// <param name="Outcome">accepted or rejected.</param>
/// <param name="Code">Why it was rejected; stable.</param>
/// <param name="Reason">The same in words.</param>
public sealed record BatchResult(Guid Id, string Outcome, string? Code, string? Reason);

internal static class Batches
{
    public const int Most = 500;

    /// <summary>More than any market has; keeps every sum of the ledger within 64 bits.</summary>
    public const long LargestQuantity = 1_000_000_000_000;

    /// <inheritdoc cref="LargestQuantity"/>
    public const long LargestAmountMinor = 1_000_000_000_000_000;

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

    /// <summary>Hands the commands over one after the other and awaits them together: decided in order, committed as a group.</summary>
    public static async Task<IResult> Execute(
        this MarketLedger ledger, IEnumerable<(Guid Id, LedgerCommand Command)> items, HttpContext context, CancellationToken cancellationToken)
    {
        var provenance = context.Provenance();
        var results = await Task.WhenAll(items.Select(async item =>
            Result(item.Id, await ledger.Execute(context.CommandId(item.Id), item.Command, provenance, cancellationToken))));
        return TypedResults.Ok(new BatchAnswer(results));
    }

    public static void RequireId(this Faults faults, Guid? id, string path) =>
        faults.Require(id is { } given && given != Guid.Empty, path, "required", "A GUID that is not empty.");

    public static void RequireText(this Faults faults, string? text, string path) =>
        faults.Require(text is { Length: > 0 and <= 64 }, path, "required", "A name of 1-64 characters.");

    public static void RequireQuantity(this Faults faults, long? quantity, string path) => faults.Require(
        quantity is > 0 and <= LargestQuantity, path, "out-of-range", $"Whole units, 1-{LargestQuantity}.");

    public static void RequireAmount(this Faults faults, long? amountMinor, string path) => faults.Require(
        amountMinor is > 0 and <= LargestAmountMinor, path, "out-of-range", $"Minor units of the currency, 1-{LargestAmountMinor}.");

    public static void RequireVintage(this Faults faults, int? vintage, string path) => faults.Require(
        vintage is null || ComplianceYear.IsValid(vintage.Value), path, "invalid-year", "A year, or null.");

    private static BatchResult Result(Guid id, Outcome<LedgerEvent> outcome) => outcome switch
    {
        Outcome<LedgerEvent>.Accepted => new BatchResult(id, "accepted", null, null),
        Outcome<LedgerEvent>.Rejected rejected => new BatchResult(id, "rejected", rejected.Code, rejected.Reason),
        _ => throw new UnreachableException(outcome.ToString()),
    };
}
