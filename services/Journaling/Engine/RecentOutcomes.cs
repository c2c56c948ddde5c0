namespace CarbonMarket.Journaling;

/// <summary>The latest answers, so that a repeat soon after costs no query.</summary>
internal sealed class RecentOutcomes<TEvent>(int capacity)
    where TEvent : notnull
{
    private readonly Dictionary<Guid, Outcome<TEvent>> outcomes = [];
    private readonly Queue<Guid> order = new();

    public Outcome<TEvent>? Find(Guid commandId) => outcomes.GetValueOrDefault(commandId);

    public void Add(Guid commandId, Outcome<TEvent> outcome)
    {
        if (capacity == 0)
            return;
        if (order.Count == capacity)
            outcomes.Remove(order.Dequeue());
        outcomes[commandId] = outcome;
        order.Enqueue(commandId);
    }
}
