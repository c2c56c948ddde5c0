using System.Runtime.InteropServices;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>
/// The newest of many things in the order in which they came, at most so many: the oldest makes room. Each has a number,
/// counted from 0, that stays its own. Grows as it is filled and makes nothing new after that.
/// </summary>
/// <typeparam name="T">Laid out without gaps: it is stored as it stands in memory, and a gap would hold what memory held before.</typeparam>
internal sealed class Newest<T>(int most)
    where T : unmanaged
{
    private T[] _items = [];

    /// <summary>Number of the oldest that is kept.</summary>
    public long First { get; private set; }

    /// <summary>Number of the next to come.</summary>
    public long Next => First + Count;

    public int Count { get; private set; }

    public bool IsFull => Count == most;

    public ref T this[long number] => ref _items[number & (_items.Length - 1)];

    public bool Keeps(long number) => number >= First && number < Next;

    public void Add(in T item)
    {
        if (IsFull)
            Forget();
        if (Count == _items.Length)
            Grow();
        _items[Next & (_items.Length - 1)] = item;
        Count++;
    }

    /// <summary>Lets go of the oldest.</summary>
    public T Forget()
    {
        var oldest = this[First];
        (First, Count) = (First + 1, Count - 1);
        return oldest;
    }

    public void Clear() => (First, Count) = (Next, 0);

    public IEnumerable<T> All()
    {
        for (var number = First; number < Next; number++)
            yield return this[number];
    }

    public NewestState Save() => new(First, MemoryMarshal.AsBytes<T>(All().ToArray()).ToArray());

    public static Newest<T> Load(int most, NewestState saved)
    {
        var newest = new Newest<T>(most) { First = saved.First };
        foreach (ref readonly var item in MemoryMarshal.Cast<byte, T>(saved.Items))
            newest.Add(item);
        return newest;
    }

    private void Grow()
    {
        // A power of two, so that a number's place is found without dividing.
        var larger = new T[Math.Max(4, _items.Length * 2)];
        for (var number = First; number < Next; number++)
            larger[number & (larger.Length - 1)] = this[number];
        _items = larger;
    }
}

/// <param name="Items">Oldest first.</param>
internal sealed record NewestState(long First, byte[] Items);
