using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace CarbonMarket.Journaling;

/// <summary>
/// The one writer of a partition, for one life of its state: from recovery to the first failure. Decides what waits,
/// commits it in one transaction, and meanwhile decides the next batch; commits are strictly in order.
/// </summary>
internal sealed class PartitionWriter<TState, TCommand, TEvent>(
    PartitionState<TState, TCommand, TEvent> partition, IJournal journal, SnapshotTaking<TState, TCommand, TEvent> snapshots,
    CommittedFeed feed, JournaledEngineOptions options, EngineInstruments instruments, ILogger logger)
    where TCommand : notnull
    where TEvent : notnull
{
    /// <summary>So few are one batch: to share them out would cost more flushes than it saves waiting.</summary>
    private const int Few = 32;

    private static readonly Request<TState> Wake = new WakeUp<TState>();

    private readonly Channel<Request<TState>> queue = Channel.CreateBounded<Request<TState>>(
        new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });

    private Batch<TState, TCommand, TEvent> open = new(partition.Version);
    private Batch<TState, TCommand, TEvent>? committing;
    private Task commit = Task.CompletedTask;
    private long committed = partition.Version;

    public long Version => Interlocked.Read(ref committed);

    public int Waiting => queue.Reader.Count;

    private bool IsFull => open.Requests >= options.BatchLimit || open.Events >= options.BatchEvents || IsHalf;

    /// <summary>
    /// Of all who wait for an answer one half is decided while the other commits. Callers who ask again when they are answered
    /// would else gather in one batch, and the database would idle while it is decided, and we while it commits.
    /// </summary>
    private bool IsHalf => open.Requests >= Few && open.Requests >= (committing?.Requests ?? 0) + queue.Reader.Count;

    private bool HasCommitted => committing is not null && commit.IsCompleted;

    /// <summary>Waits for a place in the queue. Throws <see cref="ChannelClosedException"/> when this life is over.</summary>
    public ValueTask Enqueue(Request<TState> request, CancellationToken cancellationToken) =>
        queue.Writer.WriteAsync(request, cancellationToken);

    /// <summary>Serves until leadership is lost or something fails; then whoever still waits is told to ask again.</summary>
    public async Task Serve(CancellationToken untilLost)
    {
        Exception? cause = null;
        await using var stopping = untilLost.Register(Rouse);
        try
        {
            while (!untilLost.IsCancellationRequested)
                await Step(untilLost);
        }
        catch (Exception exception)
        {
            cause = exception;
            throw;
        }
        finally
        {
            await Close(cause);
        }
    }

    /// <summary>
    /// While the database commits, the next batch is decided. The moment it has committed it is given that batch, before
    /// anybody is answered or taken: the database and we work side by side, and neither waits for the other.
    /// </summary>
    private async Task Step(CancellationToken untilLost)
    {
        if (HasCommitted)
            await GoOn();
        TakeWaiting();
        // What was taken may have been the wake-up for it, and there is no second one.
        if (HasCommitted || untilLost.IsCancellationRequested)
            return;
        if (committing is null && open.Requests > 0)
            StartCommit();
        else if (committing is not null && IsFull)
            await Task.WhenAny(commit);
        else
            await queue.Reader.WaitToReadAsync(CancellationToken.None);
    }

    private async Task GoOn()
    {
        var done = await Finished();
        try
        {
            if (open.Requests > 0)
                StartCommit();
        }
        finally
        {
            Answer(done);
        }
    }

    private void TakeWaiting()
    {
        while (!HasCommitted && !IsFull && queue.Reader.TryRead(out var request))
            Take(request);
    }

    private void Take(Request<TState> request)
    {
        if (request.IsAbandoned)
            return;
        switch (request)
        {
            case CommandRequest<TState, TCommand, TEvent> command:
                Decide(command);
                break;
            case ReadRequest<TState> read:
                Look(read);
                break;
        }
    }

    private void Decide(CommandRequest<TState, TCommand, TEvent> command)
    {
        try
        {
            partition.Take(command, open);
        }
        catch (EvolutionFailedException exception)
        {
            // Its own caller must not ask again and again; the others may, once the state is whole again.
            command.Fail(exception);
            throw;
        }
    }

    private void Look(ReadRequest<TState> read)
    {
        try
        {
            read.Look(partition.State);
            open.Await(read);
        }
        catch (Exception exception)
        {
            read.Fail(exception);
        }
    }

    private void StartCommit()
    {
        committing = open;
        open = new(partition.Version);
        commit = committing.Events == 0 ? Task.CompletedTask : Append(committing);
        commit.GetAwaiter().UnsafeOnCompleted(Rouse);
        if (committing.Events > 0)
            snapshots.TakeIfDue(partition);
    }

    private async Task Append(Batch<TState, TCommand, TEvent> batch)
    {
        using var measured = instruments.Commit(batch.Requests, batch.Events, batch.Version);
        using var limit = new CancellationTokenSource(options.CommitTimeout);
        batch.RecordedAt = await journal.Append(batch.VersionBefore, batch.Commands, limit.Token);
        measured.Succeeded();
    }

    private async Task<Batch<TState, TCommand, TEvent>> Finished()
    {
        await commit;
        var done = committing!;
        committing = null;
        Interlocked.Exchange(ref committed, done.Version);
        return done;
    }

    private void Answer(Batch<TState, TCommand, TEvent> done)
    {
        done.Release();
        feed.Add(done.Committed);
        if (done.Repeats.Count > 0)
            _ = Task.Run(() => FirstAnswers<TState, TCommand, TEvent>.Release(journal, done.Repeats, options.ReplayPage));
        snapshots.Committed(done.Version);
    }

    /// <summary>
    /// Whatever the writer waits for comes through the queue, so that it waits for one thing only. In a full queue there
    /// is enough to wake it.
    /// </summary>
    private void Rouse() => queue.Writer.TryWrite(Wake);

    private async Task Close(Exception? cause)
    {
        queue.Writer.TryComplete();
        try
        {
            // What is under way either becomes durable and is answered, or fails with the rest.
            if (committing is not null && cause is null or EvolutionFailedException)
                Answer(await Finished());
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The last commit failed");
            cause ??= exception;
        }
        var unavailable = new EngineUnavailableException(
            cause is null ? "This process does not lead any more; ask again with the same command id."
                : "The commit failed and its outcome is unknown; ask again with the same command id.", cause);
        committing?.Fail(unavailable);
        open.Fail(unavailable);
        while (queue.Reader.TryRead(out var request))
            request.Fail(unavailable);
        await snapshots.Settle();
    }
}
