using System.Runtime.InteropServices;

namespace CarbonMarket.Trading.Market;

/// <summary>
/// Ids of what is over and forgotten, so that nothing begins again under one of them, whoever comes with it. The newest are
/// kept, as many as the engine knows commands: of these the ones that such ids came with are a part, so here they are known
/// longer.
/// </summary>
public sealed class UsedIds
{
    public const int Most = 1_000_000;

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
        var ids = MemoryMarshal.Cast<byte, Guid>(saved);
        _known.EnsureCapacity(ids.Length);
        _oldestFirst.EnsureCapacity(ids.Length);
        foreach (var id in ids)
            Add(id);
    }
}
