using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.CallAuctions;

/// <summary>A call of the open day that is still to come.</summary>
/// <param name="ClosesAt">When it is uncrossed.</param>
public sealed record PendingCall(string Instrument, DateTimeOffset ClosesAt);

/// <summary>A call has closed: its trades, if there were any, have been made.</summary>
/// <param name="Price">All traded at it; null: no bid reached an offer.</param>
/// <param name="Volume">Units traded.</param>
/// <param name="Surplus">Units bid at the price beyond those offered at it; below zero: the other way round.</param>
public sealed record CallUncrossed(
    string Instrument, Price? Price, Quantity Volume, long Surplus, DateTimeOffset At) : MarketEvent(At);

/// <summary>
/// Call auction (集合竞价) at open and close: orders gather in the book without meeting, and when the call closes all that can
/// trade at one price do, the better price first, then the earlier order.
/// </summary>
internal static class CallAuction
{
    /// <summary>What the call would come to now.</summary>
    public static CallPrice? Indication(MarketState market, Instrument rules)
    {
        var book = market.BookOf(rules.Id);
        return Uncrossing.Of(
            Crossing(book, Side.Buy), Crossing(book, Side.Sell), market.LatestPrice(rules)?.MinorPerUnit, rules.TickMinor);
    }

    /// <summary>
    /// Everything that closing a call brings, at the legal moment it closes. What does not trade then is not uncrossed.
    /// </summary>
    public static ImmutableArray<MarketEvent> Close(PolicyPack pack, MarketState market, PendingCall call)
    {
        var sequence = market.LastTradeSequence;
        return pack.Instrument(call.Instrument) is { } rules && !market.Controls.Stopped(rules.Id)
            ? [.. Uncross(market, rules, ref sequence, call.ClosesAt)]
            : [new CallUncrossed(call.Instrument, null, Quantity.Zero, 0, call.ClosesAt)];
    }

    /// <summary>
    /// Uncrosses what a call left unmatched because it closed while nothing traded, where the book is in continuous trading
    /// again; where it is not, the next call does.
    /// </summary>
    public static ImmutableArray<MarketEvent> Reopen(PolicyPack pack, MarketState market, Func<string, bool> trades, DateTimeOffset at)
    {
        var events = ImmutableArray.CreateBuilder<MarketEvent>();
        var sequence = market.LastTradeSequence;
        foreach (var rules in pack.Instruments)
        {
            var book = market.BookOf(rules.Id);
            if (market.OpenDay is not null && book.BestPrice(Side.Buy) >= book.BestPrice(Side.Sell) && trades(rules.Id)
                && pack.SessionAt(at, rules, Session.Continuous) is not null)
                events.AddRange(Uncross(market, rules, ref sequence, at));
        }
        return events.ToImmutable();
    }

    public static void Evolve(MarketState market, CallUncrossed uncrossed) => market.EndCall(uncrossed.Instrument, uncrossed.At);

    private static List<MarketEvent> Uncross(MarketState market, Instrument rules, ref long sequence, DateTimeOffset at)
    {
        var gathering = new Gathering(market, rules, at);
        var found = gathering.Uncross();
        List<MarketEvent> events = [.. gathering.SelfTradesPrevented];
        foreach (var trade in gathering.Trades(sequence, market.OpenDay!.Value, found))
        {
            events.Add(trade);
            sequence++;
        }
        events.Add(new CallUncrossed(rules.Id, found?.Price, found?.Volume ?? Quantity.Zero, found?.Surplus ?? 0, at));
        return events;
    }

    /// <summary>The prices of a side that the other side's best one reaches.</summary>
    private static List<LimitQuantity> Crossing(Matching.OrderBook book, Side side)
    {
        var levels = new List<LimitQuantity>();
        if (book.BestPrice(side == Side.Buy ? Side.Sell : Side.Buy) is not { } opposite)
            return levels;
        foreach (var level in book.Depth(side, int.MaxValue).TakeWhile(level => side == Side.Buy ? level.Price >= opposite : level.Price <= opposite))
            levels.Add(new LimitQuantity(level.Price.MinorPerUnit, level.Quantity.Value));
        return levels;
    }
}
