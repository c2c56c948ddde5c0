using CarbonMarket.Kernel;
using Marten;

namespace CarbonMarket.ServiceDefaults.EventStore;

public static class MartenDecisions
{
    /// <summary>
    /// Load, decide, append: the only write path over a per-thing stream. A concurrent change of the same stream throws
    /// (409 over HTTP, retried in consumers); a decision without events writes nothing.
    /// </summary>
    public static async Task<Decision<TEvent>> Decide<TState, TEvent>(
        this IDocumentSession session, Guid streamId, Func<TState?, Decision<TEvent>> decide, CancellationToken cancellationToken)
        where TState : class
        where TEvent : notnull
    {
        var decision = await session.Prepare(streamId, decide, cancellationToken);
        if (decision is Decision<TEvent>.Accepted { Events.IsEmpty: false })
            await session.SaveChangesAsync(cancellationToken);
        return decision;
    }

    /// <summary>As <see cref="Decide"/> without saving, for batches that commit many streams in one transaction.</summary>
    public static async Task<Decision<TEvent>> Prepare<TState, TEvent>(
        this IDocumentSession session, Guid streamId, Func<TState?, Decision<TEvent>> decide, CancellationToken cancellationToken)
        where TState : class
        where TEvent : notnull
    {
        var stream = await session.Events.FetchForWriting<TState>(streamId, cancellationToken);
        var decision = decide(stream.Aggregate);
        if (stream is { Aggregate: null, CurrentVersion: > 0 })
            return decision.OfAnother(streamId);
        if (decision is Decision<TEvent>.Accepted { Events.IsEmpty: false } accepted)
            stream.AppendMany(accepted.Events.Cast<object>());
        return decision;
    }

    /// <summary>Where callers name things of two kinds, one may stand in the stream that is to be begun for the other: nothing is added to it.</summary>
    internal static Decision<TEvent> OfAnother<TEvent>(this Decision<TEvent> decision, Guid streamId)
        where TEvent : notnull => decision is Decision<TEvent>.Accepted { Events.IsEmpty: false }
            ? Decision<TEvent>.Reject("id-reused", $"Something of another kind has been named {streamId}.")
            : decision;
}
