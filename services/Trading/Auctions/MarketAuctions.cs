using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Auctions;

/// <summary>A market's single-direction auctions: the open ones, and of those that are closed the newest.</summary>
public sealed class MarketAuctions
{
    /// <summary>What is older is read from the store.</summary>
    public const int ClosedKept = 20;

    private readonly Dictionary<Guid, Auction> _all = [];
    private readonly Dictionary<Guid, Auction> _open = [];
    private readonly Queue<Guid> _oldestClosedFirst = new();

    /// <summary>Open ones and those closed most recently.</summary>
    public IReadOnlyDictionary<Guid, Auction> Kept => _all;

    public IReadOnlyDictionary<Guid, Auction> Open => _open;

    /// <summary>Ids of those that are no longer kept.</summary>
    public UsedIds Past { get; } = new();

    public DateTimeOffset? NextDue => _open.Count == 0 ? null : _open.Values.Min(auction => auction.ClosesAt);

    /// <summary>Takes an auction that is new, or that has just closed.</summary>
    public void Keep(Auction auction)
    {
        if (!auction.Closed)
        {
            _all.Add(auction.AuctionId, auction);
            _open.Add(auction.AuctionId, auction);
            return;
        }
        _open.Remove(auction.AuctionId);
        _all[auction.AuctionId] = auction;
        _oldestClosedFirst.Enqueue(auction.AuctionId);
        if (_oldestClosedFirst.Count <= ClosedKept)
            return;
        var oldest = _oldestClosedFirst.Dequeue();
        _all.Remove(oldest);
        Past.Add(oldest);
    }

    /// <summary>The form of a snapshot: the open ones by id, the closed ones oldest first.</summary>
    public (IReadOnlyList<AuctionSnapshot> Open, IReadOnlyList<AuctionSnapshot> Closed) Save() => (
        [.. _open.Values.OrderBy(auction => auction.AuctionId).Select(auction => auction.Save())],
        [.. _oldestClosedFirst.Select(id => _all[id].Save())]);

    public void Load(IReadOnlyList<AuctionSnapshot> open, IReadOnlyList<AuctionSnapshot> closed, byte[] past)
    {
        foreach (var auction in closed.Concat(open))
            Keep(Auction.Load(auction));
        Past.Load(past);
    }
}
