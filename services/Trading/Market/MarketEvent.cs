namespace CarbonMarket.Trading.Market;

/// <summary>
/// A fact of one market, stored for ever: change only by adding. <c>At</c> is the legal time at which it took effect.
/// Participants stand in properties ending in <c>ParticipantId</c>, by which the audit log finds an operator's history.
/// </summary>
public abstract record MarketEvent(DateTimeOffset At);

/// <summary>
/// A command was right and found nothing to do: no order to cancel, a change to what stands already. Nothing follows from it. It is
/// written down so that a repeat that comes when there would be something is answered as the first time, and does nothing either.
/// </summary>
public sealed record NothingChanged(Guid ParticipantId, DateTimeOffset At) : MarketEvent(At);
