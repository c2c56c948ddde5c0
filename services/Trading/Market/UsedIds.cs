using System.Runtime.InteropServices;

namespace CarbonMarket.Trading.Market;

/// <summary>
/// Ids of what is over and forgotten, so that nothing begins again under one of them. The newest so many are kept: longer
/// than the engine knows the commands, which are more, and whoever it is that comes with such an id.
/// </summary>
public sealed class UsedIds
{
    public const int Most = 500_000;

    private readonly HashSet<Guid> _known = [];
    private readonly Queue<Guid> _oldestFirst = new();

    public bool Contains(Guid id) => _known.Contains(id);

    public void Add(Guid id)
    {
        if (!_known.Add(id))
            return;
        _oldestFirst.Enqueue(id);
        if (_oldestFirst.Count > Most)
            _known.Remove(_oldestFirst.Dequeue());
    }

    /// <summary>Sixteen bytes for each, oldest first.</summary>
    public byte[] Save() => MemoryMarshal.AsBytes<Guid>(_oldestFirst.ToArray()).ToArray();

    public void Load(byte[] saved)
    {
        foreach (var id in MemoryMarshal.Cast<byte, Guid>(saved))
            Add(id);
    }
}
