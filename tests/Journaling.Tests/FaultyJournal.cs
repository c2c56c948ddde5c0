using CarbonMarket.Kernel;

namespace CarbonMarket.Journaling.Tests;

/// <summary>The real journal, with something happening before or after a commit.</summary>
internal sealed class FaultyJournal(IJournal journal, Func<Task>? before = null, Func<Task>? after = null) : IJournal
{
    public Task<long> Open(CancellationToken cancellationToken) => journal.Open(cancellationToken);

    public EncodedCommand Encode(CommandMark mark, Provenance provenance, IReadOnlyList<object> events) =>
        journal.Encode(mark, provenance, events);

    public async Task<DateTimeOffset> Append(long expectedVersion, IReadOnlyList<EncodedCommand> commands, CancellationToken cancellationToken)
    {
        if (before is not null)
            await before();
        var recordedAt = await journal.Append(expectedVersion, commands, cancellationToken);
        if (after is not null)
            await after();
        return recordedAt;
    }

    public Task<IReadOnlyList<JournaledEvent>> Read(long fromVersion, long toVersion, CancellationToken cancellationToken) =>
        journal.Read(fromVersion, toVersion, cancellationToken);

    public ValueTask DisposeAsync() => journal.DisposeAsync();
}
