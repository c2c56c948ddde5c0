using System.Collections.Immutable;

namespace CarbonMarket.PolicyPacks;

public sealed record TradingRules
{
    internal const int MostOpenOrdersUnlessSaid = 100_000;
    internal const int MostOrdersPerDayUnlessSaid = 100_000;
    internal const int MostOpenBlocksUnlessSaid = 50;
    internal const int MostOwnAuctionsUnlessSaid = 5;

    public required ImmutableArray<DayOfWeek> Days { get; init; }

    /// <summary>Days of the week above on which the market is closed all the same.</summary>
    public ImmutableArray<DateOnly> Holidays { get; init; } = [];

    public required ImmutableArray<Session> Sessions { get; init; }

    public ClosingRule Closing { get; init; }

    /// <summary>Messages a participant may send in one second; null: off.</summary>
    public int? MessagesPerSecond { get; init; }

    /// <summary>Orders a participant may have open at one time.</summary>
    public int MostOpenOrders { get; init; } = MostOpenOrdersUnlessSaid;

    /// <summary>Orders a participant may place on one day.</summary>
    public int MostOrdersPerDay { get; init; } = MostOrdersPerDayUnlessSaid;

    /// <summary>Negotiations of blocks that a participant may have begun and left open.</summary>
    public int MostOpenBlocks { get; init; } = MostOpenBlocksUnlessSaid;

    /// <summary>Auctions of its own that a participant may have announced and not closed.</summary>
    public int MostOwnAuctions { get; init; } = MostOwnAuctionsUnlessSaid;

    /// <summary>What is asked of single-direction auctions; null: officials alone announce them, at any notice.</summary>
    public AuctionRules? Auctions { get; init; }

    /// <summary>From where trading looks abnormal (异常交易监控); null: nothing is watched.</summary>
    public Surveillance? Surveillance { get; init; }
}

/// <param name="Mode">One of the constants below.</param>
/// <param name="Opens">Local time; belongs to the session.</param>
/// <param name="Closes">Local time; no longer belongs to it.</param>
public sealed record Session(string Mode, TimeOnly Opens, TimeOnly Closes)
{
    /// <summary>The order book (挂牌协议交易).</summary>
    public const string Continuous = "continuous";

    /// <summary>Call auction (集合竞价): orders gather in the book and are uncrossed at one price when it closes.</summary>
    public const string Call = "call";

    public const string Block = "block";

    public const string Auction = "auction";

    /// <summary>Which price a call finds; null for other modes.</summary>
    public CallPurpose? Purpose { get; init; }

    /// <summary>Ids of the instruments it is for; none: it is for all.</summary>
    public ImmutableArray<string> Instruments { get; init; } = [];

    /// <summary>Orders of the book are taken: in a continuous session and in a call.</summary>
    public bool IsOfBook => Mode is Continuous or Call;

    public bool IsFor(Instrument instrument) => Instruments.IsEmpty || Instruments.Contains(instrument.Id, StringComparer.Ordinal);
}

public enum CallPurpose
{
    /// <summary>The day's first price (开盘集合竞价).</summary>
    Open,

    /// <summary>The day's last (收盘集合竞价).</summary>
    Close,
}

/// <summary>How the official close (收盘价) is found.</summary>
public enum ClosingRule
{
    /// <summary>The mean price of the day's listed trades, weighted by volume; without any, the close before stays.</summary>
    VolumeWeightedMean,
}
