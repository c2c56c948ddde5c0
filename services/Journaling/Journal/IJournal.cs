using CarbonMarket.Kernel;

namespace CarbonMarket.Journaling;

/// <summary>
/// What the engine asks of durable storage, for one partition and one life of its state. A seam for tests that make the
/// store slow or let it fail between two steps; <see cref="MartenJournal"/> is the store.
/// </summary>
internal interface IJournal : IAsyncDisposable
{
    /// <summary>Gets ready to write, waits for a write of ours that may still be under way, and tells the version.</summary>
    Task<long> Open(CancellationToken cancellationToken);

    /// <summary>The events as they will be stored. Throws for what cannot be stored, before anything follows from it.</summary>
    EncodedCommand Encode(CommandMark mark, Provenance provenance, IReadOnlyList<object> events);

    /// <summary>
    /// Everything in one transaction, or nothing. After <see cref="JournalFencedException"/> somebody else writes here;
    /// after any other exception it is unknown whether the transaction was committed.
    /// </summary>
    /// <returns>When it was recorded, as the rows tell it.</returns>
    Task<DateTimeOffset> Append(long expectedVersion, IReadOnlyList<EncodedCommand> commands, CancellationToken cancellationToken);

    /// <summary>Committed events of these versions, in order, both ends included.</summary>
    Task<IReadOnlyList<JournaledEvent>> Read(long fromVersion, long toVersion, CancellationToken cancellationToken);
}

/// <summary>A command's identity: its id, and a hash of its content by which a repeat is told from a reuse.</summary>
internal readonly record struct CommandMark(Guid Id, UInt128 Content);

internal sealed record JournaledEvent(long Version, object Data, CommandMark Mark, DateTimeOffset RecordedAt);

/// <summary>One command's events, serialised while the previous batch commits.</summary>
internal sealed record EncodedCommand(Provenance Provenance, byte[] Headers, EncodedEvent[] Events);

internal readonly record struct EncodedEvent(string Name, string DotNetType, byte[] Json);

/// <summary>The journal has moved on without us: another process leads. Nothing of ours was written.</summary>
internal sealed class JournalFencedException(string message) : Exception(message);
