namespace CarbonMarket.Trading.Matching;

/// <summary>What happens when an order meets one of the same participant, with whom it must not trade.</summary>
public enum SelfTradeRule
{
    /// <summary>What is left of the incoming order is cancelled; the resting one stays.</summary>
    CancelIncoming,

    /// <summary>The resting order is cancelled; the incoming one goes on.</summary>
    CancelResting,

    /// <summary>Both lose the smaller of the two quantities without a trade; the larger goes on.</summary>
    ReduceBoth,
}
