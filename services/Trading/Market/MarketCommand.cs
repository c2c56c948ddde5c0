namespace CarbonMarket.Trading.Market;

/// <summary>
/// Something asked of one market. <c>At</c> is legal time as the edge read it; the market itself reads no clock.
/// </summary>
public abstract record MarketCommand(DateTimeOffset At);
