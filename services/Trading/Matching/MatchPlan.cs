using System.Runtime.CompilerServices;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Matching;

/// <summary>An order at the door of the book.</summary>
/// <param name="Owner">Place of the owner's cash; that of nobody: somebody without a trading account, whom every rule on means refuses.</param>
/// <param name="Minimum">What must trade at once if anything is to trade; 0: whatever there is. Fill-or-kill: all of it.</param>
/// <param name="Immediate">What does not trade at once is cancelled.</param>
/// <param name="Fee">What its owner pays of each of its trades.</param>
internal readonly record struct IncomingOrder(
    int Owner, Side Side, long Price, long Quantity, long Minimum, bool Immediate, SelfTradePrevention SelfTrade,
    BasisPoints Fee = default);

internal enum MeetingKind
{
    Trade,

    /// <summary>The resting order is of the same participant and goes.</summary>
    RestingCancelled,

    /// <summary>Both are of the same participant and lose the quantity without a trade.</summary>
    BothReduced,
}

/// <summary>What comes of meeting one resting order.</summary>
internal readonly record struct Meeting(int Place, long Quantity, MeetingKind Kind);

/// <summary>What becomes of the quantity that met nobody.</summary>
internal enum Remainder
{
    Rests,
    Immediate,
    FillOrKill,
    MinimumNotMet,
    SelfTrade,
}

/// <summary>
/// What an incoming order would meet, in price-time priority, worked out without changing anything. One plan serves a market
/// for all its orders, one after the other, so that matching allocates nothing.
/// </summary>
internal sealed class MatchPlan
{
    private Meeting[] _meetings = new Meeting[64];
    private int _count;

    public ReadOnlySpan<Meeting> Meetings => _meetings.AsSpan(0, _count);

    /// <summary>What trades at once.</summary>
    public long Traded { get; private set; }

    /// <summary>What neither trades nor falls to self-trade prevention.</summary>
    public long Left { get; private set; }

    public Remainder Remainder { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Make(OpenOrders orders, OrderBook book, in IncomingOrder order)
    {
        _count = 0;
        Traded = 0;
        Left = order.Quantity;
        Remainder = order.Immediate ? Remainder.Immediate : Remainder.Rests;
        var opposite = book.Of(order.Side == Side.Buy ? Side.Sell : Side.Buy);
        var limit = opposite.RankOf(order.Price);
        if (opposite.BestRank >= limit)
            Meet(orders, opposite, limit, order.Owner, order.SelfTrade);
        if (Traded < order.Minimum)
            CallOff(order.Minimum, order.Quantity);
    }

    public void Gather(in IncomingOrder order)
    {
        _count = 0;
        Traded = 0;
        Left = order.Quantity;
        Remainder = Remainder.Rests;
    }

    private void Meet(OpenOrders orders, PriceLadder opposite, long limit, int owner, SelfTradePrevention selfTrade)
    {
        for (var walk = new OrderBook.Walk(opposite); walk.Next() && walk.Rank >= limit;)
        {
            for (var place = walk.Level.First; place != OpenOrders.None;)
            {
                ref var resting = ref orders[place];
                var quantity = Math.Min(Left, resting.Remaining);
                if (resting.Cash != owner)
                {
                    Add(new Meeting(place, quantity, MeetingKind.Trade));
                    Traded += quantity;
                    Left -= quantity;
                }
                else if (!MeetOneself(place, quantity, resting.Remaining, selfTrade))
                {
                    return;
                }
                if (Left == 0)
                    return;
                place = resting.Next;
            }
        }
    }

    /// <summary>Nobody trades with itself. False when the incoming order stops here.</summary>
    private bool MeetOneself(int place, long quantity, long remaining, SelfTradePrevention rule)
    {
        switch (rule)
        {
            case SelfTradePrevention.CancelResting:
                Add(new Meeting(place, remaining, MeetingKind.RestingCancelled));
                return true;
            case SelfTradePrevention.ReduceBoth:
                Add(new Meeting(place, quantity, MeetingKind.BothReduced));
                Left -= quantity;
                return true;
            default:
                Remainder = Remainder.SelfTrade;
                return false;
        }
    }

    /// <summary>Too little would trade at once, so nothing does, and nobody else loses an order for it.</summary>
    private void CallOff(long minimum, long quantity)
    {
        Remainder = minimum == quantity ? Remainder.FillOrKill : Remainder.MinimumNotMet;
        _count = 0;
        Traded = 0;
        Left = quantity;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(in Meeting meeting)
    {
        if (_count == _meetings.Length)
            Array.Resize(ref _meetings, _count * 2);
        _meetings[_count++] = meeting;
    }
}
