using CarbonMarket.Kernel;

namespace CarbonMarket.Trading.Auctions;

/// <summary>A bid in the order of acceptance. What it won is known when the auction has closed.</summary>
public sealed class Bid
{
    public required int Number { get; init; }

    public required Guid BidId { get; init; }

    public required Guid ParticipantId { get; init; }

    public required Quantity Quantity { get; init; }

    public required Price Price { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public Quantity Won { get; set; }

    public Bid Copy() => (Bid)MemberwiseClone();
}

/// <summary>One sale by single-direction auction (单向竞价): one seller, sealed bids, one price for all who win.</summary>
public sealed class Auction
{
    private readonly Dictionary<Guid, Bid> _bids = [];

    public required Guid AuctionId { get; init; }

    public required string Instrument { get; init; }

    public required Guid SellerParticipantId { get; init; }

    public required Quantity Quantity { get; init; }

    public required Price ReservePrice { get; init; }

    public required DateTimeOffset OpensAt { get; init; }

    public required DateTimeOffset ClosesAt { get; init; }

    public bool Closed { get; private set; }

    public Price? ClearingPrice { get; private set; }

    public Quantity Sold { get; private set; }

    /// <summary>In order of acceptance: nothing is ever taken out.</summary>
    public IReadOnlyCollection<Bid> Bids => _bids.Values;

    public Bid? Bid(Guid bidId) => _bids.GetValueOrDefault(bidId);

    public void Add(Bid bid) => _bids.Add(bid.BidId, bid);

    /// <summary>Gives a bid what it won and says at which price its cash was reserved.</summary>
    public Price Sell(Guid bidId, Quantity quantity)
    {
        var bid = _bids[bidId];
        bid.Won += quantity;
        Sold += quantity;
        return bid.Price;
    }

    public void Close(Price? clearingPrice)
    {
        Closed = true;
        ClearingPrice = clearingPrice;
    }

    public AuctionSnapshot Save() => new(
        AuctionId, Instrument, SellerParticipantId, Quantity, ReservePrice, OpensAt, ClosesAt, Closed, ClearingPrice, Sold,
        [.. _bids.Values.Select(bid => bid.Copy())]);

    public static Auction Load(AuctionSnapshot saved)
    {
        var auction = new Auction
        {
            AuctionId = saved.AuctionId,
            Instrument = saved.Instrument,
            SellerParticipantId = saved.SellerParticipantId,
            Quantity = saved.Quantity,
            ReservePrice = saved.ReservePrice,
            OpensAt = saved.OpensAt,
            ClosesAt = saved.ClosesAt,
            Closed = saved.Closed,
            ClearingPrice = saved.ClearingPrice,
            Sold = saved.Sold,
        };
        foreach (var bid in saved.Bids)
            auction.Add(bid.Copy());
        return auction;
    }
}

public sealed record AuctionSnapshot(
    Guid AuctionId, string Instrument, Guid SellerParticipantId, Quantity Quantity, Price ReservePrice, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, bool Closed, Price? ClearingPrice, Quantity Sold, IReadOnlyList<Bid> Bids);
