using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;

namespace CarbonMarket.Trading.CallAuctions;

/// <summary>
/// The orders of one call as it closes, on a list of their own: working out whom each meets changes nothing in the market.
/// </summary>
internal sealed class Gathering
{
    private readonly MarketState _market;
    private readonly Instrument _rules;
    private readonly DateTimeOffset _at;
    private readonly List<Entry> _bids;
    private readonly List<Entry> _asks;
    private readonly List<(Entry Bid, Entry Ask, long Quantity)> _meetings = [];

    public Gathering(MarketState market, Instrument rules, DateTimeOffset at)
    {
        (_market, _rules, _at) = (market, rules, at);
        (_bids, _asks) = (Entries(Side.Buy), Entries(Side.Sell));
    }

    public List<MarketEvent> SelfTradesPrevented { get; } = [];

    /// <summary>
    /// Finds the price and who trades at it. Where two orders of one participant would meet, the instrument's rule takes one
    /// of them away, and the price is found anew: what was to trade with itself must not make the price.
    /// </summary>
    public CallPrice? Uncross()
    {
        while (Uncrossing.Of(
            Limits(_bids), Limits(_asks), _market.LatestPrice(_rules)?.MinorPerUnit, _rules.TickMinor) is { } found)
        {
            if (Meet(found))
                return found;
        }
        _meetings.Clear();
        return null;
    }

    public IEnumerable<MarketEvent> Trades(long lastSequence, DateOnly day, CallPrice? found)
    {
        foreach (var (bid, ask, units) in _meetings)
        {
            var (quantity, price) = (Quantity.Of(units), found!.Value.Price);
            yield return new TradeExecuted(
                ++lastSequence, Trade.IdOf(bid.Order.OrderId, lastSequence), _rules.Id, bid.Order.OrderId, ask.Order.OrderId,
                bid.Order.ParticipantId, ask.Order.ParticipantId, quantity, price, TradeMode.Call, day, _at)
            {
                BuyerFee = bid.Order.FeeBasisPoints.Of(quantity, price), SellerFee = ask.Order.FeeBasisPoints.Of(quantity, price),
            };
        }
    }

    /// <summary>Pairs bids and offers at the price; false when self-trades were prevented and the price may be another.</summary>
    private bool Meet(in CallPrice found)
    {
        _meetings.Clear();
        var undisturbed = true;
        var (bid, ask) = (0, 0);
        var (bidLeft, askLeft) = (_bids[0].Remaining, _asks[0].Remaining);
        for (var left = found.Volume.Value; left > 0 && Takes(found.Price, bid, ask);)
        {
            if (_bids[bid].Order.ParticipantId == _asks[ask].Order.ParticipantId)
            {
                undisturbed = false;
                (bidLeft, askLeft) = Prevent(_bids[bid], _asks[ask], bidLeft, askLeft);
            }
            else
            {
                var quantity = Math.Min(left, Math.Min(bidLeft, askLeft));
                _meetings.Add((_bids[bid], _asks[ask], quantity));
                (bidLeft, askLeft, left) = (bidLeft - quantity, askLeft - quantity, left - quantity);
            }
            if (bidLeft == 0 && ++bid < _bids.Count)
                bidLeft = _bids[bid].Remaining;
            if (askLeft == 0 && ++ask < _asks.Count)
                askLeft = _asks[ask].Remaining;
        }
        if (undisturbed)
            return true;
        _bids.RemoveAll(entry => entry.Remaining == 0);
        _asks.RemoveAll(entry => entry.Remaining == 0);
        return false;
    }

    /// <summary>Whether the next bid and the next offer are for the price or a better one.</summary>
    private bool Takes(Price price, int bid, int ask) =>
        bid < _bids.Count && ask < _asks.Count && _bids[bid].Order.Price >= price && _asks[ask].Order.Price <= price;

    /// <summary>
    /// By the rule for incoming orders, where the later of the two is the incoming one. An order loses what nobody before the
    /// other has taken of it.
    /// </summary>
    /// <returns>What is left of each.</returns>
    private (long Bid, long Ask) Prevent(Entry bid, Entry ask, long bidLeft, long askLeft)
    {
        var bidIsLater = bid.Order.Priority > ask.Order.Priority;
        var (bidLoses, askLoses) = _rules.SelfTrade switch
        {
            SelfTradePrevention.ReduceBoth => (Math.Min(bidLeft, askLeft), Math.Min(bidLeft, askLeft)),
            SelfTradePrevention.CancelResting => bidIsLater ? (0, askLeft) : (bidLeft, 0),
            _ => bidIsLater ? (bidLeft, 0) : (0, askLeft),
        };
        Less(bid, bidLoses);
        Less(ask, askLoses);
        return (bidLeft - bidLoses, askLeft - askLoses);
    }

    private void Less(Entry entry, long quantity)
    {
        if (quantity == 0)
            return;
        entry.Remaining -= quantity;
        SelfTradesPrevented.Add(entry.Remaining == 0
            ? new OrderCancelled(entry.Order.OrderId, entry.Order.ParticipantId, Quantity.Of(quantity), CancelReason.SelfTrade, _at)
            : new OrderReduced(
                entry.Order.OrderId, entry.Order.ParticipantId, Quantity.Of(quantity), Quantity.Of(entry.Remaining), CancelReason.SelfTrade, _at));
    }

    private List<Entry> Entries(Side side) =>
        [.. _market.OrdersOf(_rules.Id, side).Select(order => new Entry { Order = order, Remaining = order.Remaining.Value })];

    private static List<LimitQuantity> Limits(List<Entry> entries) =>
    [
        .. entries.GroupBy(entry => entry.Order.Price)
            .Select(limit => new LimitQuantity(limit.Key.MinorPerUnit, limit.Sum(entry => entry.Remaining))),
    ];

    private sealed class Entry
    {
        public required Order Order { get; init; }

        public required long Remaining { get; set; }
    }
}
