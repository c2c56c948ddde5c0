using Microsoft.Extensions.Logging;

namespace CarbonMarket.Journaling;

/// <summary>
/// Takes a snapshot when enough has happened. The writer only captures the state, while a commit is under way; it is written and
/// saved beside it, after that commit. One at a time, and a failure to save costs nothing but time in recovery. Of a large
/// state they are rarer: a market that writes a hundred megabytes every eight seconds is slower by a quarter while it does, and is
/// read back hardly ever. Replaying the rest takes at most about twice as long as reading the state.
/// </summary>
internal sealed class SnapshotTaking<TState, TCommand, TEvent>(
    IJournaledModel<TState, TCommand, TEvent> model, SnapshotStore store, JournaledEngineOptions options, long last, ILogger logger)
    where TCommand : notnull
    where TEvent : notnull
{
    /// <summary>Half of what of a state is read back in the time one event is replayed.</summary>
    private const int BytesPerEvent = 200;

    private Snapshot? taken;
    private int size;
    private Task<bool> saving = Task.FromResult(true);
    private long attempted = last;
    private long saved = last;
    private long windowBegins;

    /// <summary>Called with the state exactly at the version that is being committed.</summary>
    public void TakeIfDue(PartitionState<TState, TCommand, TEvent> partition)
    {
        if (partition.Version - attempted < Math.Max(options.SnapshotEvery, Volatile.Read(ref size) / BytesPerEvent) || taken is not null || !saving.IsCompleted)
            return;
        attempted = partition.Version;
        try
        {
            taken = new Snapshot(partition.Version, saved, model.CaptureSnapshot(partition.State), partition.Window.After(saved), windowBegins);
            // What the window has forgotten now is still in the window of the snapshot before: let go of it next time.
            windowBegins = partition.Window.Forgotten;
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The state at version {Version} could not be captured for a snapshot", partition.Version);
        }
    }

    /// <summary>A snapshot is worth keeping once its version is durable.</summary>
    public void Committed(long version)
    {
        if (taken is null || taken.Version > version)
            return;
        saving = Save(taken);
        taken = null;
    }

    /// <summary>Waits for a snapshot under way.</summary>
    public Task Settle() => saving;

    private async Task<bool> Save(Snapshot snapshot)
    {
        try
        {
            using var limit = new CancellationTokenSource(options.CommitTimeout);
            Volatile.Write(ref size, await store.Save(snapshot, limit.Token));
            Interlocked.Exchange(ref saved, snapshot.Version);
            return true;
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The snapshot at version {Version} could not be saved", snapshot.Version);
            return false;
        }
    }
}
