using System.Runtime.CompilerServices;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingAccounts;

namespace CarbonMarket.Trading.Matching;

/// <summary>An order that is open, as the matcher sees it.</summary>
internal struct OpenOrder
{
    public long Number;
    public long Remaining;
    public long Price;

    /// <summary>What the market knows of it beyond this.</summary>
    public Order? Order;

    /// <summary>Where it queues; null while it stands in no book.</summary>
    public PricePage? Page;

    /// <summary>Place of its owner's cash, which says who the owner is.</summary>
    public int Cash;

    /// <summary>Place of its owner's units.</summary>
    public int Units;
    public int Previous;
    public int Next;
    public Side Side;

    /// <summary>What its owner pays of each of its trades.</summary>
    public BasisPoints Fee;
    public byte Index;
}

/// <summary>
/// The open orders of a market, all instruments together, and what they hold of their owners' buying power. An order lies in
/// a place of its own until it is finished. None is lost: what is finished makes room for what comes.
/// </summary>
internal sealed class OpenOrders(Balances balances)
{
    public const int None = 0;

    private OpenOrder[] _places = new OpenOrder[4096];
    private int _used = 1; // Place 0 is none.
    private int _vacant = None;

    public int Count { get; private set; }

    /// <summary>The order that lies at a place, good until the next order is opened.</summary>
    public ref OpenOrder this[int place]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _places[place];
    }

    /// <summary>Makes an order open and reserves what it needs: cash at its limit with the fees, or its units.</summary>
    /// <param name="cash">Place of its owner's cash.</param>
    /// <param name="units">Place of its owner's units of the instrument.</param>
    public int Open(long number, int cash, int units, Side side, long price, long quantity, BasisPoints fee = default)
    {
        var place = Place(number, cash, units, side, price, quantity, fee);
        Reserve(this[place], quantity);
        return place;
    }

    /// <summary>Makes an order open whose reservation stands already, because a snapshot tells of both.</summary>
    public int Place(long number, int cash, int units, Side side, long price, long quantity, BasisPoints fee)
    {
        var place = Take();
        ref var order = ref this[place];
        order.Number = number;
        order.Remaining = quantity;
        order.Price = price;
        (order.Cash, order.Units, order.Side, order.Fee) = (cash, units, side, fee);
        HeldBy(order).OpenOrders++;
        Count++;
        return place;
    }

    /// <summary>What the market knows of an open order beyond this; it knows in turn where it lies.</summary>
    public void Name(int place, Order order) => (this[place].Order, order.Place) = (order, place);

    /// <summary>
    /// A trade between two open orders: what each had reserved for it turns into promises that clearing will keep, and the
    /// buyer's better price frees the difference. The buyer promises its fee on top, the seller's comes out of the proceeds.
    /// Who has nothing left is finished.
    /// </summary>
    public void Trade(int buyPlace, int sellPlace, long quantity, long price, long buyerFee = 0, long sellerFee = 0)
    {
        ref var buy = ref Standing(buyPlace);
        ref var sell = ref Standing(sellPlace);
        var cost = checked(quantity * price);
        balances[buy.Cash].Sell(Hold(buy, quantity), cost + buyerFee);
        balances[buy.Units].ExpectOrdered(quantity);
        balances[sell.Units].Sell(quantity, quantity);
        balances[sell.Cash].Expect(cost - sellerFee);
        Less(buyPlace, ref buy, quantity);
        Less(sellPlace, ref sell, quantity);
    }

    /// <summary>Takes a part of an order back, with what it held; an order of which nothing is left is finished.</summary>
    public void Reduce(int place, long by)
    {
        ref var order = ref Standing(place);
        Release(order, by);
        Less(place, ref order, by);
    }

    /// <summary>Finishes an order and releases what it still holds.</summary>
    public void Close(int place) => Reduce(place, this[place].Remaining);

    /// <summary>Sends an order to the end of the queue of another price (or of its own), with another remaining quantity.</summary>
    public void Requeue(int place, OrderBook book, long price, long remaining)
    {
        ref var order = ref Standing(place);
        if (order.Page is not null)
            Leave(ref order);
        Release(order, order.Remaining);
        order.Price = price;
        order.Remaining = remaining;
        Reserve(order, remaining);
        Join(book, place);
    }

    /// <summary>Puts an order behind all others of its price.</summary>
    public void Join(OrderBook book, int place)
    {
        ref var order = ref this[place];
        var ladder = book.Of(order.Side);
        var rank = ladder.RankOf(order.Price);
        var page = ladder.PageFor(rank);
        var index = PricePage.IndexOf(rank);
        ref var level = ref page[index];
        order.Page = page;
        order.Index = (byte)index;
        order.Previous = level.Last;
        order.Next = None;
        if (level.Last == None)
        {
            level.First = place;
            page.Occupied |= 1UL << index;
        }
        else
        {
            this[level.Last].Next = place;
        }
        level.Last = place;
        level.Quantity += order.Remaining;
        level.Orders++;
        ladder.Orders++;
    }

    /// <summary>What has ended holds nothing any more: to release it once more would give away what other orders hold.</summary>
    private ref OpenOrder Standing(int place)
    {
        ref var order = ref this[place];
        if (order.Number == 0)
            Nothing(place);
        return ref order;
    }

    private static void Nothing(int place) => throw new InvalidOperationException($"No open order lies at place {place}.");

    /// <summary>What it holds a reservation of: the buyer's cash, the seller's units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Amounts HeldBy(in OpenOrder order) => ref balances[order.Side == Side.Buy ? order.Cash : order.Units];

    /// <summary>How much it holds for so many units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Hold(in OpenOrder order, long quantity) =>
        order.Side == Side.Buy ? order.Fee.Cover(quantity, order.Price) : quantity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(in OpenOrder order, long quantity)
    {
        HeldBy(order).Reserve(Hold(order, quantity));
        if (order.Side == Side.Buy)
            balances[order.Units].Order(quantity);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Release(in OpenOrder order, long quantity)
    {
        HeldBy(order).Release(Hold(order, quantity));
        if (order.Side == Side.Buy)
            balances[order.Units].Unorder(quantity);
    }

    private void Less(int place, ref OpenOrder order, long quantity)
    {
        if (quantity > order.Remaining)
            TooMuch(order, quantity);
        if (quantity == order.Remaining)
        {
            Finish(place, ref order);
            return;
        }
        order.Remaining -= quantity;
        if (order.Page is { } page)
            page[order.Index].Quantity -= quantity;
    }

    private static void TooMuch(in OpenOrder order, long quantity) =>
        throw new InvalidOperationException($"Order {order.Number} has {order.Remaining} left and cannot give {quantity}.");

    private void Finish(int place, ref OpenOrder order)
    {
        if (order.Page is not null)
            Leave(ref order);
        HeldBy(order).OpenOrders--;
        order.Number = 0;
        // Who asks for it once more is refused, and does not meet the order that comes to lie here next.
        order.Order?.Place = None;
        order.Order = null;
        order.Next = _vacant;
        _vacant = place;
        Count--;
    }

    private void Leave(ref OpenOrder order)
    {
        var page = order.Page!;
        ref var level = ref page[order.Index];
        if (order.Previous == None)
            level.First = order.Next;
        else
            this[order.Previous].Next = order.Next;
        if (order.Next == None)
            level.Last = order.Previous;
        else
            this[order.Next].Previous = order.Previous;
        level.Quantity -= order.Remaining;
        page.Ladder.Orders--;
        order.Page = null;
        if (--level.Orders == 0)
        {
            page.Occupied &= ~(1UL << order.Index);
            if (page.Occupied == 0)
                page.Ladder.Drop(page);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Take()
    {
        if (_vacant == None)
            return Fresh();
        var place = _vacant;
        _vacant = this[place].Next;
        return place;
    }

    private int Fresh()
    {
        if (_used == _places.Length)
            Array.Resize(ref _places, _used * 2);
        return _used++;
    }
}
