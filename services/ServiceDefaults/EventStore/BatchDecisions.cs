using CarbonMarket.Kernel;
using JasperFx.Events;
using Marten;

namespace CarbonMarket.ServiceDefaults.EventStore;

public static class BatchDecisions
{
    /// <summary>
    /// Decides each item of a batch on its own stream: all histories by one query, all events by one transaction. Items of
    /// the same stream see one another in their order. Where somebody else was faster on any of the streams, everything is
    /// read and decided again, which is safe because deciders are idempotent.
    /// </summary>
    /// <param name="allOrNothing">Where one item is rejected, nothing of any is stored.</param>
    public static Task<IReadOnlyList<Decision<TEvent>>> DecideEach<TItem, TState, TEvent>(
        this IDocumentSession session,
        IReadOnlyList<TItem> items,
        Func<TItem, Guid> streamOf,
        Func<TState?, TItem, Decision<TEvent>> decide,
        Func<TState?, TEvent, TState> evolve,
        CancellationToken cancellationToken,
        bool allOrNothing = false)
        where TState : class
        where TEvent : notnull => session.AgainAfterClash<IReadOnlyList<Decision<TEvent>>>(async () =>
        {
            var streams = await session.Histories(items.Select(streamOf), evolve, cancellationToken);
            var decisions = items.Select(item => streams[streamOf(item)].Take(item, decide, evolve)).ToList();
            if (allOrNothing && decisions.Exists(decision => decision is Decision<TEvent>.Rejected))
                return decisions;
            foreach (var stream in streams.Values)
                stream.AppendTo(session);
            await session.SaveChangesAsync(cancellationToken);
            return decisions;
        });

    private static async Task<Dictionary<Guid, Stream<TState, TEvent>>> Histories<TState, TEvent>(
        this IDocumentSession session, IEnumerable<Guid> streamIds, Func<TState?, TEvent, TState> evolve, CancellationToken cancellationToken)
        where TState : class
        where TEvent : notnull
    {
        var streams = streamIds.Distinct().ToDictionary(id => id, id => new Stream<TState, TEvent>(id));
        var ids = streams.Keys.ToArray();
        var events = await session.Events.QueryAllRawEvents().Where(e => e.StreamId.IsOneOf(ids)).ToListAsync(cancellationToken);
        foreach (var recorded in events.OrderBy(e => e.Version))
            streams[recorded.StreamId].Replay(recorded, evolve);
        return streams;
    }

    private sealed class Stream<TState, TEvent>(Guid id)
        where TState : class
        where TEvent : notnull
    {
        private readonly List<object> _news = [];
        private TState? _state;
        private long _version;
        private bool _isOfAnother;

        public void Replay(IEvent recorded, Func<TState?, TEvent, TState> evolve)
        {
            if (recorded.Data is TEvent fact)
                _state = evolve(_state, fact);
            else
                _isOfAnother = true;
            _version = recorded.Version;
        }

        public Decision<TEvent> Take<TItem>(TItem item, Func<TState?, TItem, Decision<TEvent>> decide, Func<TState?, TEvent, TState> evolve)
        {
            var decision = decide(_state, item);
            if (_isOfAnother)
                return decision.OfAnother(id);
            if (decision is not Decision<TEvent>.Accepted accepted)
                return decision;
            foreach (var @event in accepted.Events)
            {
                _state = evolve(_state, @event);
                _news.Add(@event);
            }

            return decision;
        }

        public void AppendTo(IDocumentSession session)
        {
            if (_news.Count == 0)
                return;
            if (_version == 0)
                session.Events.StartStream(id, _news);
            else
                session.Events.Append(id, _version + _news.Count, _news);
        }
    }
}
