using System.ComponentModel.DataAnnotations;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;

namespace CarbonMarket.ServiceDefaults.Batches;

/// <summary>Up to 500 things at once. A malformed batch is refused whole; in a well-formed one each item is its own decision.</summary>
/// <param name="Items">1-500 items, decided in their order.</param>
public sealed record Batch<T>([property: Required] IReadOnlyList<T>? Items = null) : IBatch
    where T : class
{
    int IBatch.Count => Items?.Count ?? 0;
}

/// <summary>A batch of whatever.</summary>
public interface IBatch
{
    int Count { get; }
}

/// <param name="Results">One for each item, in the order of the items.</param>
public sealed record BatchAnswer<TResult>(IReadOnlyList<TResult> Results);

/// <summary>What came of one item.</summary>
public enum ItemOutcome
{
    Accepted,
    Rejected,
}

/// <param name="Id">The item's id.</param>
/// <param name="Outcome">Whether it was accepted; a repeat is answered as the first time.</param>
/// <param name="Code">Why it was rejected; stable.</param>
/// <param name="Reason">The same in words.</param>
public sealed record BatchResult(Guid Id, ItemOutcome Outcome, string? Code, string? Reason)
{
    public static BatchResult Of<TEvent>(Guid id, Decision<TEvent> decision) => decision is Decision<TEvent>.Rejected rejected
        ? new BatchResult(id, ItemOutcome.Rejected, rejected.Code, rejected.Reason)
        : new BatchResult(id, ItemOutcome.Accepted, null, null);

    public static BatchResult Of<TEvent>(Guid id, Outcome<TEvent> outcome)
        where TEvent : notnull => outcome is Outcome<TEvent>.Rejected rejected
        ? new BatchResult(id, ItemOutcome.Rejected, rejected.Code, rejected.Reason)
        : new BatchResult(id, ItemOutcome.Accepted, null, null);
}
