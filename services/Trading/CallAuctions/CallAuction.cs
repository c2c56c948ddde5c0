using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingDays;

namespace CarbonMarket.Trading.CallAuctions;

/// <summary>A call of the open day that is still to come.</summary>
/// <param name="ClosesAt">When it is uncrossed.</param>
public sealed record PendingCall(string Instrument, DateTimeOffset ClosesAt)
{
    /// <summary>It closed while nothing traded: what gathered in it waits for continuous trading to begin.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool PutOff { get; init; }
}

/// <summary>A call has closed: its trades, if there were any, have been made.</summary>
/// <param name="Price">All traded at it; null: no bid reached an offer.</param>
/// <param name="Volume">Units traded.</param>
/// <param name="Surplus">Units bid at the price beyond those offered at it; below zero: the other way round.</param>
public sealed record CallUncrossed(
    string Instrument, Price? Price, Quantity Volume, long Surplus, DateTimeOffset At) : MarketEvent(At)
{
    /// <summary>When it is tried again, because nothing could trade although bids reach offers; null: it is over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? PutOffTo { get; init; }
}

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
    /// Everything that closing a call brings, at the legal moment it closes. What does not trade then is not uncrossed: it is
    /// put off until continuous trading begins, before any other order may meet what has gathered.
    /// </summary>
    public static ImmutableArray<MarketEvent> Close(PolicyPack pack, MarketState market, PendingCall call)
    {
        var (sequence, at) = (market.LastTradeSequence, call.ClosesAt);
        if (pack.Instrument(call.Instrument) is not { } rules || !IsCrossed(market, rules.Id))
            return [Untraded(call.Instrument, at)];
        if (market.Controls.Stopped(rules.Id))
            return [Untraded(rules.Id, at) with { PutOffTo = pack.NextContinuous(at, rules) }];
        // What was put off to another day may be the first to trade on it.
        return market.OpenDay is null
            ? [TradingDay.Open(pack, at), .. Uncross(market, rules, pack.LegalDay(at), ref sequence, at)]
            : [.. Uncross(market, rules, market.OpenDay.Value, ref sequence, at)];
    }

    /// <summary>
    /// Uncrosses what a call left unmatched because it closed while nothing traded, where the book is in continuous trading
    /// again; where it is not, the next call does or, if it comes first, the beginning of continuous trading.
    /// </summary>
    public static ImmutableArray<MarketEvent> Reopen(PolicyPack pack, MarketState market, Func<string, bool> trades, DateTimeOffset at)
    {
        var events = ImmutableArray.CreateBuilder<MarketEvent>();
        var (sequence, day) = (market.LastTradeSequence, market.OpenDay);
        foreach (var rules in pack.Instruments)
        {
            if (!IsCrossed(market, rules.Id) || !trades(rules.Id))
                continue;
            if (pack.SessionAt(at, rules, Session.Continuous) is not null)
            {
                // What stood over the night may be the first to trade on the new day.
                if (day is null)
                    events.Add(TradingDay.Open(pack, at));
                day ??= pack.LegalDay(at);
                events.AddRange(Uncross(market, rules, day.Value, ref sequence, at));
            }
            else if (pack.NextContinuous(at, rules) is { } next && !(market.NextCallOf(rules.Id)?.ClosesAt <= next))
                events.Add(Untraded(rules.Id, at) with { PutOffTo = next });
        }
        return events.ToImmutable();
    }

    public static void Evolve(MarketState market, CallUncrossed uncrossed)
    {
        market.EndCall(uncrossed.Instrument, uncrossed.At);
        if (uncrossed.PutOffTo is { } later)
            market.PutOff(new PendingCall(uncrossed.Instrument, later) { PutOff = true });
    }

    private static bool IsCrossed(MarketState market, string instrument) =>
        market.BookOf(instrument) is var book && book.BestPrice(Side.Buy) >= book.BestPrice(Side.Sell);

    private static CallUncrossed Untraded(string instrument, DateTimeOffset at) => new(instrument, null, Quantity.Zero, 0, at);

    private static List<MarketEvent> Uncross(MarketState market, Instrument rules, DateOnly day, ref long sequence, DateTimeOffset at)
    {
        var gathering = new Gathering(market, rules, at);
        var found = gathering.Uncross();
        List<MarketEvent> events = [.. gathering.SelfTradesPrevented];
        foreach (var trade in gathering.Trades(sequence, day, found))
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
