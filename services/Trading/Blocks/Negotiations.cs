using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Blocks;

/// <summary>A market's negotiations of blocks: the open ones, and of those that are over the newest.</summary>
public sealed class Negotiations
{
    /// <summary>What is older is read from the store.</summary>
    public const int FinishedKept = 1_000;

    private readonly Dictionary<Guid, Block> _open = [];
    private readonly Dictionary<Guid, Block> _finished = [];
    private readonly Queue<Guid> _oldestFinishedFirst = new();
    private readonly UsedIds _past = new();

    public IReadOnlyDictionary<Guid, Block> Open => _open;

    /// <summary>Open and lately finished ones, in no order.</summary>
    public IEnumerable<Block> Kept => _open.Values.Concat(_finished.Values);

    /// <summary>When the next terms expire.</summary>
    public DateTimeOffset? NextDue => _open.Count == 0 ? null : _open.Values.Min(block => block.Standing.ExpiresAt);

    public Block? Find(Guid blockId) => _open.GetValueOrDefault(blockId) ?? _finished.GetValueOrDefault(blockId);

    /// <summary>True for the id of a negotiation that is over and no longer kept.</summary>
    public bool IsPast(Guid blockId) => _past.Contains(blockId);

    /// <summary>Takes a negotiation as it stands now, in place of what was known of it.</summary>
    public void Keep(Block block)
    {
        if (block.IsOpen)
        {
            _open[block.BlockId] = block;
            return;
        }
        _open.Remove(block.BlockId);
        _finished.Add(block.BlockId, block);
        _oldestFinishedFirst.Enqueue(block.BlockId);
        if (_oldestFinishedFirst.Count <= FinishedKept)
            return;
        var oldest = _oldestFinishedFirst.Dequeue();
        _finished.Remove(oldest);
        _past.Add(oldest);
    }

    public NegotiationsSnapshot Save() => new(
        [.. _open.Values.OrderBy(block => block.BlockId)], [.. _oldestFinishedFirst.Select(id => _finished[id])], _past.Save());

    public void Load(NegotiationsSnapshot saved)
    {
        foreach (var block in saved.Finished.Concat(saved.Open))
            Keep(block);
        _past.Load(saved.Past);
    }
}

/// <param name="Finished">Oldest first.</param>
public sealed record NegotiationsSnapshot(IReadOnlyList<Block> Open, IReadOnlyList<Block> Finished, byte[] Past);
