using CarbonMarket.Kernel;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Matching;

/// <summary>All that stands at one price.</summary>
public readonly record struct DepthLevel(Price Price, Quantity Quantity, int Orders);

/// <summary>One order of a book as anybody may see it.</summary>
public readonly record struct StandingOrder(long Number, Side Side, Price Price, Quantity Remaining);

/// <summary>
/// The order book (订单簿) of one instrument: its open orders by price, then time (价格优先、时间优先).
/// </summary>
public sealed class OrderBook
{
    private readonly OpenOrders _orders;

    internal OrderBook(OpenOrders orders) => _orders = orders;

    internal PriceLadder Bids { get; } = new(Side.Buy);

    internal PriceLadder Asks { get; } = new(Side.Sell);

    public int Count => Bids.Orders + Asks.Orders;

    public Price? BestPrice(Side side) => Of(side) is { IsEmpty: false } ladder ? Price.OfMinor(ladder.PriceOf(ladder.BestRank)) : null;

    /// <summary>The best prices of a side, best first.</summary>
    public IReadOnlyList<DepthLevel> Depth(Side side, int levels)
    {
        var depth = new List<DepthLevel>();
        for (var walk = new Walk(Of(side)); depth.Count < levels && walk.Next();)
            depth.Add(new DepthLevel(
                Price.OfMinor(walk.Price), Quantity.Of(walk.Level.Quantity), walk.Level.Orders));
        return depth;
    }

    /// <summary>The orders of a side, in the order in which they would be met; at most so many.</summary>
    public IReadOnlyList<StandingOrder> Orders(Side side, int most) => Queued(side, most, (in OpenOrder order) =>
        new StandingOrder(order.Number, side, Price.OfMinor(order.Price), Quantity.Of(order.Remaining)));

    /// <summary>The same, all of them, as the market knows them.</summary>
    internal IReadOnlyList<Order> Known(Side side) => Queued(side, int.MaxValue, (in OpenOrder order) => order.Order!);

    private delegate T Seen<out T>(in OpenOrder order);

    private List<T> Queued<T>(Side side, int most, Seen<T> seen)
    {
        var orders = new List<T>();
        for (var walk = new Walk(Of(side)); walk.Next();)
        {
            for (var place = walk.Level.First; place != OpenOrders.None; place = _orders[place].Next)
            {
                if (orders.Count == most)
                    return orders;
                orders.Add(seen(_orders[place]));
            }
        }
        return orders;
    }

    internal PriceLadder Of(Side side) => side == Side.Buy ? Bids : Asks;

    /// <summary>Goes from the best price of a side to worse ones. The book must stay as it is meanwhile.</summary>
    internal ref struct Walk(PriceLadder ladder)
    {
        private readonly PriceLadder _ladder = ladder;
        private PricePage? _page;
        private ulong _left;
        private int _place = ladder.Top;
        private int _index;

        public readonly long Rank => _page!.RankOf(_index);

        public readonly long Price => _ladder.PriceOf(Rank);

        public readonly ref PriceLevel Level => ref _page![_index];

        public bool Next()
        {
            while (_left == 0)
            {
                _page = _ladder.Worse(ref _place);
                if (_page is null)
                    return false;
                _left = _page.Occupied;
            }
            _index = 63 - System.Numerics.BitOperations.LeadingZeroCount(_left);
            _left &= ~(1UL << _index);
            return true;
        }
    }
}
