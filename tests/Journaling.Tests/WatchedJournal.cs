using CarbonMarket.Kernel;

namespace CarbonMarket.Journaling.Tests;

/// <summary>The real journal, telling which versions were read and how many commands were written together.</summary>
internal sealed class WatchedJournal(IJournal journal, List<long> read, List<int>? batches = null) : IJournal
{
    public Task<long> Open(CancellationToken cancellationToken) => journal.Open(cancellationToken);

    public EncodedCommand Encode(CommandMark mark, Provenance provenance, IReadOnlyList<object> events) =>
        journal.Encode(mark, provenance, events);

    public Task<DateTimeOffset> Append(long expectedVersion, IReadOnlyList<EncodedCommand> commands, CancellationToken cancellationToken)
    {
        batches?.Add(commands.Count);
        return journal.Append(expectedVersion, commands, cancellationToken);
    }

    public async Task<IReadOnlyList<JournaledEvent>> Read(long fromVersion, long toVersion, CancellationToken cancellationToken)
    {
        var events = await journal.Read(fromVersion, toVersion, cancellationToken);
        read.AddRange(events.Select(e => e.Version));
        return events;
    }

    public ValueTask DisposeAsync() => journal.DisposeAsync();
}
