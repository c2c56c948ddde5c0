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

/// <summary>Wash trade (对敲): connected parties sell to each other and back within so many seconds.</summary>
public sealed record WashTradePattern(int WindowSeconds);

/// <summary>Round trip: units come back to their seller within so many seconds, the quantity equal within so many per cent.</summary>
public sealed record RoundTripPattern(int WindowSeconds, int TolerancePercent);

/// <summary>Layering (虚假申报): at least so many orders on one side, of which at least that share is cancelled without a trade.</summary>
public sealed record LayeringPattern(int LeastOrders, int CancelledPercent);

/// <summary>
/// Marking the close (尾市操纵): in the last minutes of trading one participant has at least that share of the volume while
/// the price moves by at least so many 0.01 %.
/// </summary>
public sealed record ClosingPattern(int WindowMinutes, int SharePercent, int MoveBasisPoints);

/// <summary>Block splitting: at least so many orders that together reach the size of a block, within so many minutes.</summary>
public sealed record BlockSplittingPattern(int WindowMinutes, int LeastPieces);

/// <summary>Churn: an account that is at most so many days old makes at least so many trades on one day.</summary>
public sealed record ChurnPattern(int AccountAgeDays, int LeastTrades);
