using System.Numerics;
using System.Runtime.CompilerServices;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Matching;

/// <summary>
/// The prices of one side of a book. A price has a rank, and the higher rank is always the better price: a bid's rank is
/// its price, an ask's the complement of its price; so one code serves both sides.
/// <para>
/// Ranks lie in pages of 64 neighbours with a bit for each that is occupied. The pages stand in an array ordered by rank,
/// the best last: around the touch, where markets trade, a price costs one comparison, far from it a binary search over
/// pages, and never a walk over prices. Prices may lie as far apart as they like; what is empty takes no memory.
/// </para>
/// </summary>
internal sealed class PriceLadder(Side side)
{
    private readonly Stack<PricePage> _spare = new();
    private PricePage[] _pages = new PricePage[16];
    private long[] _keys = new long[16];
    private int _count;

    public Side Side => side;

    /// <summary>Orders that stand here.</summary>
    public int Orders { get; set; }

    public bool IsEmpty => _count == 0;

    /// <summary>Rank of the best price; of an empty ladder one that is worse than any.</summary>
    public long BestRank
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _count == 0 ? long.MinValue : _pages[_count - 1].HighestRank;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long RankOf(long price) => side == Side.Buy ? price : ~price;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long PriceOf(long rank) => side == Side.Buy ? rank : ~rank;

    /// <summary>The page a rank lies in, made when there is none.</summary>
    public PricePage PageFor(long rank)
    {
        var key = PricePage.KeyOf(rank);
        var at = PlaceOf(key);
        return at >= 0 ? _pages[at] : Insert(~at, key);
    }

    /// <summary>The page the walk from the best price goes on with: the next worse after a place, or the best.</summary>
    public PricePage? Worse(ref int place) => --place >= 0 ? _pages[place] : null;

    /// <summary>Where a walk begins: one above the best page.</summary>
    public int Top => _count;

    /// <summary>Takes a page away in which nothing stands any more.</summary>
    public void Drop(PricePage page)
    {
        var at = PlaceOf(page.Key);
        _count--;
        Array.Copy(_pages, at + 1, _pages, at, _count - at);
        Array.Copy(_keys, at + 1, _keys, at, _count - at);
        _pages[_count] = null!;
        _spare.Push(page);
    }

    private PricePage Insert(int at, long key)
    {
        if (_count == _pages.Length)
        {
            Array.Resize(ref _pages, _count * 2);
            Array.Resize(ref _keys, _count * 2);
        }
        Array.Copy(_pages, at, _pages, at + 1, _count - at);
        Array.Copy(_keys, at, _keys, at + 1, _count - at);
        _count++;
        _keys[at] = key;
        var page = _spare.TryPop(out var spare) ? spare : new PricePage(this);
        page.Key = key;
        return _pages[at] = page;
    }

    /// <summary>Where a page stands, or the complement of where it would.</summary>
    private int PlaceOf(long key)
    {
        var keys = _keys;
        int low = 0, high = _count - 1;
        if (high >= 0 && keys[high] == key)
            return high;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var found = keys[middle];
            if (found == key)
                return middle;
            if (found < key)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }
}

/// <summary>All that stands at one price: a queue of orders, the earliest first.</summary>
internal struct PriceLevel
{
    public long Quantity;
    public int Orders;
    public int First;
    public int Last;
}

/// <summary>Sixty-four neighbouring ranks.</summary>
internal sealed class PricePage(PriceLadder ladder)
{
    private const int Bits = 6;
    private Levels _levels;

    public readonly PriceLadder Ladder = ladder;
    public long Key;

    /// <summary>A bit for each rank at which something stands.</summary>
    public ulong Occupied;

    public long HighestRank
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Key << Bits) + (63 - BitOperations.LeadingZeroCount(Occupied));
    }

    public static long KeyOf(long rank) => rank >> Bits;

    public static int IndexOf(long rank) => (int)(rank & 63);

    public long RankOf(int index) => (Key << Bits) + index;

    public ref PriceLevel this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref Unsafe.As<Levels, PriceLevel>(ref _levels), index & 63);
    }

    [InlineArray(64)]
    private struct Levels
    {
        private PriceLevel _first;
    }
}
