using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Postings;

namespace CarbonMarket.Settlement.DailyStatements;

/// <summary>The place in the journal at which a trading day's clearing run had ended: there one statement ends and the next begins.</summary>
/// <param name="CountsFrom">From when it counts.</param>
public sealed record DayEnd(DateOnly TradingDay, long Version, DateTimeOffset CountsFrom);

/// <summary>A trade of a participant that a clearing run could not deliver.</summary>
/// <param name="Version">Version of the journal with the fact that says so.</param>
/// <param name="Failed">False: a later run tries it again.</param>
public sealed record UndeliveredTrade(
    long Version, Guid ParticipantId, bool Bought, long TradeSequence, Guid TradeId, string Instrument, Quantity Quantity, Money CashMinor,
    string Code, bool Failed, DateTimeOffset At)
{
    /// <summary>Both sides of what the fact says was not delivered.</summary>
    public static IEnumerable<UndeliveredTrade> Of(JournalFact fact) => fact.Data switch
    {
        TradePostponed e => Both(fact.Version, e.BuyerParticipantId, e.SellerParticipantId, e.Sequence, e.TradeId, e.Instrument, e.Quantity, e.CashMinor, e.Code, false, e.At),
        TradeFailed e => Both(fact.Version, e.BuyerParticipantId, e.SellerParticipantId, e.Sequence, e.TradeId, e.Instrument, e.Quantity, e.CashMinor, e.Code, true, e.At),
        _ => [],
    };

    private static UndeliveredTrade[] Both(
        long version, Guid buyer, Guid seller, long sequence, Guid tradeId, string instrument, Quantity quantity, Money cash, string code, bool failed, DateTimeOffset at) =>
    [
        new(version, buyer, true, sequence, tradeId, instrument, quantity, cash, code, failed, at),
        new(version, seller, false, sequence, tradeId, instrument, quantity, cash, code, failed, at),
    ];
}
