using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CarbonMarket.Journaling;

/// <summary>The engines of a service, one per partition.</summary>
public sealed class Engines<TState, TCommand, TEvent> : IDisposable
    where TCommand : notnull
    where TEvent : notnull
{
    private readonly FrozenDictionary<string, JournaledEngine<TState, TCommand, TEvent>> engines;

    internal Engines(IEnumerable<JournaledEngine<TState, TCommand, TEvent>> engines) =>
        this.engines = engines.ToFrozenDictionary(engine => engine.Partition, StringComparer.Ordinal);

    public ImmutableArray<JournaledEngine<TState, TCommand, TEvent>> All => engines.Values;

    /// <summary>The partition's engine; null when this deployment has no such partition.</summary>
    public JournaledEngine<TState, TCommand, TEvent>? For(string partition) => engines.GetValueOrDefault(partition);

    public void Dispose()
    {
        foreach (var engine in engines.Values)
            engine.Dispose();
    }
}
