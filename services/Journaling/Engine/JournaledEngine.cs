using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace CarbonMarket.Journaling;

/// <summary>
/// One partition's state in memory, owned by one writer, and its journal. Nothing is answered or shown before it is
/// durable. While this process does not lead, or the state is being loaded, callers get
/// <see cref="EngineUnavailableException"/>.
/// </summary>
public sealed class JournaledEngine<TState, TCommand, TEvent> : IDisposable
    where TCommand : notnull
    where TEvent : notnull
{
    private readonly IJournaledModel<TState, TCommand, TEvent> model;
    private readonly EngineStorage storage;
    private readonly JournaledEngineOptions options;
    private readonly EngineInstruments instruments;
    private readonly ILogger logger;
    private PartitionWriter<TState, TCommand, TEvent>? writer;
    private long lastVersion;

    internal JournaledEngine(
        string service, string partition, IJournaledModel<TState, TCommand, TEvent> model, EngineStorage storage,
        JournaledEngineOptions options, ILogger logger)
    {
        Partition = partition;
        (this.model, this.storage, this.options, this.logger) = (model, storage, options, logger);
        Feed = new CommittedFeed(options.FeedCapacity);
        instruments = new EngineInstruments(service, partition, () => Volatile.Read(ref writer)?.Waiting ?? 0, () => Version);
    }

    public string Partition { get; }

    /// <summary>True while commands are taken.</summary>
    public bool IsReady => Volatile.Read(ref writer) is not null;

    /// <summary>Version of the journal, as far as this process knows it to be committed.</summary>
    public long Version => Volatile.Read(ref writer)?.Version ?? Interlocked.Read(ref lastVersion);

    /// <summary>The newest of what is committed; <see cref="Follow"/> reads on where it ends.</summary>
    public CommittedFeed Feed { get; }

    /// <summary>
    /// Decides the command in its turn and answers after the commit. A repeat gets the first answer; a command id used
    /// before with other content is refused. Cancelling stops the waiting; once taken, the command is decided all the same.
    /// </summary>
    public async Task<Outcome<TEvent>> Execute(CommandEnvelope<TCommand> command, CancellationToken cancellationToken)
    {
        if (command.CommandId == Guid.Empty)
            throw new ArgumentException("A command needs an id of its own: repeats are known by it.", nameof(command));
        var request = new CommandRequest<TState, TCommand, TEvent>(
            command, CommandContent<TCommand>.Hash(command.Command), cancellationToken);
        await Enqueue(request, cancellationToken);
        return await request.Answer.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Reads between two commands, on the writer: be brief and return immutable data. Answered after everything it saw is
    /// committed.
    /// </summary>
    public async Task<TResult> Read<TResult>(Func<TState, TResult> read, CancellationToken cancellationToken)
    {
        var request = new ReadRequest<TState, TResult>(read, cancellationToken);
        await Enqueue(request, cancellationToken);
        return await request.Answer.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Everything committed above a version, in order and without a gap, for ever: from the journal while the reader is
    /// behind, then as it happens. A version within a command is answered with that command, or the rest of it. Ends with
    /// <see cref="EngineUnavailableException"/> when the partition is not served here any more.
    /// </summary>
    public async IAsyncEnumerable<CommittedCommand> Follow(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (await Feed.Next(after, cancellationToken))
            {
                case FeedPage.Committed page:
                    foreach (var command in page.Commands)
                        yield return command;
                    after = page.Commands[^1].LastVersion;
                    break;
                case FeedPage.Lagging lagging:
                    await using (var journal = storage.Journal())
                    {
                        await foreach (var command in JournalPast.Read(journal, after, lagging.KeptAfter, options.ReplayPage, cancellationToken))
                            yield return command;
                    }
                    after = lagging.KeptAfter;
                    break;
            }
        }
    }

    public void Dispose() => instruments.Dispose();

    /// <summary>
    /// Runs while this process leads. After a failed commit the state is loaded again, for it is then ahead of the journal
    /// or behind it; when somebody else has written, or failures follow each other, the engine stops.
    /// </summary>
    internal async Task Run(CancellationToken untilLost)
    {
        var failures = 0;
        while (true)
        {
            var before = Interlocked.Read(ref lastVersion);
            try
            {
                await Live(untilLost);
                untilLost.ThrowIfCancellationRequested();
            }
            catch (Exception exception) when (exception is not JournalFencedException && !untilLost.IsCancellationRequested)
            {
                instruments.Failed();
                failures = Interlocked.Read(ref lastVersion) > before ? 1 : failures + 1;
                if (failures >= options.FailuresInARow)
                    throw;
                logger.LogError(exception, "Partition {Partition} failed at version {Version}; its state is loaded again", Partition, Version);
            }
            await Task.Delay(Pause(failures), TimeProvider.System, untilLost);
        }
    }

    private async Task Live(CancellationToken untilLost)
    {
        await using var journal = storage.Journal();
        var version = await journal.Open(untilLost);
        var partition = new PartitionState<TState, TCommand, TEvent>(model, journal, options, storage.System);
        var snapshot = await new Recovery<TState, TCommand, TEvent>(model, storage.Snapshots, options, logger)
            .Restore(partition, journal, version, untilLost);
        var snapshots = new SnapshotTaking<TState, TCommand, TEvent>(model, storage.Snapshots, options, snapshot, logger);
        var life = new PartitionWriter<TState, TCommand, TEvent>(partition, journal, snapshots, Feed, options, instruments, logger);
        Feed.Begin(version);
        Volatile.Write(ref writer, life);
        try
        {
            await life.Serve(untilLost);
        }
        finally
        {
            Interlocked.Exchange(ref lastVersion, life.Version);
            Volatile.Write(ref writer, null);
            Feed.End();
        }
    }

    private async Task Enqueue(Request<TState> request, CancellationToken cancellationToken)
    {
        var life = Volatile.Read(ref writer)
            ?? throw new EngineUnavailableException($"Partition {Partition} is not served here for the moment; ask again.");
        try
        {
            await life.Enqueue(request, cancellationToken);
        }
        catch (ChannelClosedException exception)
        {
            throw new EngineUnavailableException($"Partition {Partition} is not served here any more; ask again.", exception);
        }
    }

    private TimeSpan Pause(int failures) => TimeSpan.FromTicks(Math.Min(
        options.LongestPause.Ticks, options.ShortestPause.Ticks << Math.Clamp(failures - 1, 0, 10)));
}

/// <summary>Where an engine keeps what must survive it. A new journal, with its own connection, for each life of the state.</summary>
internal sealed record EngineStorage(Func<IJournal> Journal, SnapshotStore Snapshots, TimeProvider System);
