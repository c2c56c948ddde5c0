using Microsoft.Extensions.Logging;

namespace CarbonMarket.Journaling;

/// <summary>
/// Brings a partition's state back: the newest snapshot that can be read, then the journal's tail, page by page. The
/// journal alone is enough; snapshots save time only.
/// </summary>
internal sealed class Recovery<TState, TCommand, TEvent>(
    IJournaledModel<TState, TCommand, TEvent> model, SnapshotStore snapshots, JournaledEngineOptions options, ILogger logger)
    where TCommand : notnull
    where TEvent : notnull
{
    /// <summary>Version of the snapshot that was used; 0 when there was none.</summary>
    public async Task<long> Restore(
        PartitionState<TState, TCommand, TEvent> partition, IJournal journal, long version, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        await snapshots.KeepAsTheyCome(cancellationToken);
        var snapshot = await FromSnapshot(partition, version, cancellationToken);
        await Replay(partition, journal, version, cancellationToken);
        logger.LogInformation("State restored at version {Version} from a snapshot at {Snapshot}, {Commands} command ids, in {Elapsed} ms",
            version, snapshot, partition.Window.Count, (long)TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
        return snapshot;
    }

    /// <summary>The next page is read and parsed while this one is being applied.</summary>
    private async Task Replay(
        PartitionState<TState, TCommand, TEvent> partition, IJournal journal, long version, CancellationToken cancellationToken)
    {
        var next = Page(partition.Version);
        while (partition.Version < version)
        {
            var to = Math.Min(partition.Version + options.ReplayPage, version);
            var page = await next;
            next = Page(to);
            foreach (var journaled in page)
                partition.Replay(journaled);
            if (partition.Version != to)
                throw new InvalidDataException($"The journal ends at version {partition.Version}, its stream at {version}.");
        }

        Task<IReadOnlyList<JournaledEvent>> Page(long after) => after < version
            ? Task.Run(() => journal.Read(after + 1, Math.Min(after + options.ReplayPage, version), cancellationToken), cancellationToken)
            : Task.FromResult<IReadOnlyList<JournaledEvent>>([]);
    }

    private async Task<long> FromSnapshot(
        PartitionState<TState, TCommand, TEvent> partition, long version, CancellationToken cancellationToken)
    {
        foreach (var candidate in await snapshots.Versions(cancellationToken))
        {
            try
            {
                if (candidate > version)
                    throw new InvalidDataException($"The journal is only at version {version}.");
                var window = Task.Run(() => Window(candidate, cancellationToken), cancellationToken);
                var state = Task.Run(async () => model.ReadSnapshot(await snapshots.State(candidate, cancellationToken)), cancellationToken);
                await Task.WhenAll(window, state);
                partition.Restore(await state, await window, candidate);
                return candidate;
            }
            catch (Exception exception) when (exception is not (OperationCanceledException or Npgsql.NpgsqlException))
            {
                logger.LogError(exception, "The snapshot at version {Version} cannot be read and is passed over", candidate);
            }
        }
        return 0;
    }

    private async Task<CommandWindow> Window(long version, CancellationToken cancellationToken)
    {
        var window = new CommandWindow(options.CommandWindow);
        window.Load(await snapshots.Commands(version, options.CommandWindow, cancellationToken));
        return window;
    }
}
