namespace CarbonMarket.Journaling;

/// <summary>
/// The newest committed commands of a partition, for whoever follows the journal without asking the database. Nothing
/// stands in it before it is durable. Readers come and ask from the version they have reached; the writer knows none of
/// them, so that one who is slow, fails or never comes again costs it nothing: it is told that it lags.
/// </summary>
public sealed class CommittedFeed
{
    private const int LargestPage = 256;

    private readonly Lock gate = new();
    private readonly CommittedCommand?[] ring;
    private TaskCompletionSource? arrival;
    private long oldest;
    private long next;
    private long keptAfter;
    private bool isOpen;

    internal CommittedFeed(int capacity) => ring = new CommittedCommand?[capacity];

    /// <summary>
    /// The commands with events above a version; waits until there are some. Throws
    /// <see cref="EngineUnavailableException"/> while the partition is not served here.
    /// </summary>
    public async Task<FeedPage> Next(long after, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task waiting;
            lock (gate)
            {
                if (!isOpen)
                    throw new EngineUnavailableException("The partition is not served here for the moment; ask again.");
                if (after < keptAfter)
                    return new FeedPage.Lagging(keptAfter);
                if (next > oldest && At(next - 1).LastVersion > after)
                    return Page(after);
                arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting = arrival.Task;
            }
            await waiting.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A life of the state begins at this version; what was committed before is read from the journal.</summary>
    internal void Begin(long version)
    {
        lock (gate)
        {
            Array.Clear(ring);
            (oldest, next, keptAfter, isOpen) = (0, 0, version, true);
        }
    }

    /// <summary>These are durable. Wakes who waits and runs nothing of theirs.</summary>
    internal void Add(IEnumerable<CommittedCommand> commands)
    {
        lock (gate)
        {
            foreach (var command in commands)
            {
                if (next - oldest == ring.Length)
                    keptAfter = At(oldest++).LastVersion;
                ring[next++ % ring.Length] = command;
            }
            Wake();
        }
    }

    /// <summary>The life is over; readers ask again when the next has begun, here or elsewhere.</summary>
    internal void End()
    {
        lock (gate)
        {
            isOpen = false;
            Wake();
        }
    }

    private void Wake()
    {
        arrival?.SetResult();
        arrival = null;
    }

    private CommittedCommand At(long place) => ring[place % ring.Length]!;

    private FeedPage.Committed Page(long after)
    {
        var (low, high) = (oldest, next - 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (At(middle).LastVersion > after)
                high = middle;
            else
                low = middle + 1;
        }
        var page = new CommittedCommand[Math.Min(next - low, LargestPage)];
        for (var i = 0; i < page.Length; i++)
            page[i] = At(low + i);
        return new FeedPage.Committed([.. page]);
    }
}
