namespace CarbonMarket.Journaling;

/// <summary>Bounds of one engine; all are per partition.</summary>
public sealed record JournaledEngineOptions
{
    /// <summary>Commands that may wait for the writer; further callers wait for a place.</summary>
    public int QueueCapacity { get; set; } = 4096;

    /// <summary>Commands decided into one transaction at most.</summary>
    public int BatchLimit { get; set; } = 1000;

    /// <summary>
    /// With so many events a transaction takes no further command. Larger ones are no faster, and what comes after them is
    /// decided while they commit.
    /// </summary>
    public int BatchEvents { get; set; } = 2000;

    /// <summary>How many of the most recent command ids are known; an older one would be decided anew.</summary>
    public int CommandWindow { get; set; } = 1_000_000;

    /// <summary>How many of the most recent answers are held in memory; older ones are read from the journal again.</summary>
    public int RecentOutcomes { get; set; } = 4096;

    /// <summary>How many of the newest committed commands are kept for readers of the feed; who is further behind reads the journal.</summary>
    public int FeedCapacity { get; set; } = 4096;

    /// <summary>
    /// A snapshot is taken after this many events, or more where the state is large; recovery replays at most about as many.
    /// </summary>
    public int SnapshotEvery { get; set; } = 250_000;

    /// <summary>Events read at a time in recovery.</summary>
    public int ReplayPage { get; set; } = 2000;

    /// <summary>A commit that takes longer has failed, with its outcome unknown.</summary>
    public TimeSpan CommitTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause before the state is loaded again after a failure; doubles up to <see cref="LongestPause"/>.</summary>
    public TimeSpan ShortestPause { get; set; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Failures in a row, without one commit between, after which the engine stops and leadership is given up.</summary>
    public int FailuresInARow { get; set; } = 8;
}
