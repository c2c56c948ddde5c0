namespace CarbonMarket.PolicyPacks;

/// <summary>From where on a pattern of trading raises an alert; a pattern that is null is not watched.</summary>
public sealed record Surveillance
{
    public WashTradePattern? WashTrade { get; init; }

    public RoundTripPattern? RoundTrip { get; init; }

    public LayeringPattern? Layering { get; init; }

    public ClosingPattern? MarkingTheClose { get; init; }

    public BlockSplittingPattern? BlockSplitting { get; init; }

    public ChurnPattern? Churn { get; init; }
}

/// <summary>
/// Wash trade (对敲): connected parties sell to each other and back within so many seconds. Who does so is taken for connected:
/// nothing else tells of it.
/// </summary>
public sealed record WashTradePattern(int WindowSeconds);

/// <summary>Round trip (循环交易): units come back to their seller within so many seconds, the quantity equal within so many per cent.</summary>
public sealed record RoundTripPattern(int WindowSeconds, int TolerancePercent);

/// <summary>
/// Layering (虚假申报): at least so many orders on one side on one day, of which the participant cancels at least that share
/// without a trade.
/// </summary>
public sealed record LayeringPattern(int LeastOrders, int CancelledPercent);

/// <summary>
/// Marking the close (尾市操纵): in the last minutes of the book one participant has at least that share of the volume, on the side
/// that the price moves to, while it moves by at least so many 0.01 %.
/// </summary>
public sealed record ClosingPattern(int WindowMinutes, int SharePercent, int MoveBasisPoints);

/// <summary>Block splitting (化整为零): at least so many orders of one side that together reach the size of a block, within so many minutes.</summary>
public sealed record BlockSplittingPattern(int WindowMinutes, int LeastPieces);

/// <summary>Churn (新账户频繁交易): an account that is at most so many days old makes at least so many trades of the book on one day.</summary>
public sealed record ChurnPattern(int AccountAgeDays, int LeastTrades);
