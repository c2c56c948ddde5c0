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

    /// <summary>Everything that closing a call brings, at the legal moment it closes.</summary>
    public static ImmutableArray<MarketEvent> Close(PolicyPack pack, MarketState market, PendingCall call)
    {
        var events = ImmutableArray.CreateBuilder<MarketEvent>();
        CallPrice? found = null;
        if (pack.Instrument(call.Instrument) is { } rules)
        {
            var gathering = new Gathering(market, rules, call.ClosesAt);
            found = gathering.Uncross();
            events.AddRange(gathering.SelfTradesPrevented);
            events.AddRange(gathering.Trades(market.LastTradeSequence, market.OpenDay!.Value, found));
        }
        events.Add(new CallUncrossed(
            call.Instrument, found?.Price, found?.Volume ?? Quantity.Zero, found?.Surplus ?? 0, call.ClosesAt));
        return events.ToImmutable();
    }

    public static void Evolve(MarketState market, CallUncrossed uncrossed) => market.EndCall(uncrossed.Instrument, uncrossed.At);

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
