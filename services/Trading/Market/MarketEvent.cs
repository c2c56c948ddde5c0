namespace CarbonMarket.Trading.Market;

/// <summary>
/// A fact of one market, stored for ever: change only by adding. <c>At</c> is the legal time at which it took effect.
/// Participants stand in properties ending in <c>ParticipantId</c>, by which the audit log finds an operator's history.
/// </summary>
public abstract record MarketEvent(DateTimeOffset At);
