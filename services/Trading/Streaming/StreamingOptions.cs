using System.ComponentModel.DataAnnotations;

namespace CarbonMarket.Trading.Streaming;

/// <summary>Bounds of what streams hold: market data, drop copies and, of their number, order entry; the setting Streaming.</summary>
public sealed class StreamingOptions
{
    /// <summary>Streams that one caller may have open at a door; see <see cref="StreamDoor"/>.</summary>
    [Range(1, 10_000)]
    public int StreamsPerCaller { get; set; } = 10;

    /// <summary>Streams that all callers together may have open at a door.</summary>
    [Range(1, 100_000)]
    public int Streams { get; set; } = 500;

    /// <summary>Messages that may wait for one consumer of market data; one that is further behind is told so and let go.</summary>
    [Range(1, 1_000_000)]
    public int ConnectionBuffer { get; set; } = 2_000;

    /// <summary>Messages of a market kept for those who come back; who was away longer begins with a snapshot.</summary>
    [Range(1, 1_000_000)]
    public int ReplayBuffer { get; set; } = 20_000;

    /// <summary>Silence after which a consumer is told that all is well.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Versions of the journal that a participant's drop copy may begin back: to find the participant's own, all of them are
    /// read. Supervisors are sent all they have read, and are not bounded.
    /// </summary>
    [Range(1, 1_000_000_000)]
    public long DropCopyReach { get; set; } = 1_000_000;

    /// <summary>Events after which the market data's fold is saved; a start folds at most about as many anew.</summary>
    [Range(1, 10_000_000)]
    public int CheckpointEvery { get; set; } = 250_000;
}
