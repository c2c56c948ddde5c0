using System.Runtime.CompilerServices;
using CarbonMarket.Kernel;

namespace CarbonMarket.Trading.Orders;

/// <summary>An order resting in the book, as a matcher sees it.</summary>
public readonly record struct RestingOrder(Guid OrderId, Guid ParticipantId, Price Price, Quantity Remaining);

/// <summary>All that rests at one price.</summary>
public readonly record struct DepthLevel(Price Price, Quantity Quantity, int Orders);

/// <summary>
/// The open orders of one instrument in price-time priority (价格优先、时间优先). Orders lie in one array of structs, linked
/// into a queue per price; prices lie in a ladder per side whose last rung is the best. Cancel and fill find an order by
/// its id and never walk a queue; a price far from the touch costs a binary search.
/// </summary>
public sealed class OrderBook
{
    private const int None = -1;
    private readonly Dictionary<Guid, int> _places = [];
    private readonly List<Level> _bids = [];
    private readonly List<Level> _asks = [];
    private Node[] _nodes = [];
    private int _used;
    private int _vacant = None;

    public int Count => _places.Count;

    /// <summary>Puts an order behind all others of its price.</summary>
    public void Add(Guid orderId, Guid participantId, Side side, Price price, Quantity quantity)
    {
        var place = Take();
        _places.Add(orderId, place);
        var level = LevelAt(side, price);
        ref var node = ref _nodes[place];
        node = new Node(orderId, participantId, quantity.Value, level, level.Last, None);
        if (level.Last == None)
            level.First = place;
        else
            _nodes[level.Last].Next = place;
        level.Last = place;
        level.Quantity += quantity.Value;
        level.Orders++;
    }

    /// <summary>Takes a part of an order away; an order of which nothing is left leaves the book.</summary>
    public void Reduce(Guid orderId, Quantity by)
    {
        var place = _places[orderId];
        ref var node = ref _nodes[place];
        if (by.Value >= node.Remaining)
        {
            if (by.Value > node.Remaining)
                throw new InvalidOperationException($"Order {orderId} has {node.Remaining} left and cannot give {by}.");
            Remove(orderId);
            return;
        }
        node.Remaining -= by.Value;
        node.Level!.Quantity -= by.Value;
    }

    public void Remove(Guid orderId)
    {
        if (!_places.Remove(orderId, out var place))
            throw new InvalidOperationException($"Order {orderId} does not rest in the book.");
        ref var node = ref _nodes[place];
        var level = node.Level!;
        if (node.Previous == None)
            level.First = node.Next;
        else
            _nodes[node.Previous].Next = node.Next;
        if (node.Next == None)
            level.Last = node.Previous;
        else
            _nodes[node.Next].Previous = node.Previous;
        level.Quantity -= node.Remaining;
        if (--level.Orders == 0)
            Drop(level);
        node = default;
        node.Next = _vacant;
        _vacant = place;
    }

    public bool Contains(Guid orderId) => _places.ContainsKey(orderId);

    /// <summary>The orders an incoming one of this side and limit would meet, in the order it would meet them.</summary>
    public Crossing Against(Side incoming, Price limit) => new(this, incoming, limit);

    public DepthLevel? Best(Side side) => Ladder(side) is [.., var best] ? best.Depth : null;

    /// <summary>The best prices of a side, best first.</summary>
    public IEnumerable<DepthLevel> Depth(Side side, int levels)
    {
        var ladder = Ladder(side);
        for (var rung = ladder.Count - 1; rung >= 0 && rung >= ladder.Count - levels; rung--)
            yield return ladder[rung].Depth;
    }

    private List<Level> Ladder(Side side) => side == Side.Buy ? _bids : _asks;

    private Level LevelAt(Side side, Price price)
    {
        var ladder = Ladder(side);
        var rung = Rung(ladder, side, price.MinorPerUnit);
        if (rung >= 0)
            return ladder[rung];
        var level = new Level(side, price.MinorPerUnit);
        ladder.Insert(~rung, level);
        return level;
    }

    private void Drop(Level level)
    {
        var ladder = Ladder(level.Side);
        ladder.RemoveAt(ladder[^1] == level ? ladder.Count - 1 : Rung(ladder, level.Side, level.Price));
    }

    /// <summary>Where a price stands, or the complement of where it would: bids rise and asks fall towards the touch.</summary>
    private static int Rung(List<Level> ladder, Side side, long price)
    {
        int low = 0, high = ladder.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var found = ladder[middle].Price;
            if (found == price)
                return middle;
            if (side == Side.Buy ? found < price : found > price)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }

    private int Take()
    {
        if (_vacant != None)
        {
            var place = _vacant;
            _vacant = _nodes[place].Next;
            return place;
        }
        if (_used == _nodes.Length)
            Array.Resize(ref _nodes, Math.Max(64, _nodes.Length * 2));
        return _used++;
    }

    /// <summary>Walks the crossing orders without touching the book, for a decision that only proposes.</summary>
    public ref struct Crossing
    {
        private readonly OrderBook _book;
        private readonly List<Level> _ladder;
        private readonly Side _side;
        private readonly long _limit;
        private int _rung;
        private int _place = None;
        private bool _begun;

        internal Crossing(OrderBook book, Side incoming, Price limit)
        {
            _book = book;
            _side = incoming == Side.Buy ? Side.Sell : Side.Buy;
            _ladder = book.Ladder(_side);
            _limit = limit.MinorPerUnit;
            _rung = _ladder.Count;
        }

        public readonly RestingOrder Current
        {
            get
            {
                ref readonly var node = ref _book._nodes[_place];
                return new RestingOrder(
                    node.OrderId, node.ParticipantId, Price.OfMinor(node.Level!.Price), Quantity.Of(node.Remaining));
            }
        }

        public readonly Crossing GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_begun && _place != None)
                _place = _book._nodes[_place].Next;
            _begun = true;
            if (_place != None)
                return true;
            if (--_rung < 0 || !Crosses(_ladder[_rung].Price))
                return false;
            _place = _ladder[_rung].First;
            return true;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly bool Crosses(long price) => _side == Side.Sell ? price <= _limit : price >= _limit;
    }

    private sealed class Level(Side side, long price)
    {
        public readonly Side Side = side;
        public readonly long Price = price;
        public long Quantity;
        public int Orders;
        public int First = None;
        public int Last = None;

        public DepthLevel Depth => new(Kernel.Price.OfMinor(Price), Kernel.Quantity.Of(Quantity), Orders);
    }

    private record struct Node(Guid OrderId, Guid ParticipantId, long Remaining, Level? Level, int Previous, int Next);
}
