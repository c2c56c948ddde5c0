using CarbonMarket.Kernel;

namespace CarbonMarket.Trading.Auctions;

/// <summary>A bid in the order of acceptance. What it won is known when the auction has closed.</summary>
public sealed class Bid
{
    /// <summary>Counts the auction's bids from 1, those withdrawn since included.</summary>
    public required int Number { get; init; }

    public required Guid BidId { get; init; }

    public required Guid ParticipantId { get; init; }

    public required Quantity Quantity { get; init; }

    public required Price Price { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>The subject that placed it; null: none was known.</summary>
    public string? Representative { get; init; }

    /// <inheritdoc cref="BidAccepted.FeeBasisPoints"/>
    public BasisPoints FeeBasisPoints { get; init; }

    /// <summary>Taken back by its bidder or pulled; its id stays used.</summary>
    public bool Withdrawn { get; set; }

    public Quantity Won { get; set; }

    /// <summary>What is paid per unit won; null: it won nothing.</summary>
    public Price? WonPrice { get; set; }

    /// <summary>Of the trade it led to; 0: it won nothing.</summary>
    public long TradeSequence { get; set; }

    /// <summary>The cash that so many of its units hold, with the fees, where it is to buy.</summary>
    public Money Cover(Quantity quantity) => FeeBasisPoints.Cover(quantity, Price);

    public Bid Copy() => (Bid)MemberwiseClone();
}

/// <summary>How an auction ended, in exact figures.</summary>
/// <param name="AbortReason">One of <see cref="Auctions.AbortReason"/>; null unless aborted.</param>
/// <param name="Note">What whoever aborted it gave as the reason; null unless somebody did.</param>
/// <param name="Bounds">Of the bids that stood; null: there were none.</param>
/// <param name="Bidders">Participants whose bids stood; null: not written down.</param>
/// <param name="Winners">Those of them who won something; null: not written down.</param>
public sealed record AuctionFigures(
    AuctionOutcome Outcome, string? AbortReason, string? Note, Money Revenue, BidBounds? Bounds, int? Bidders, int? Winners)
{
    /// <summary>Of an auction that closed before figures were written down: a uniform-price sale without a minimum cover.</summary>
    public static AuctionFigures Before(Quantity offered, Quantity sold, Price? price) => price is not { } paid
        ? new(AuctionOutcome.Aborted, Auctions.AbortReason.NoBids, null, Money.Zero, null, null, null)
        : new(sold == offered ? AuctionOutcome.Sold : AuctionOutcome.PartlySold, null, null, sold * paid, null, null, null);
}

/// <summary>One single-direction auction (单向竞价): one initiator (发起方) who sells or buys, sealed bids of all others.</summary>
public sealed class Auction
{
    private readonly Dictionary<Guid, Bid> _bids = [];
    private readonly Dictionary<Guid, List<Bid>> _byBidder = [];

    public required Guid AuctionId { get; init; }

    public required string Instrument { get; init; }

    /// <summary>The initiator of a sale; null in a purchase.</summary>
    public Guid? SellerParticipantId { get; init; }

    /// <summary>The initiator of a purchase; null in a sale.</summary>
    public Guid? BuyerParticipantId { get; init; }

    public required Quantity Quantity { get; init; }

    public required Price ReservePrice { get; init; }

    /// <summary>As first announced: by this a repeat is known, whatever has been changed since.</summary>
    public required DateTimeOffset AnnouncedToOpenAt { get; init; }

    public required DateTimeOffset AnnouncedToCloseAt { get; init; }

    public required DateTimeOffset OpensAt { get; set; }

    public required DateTimeOffset ClosesAt { get; set; }

    public required AuctionTerms Terms { get; init; }

    /// <summary>Announced by the initiator itself, and not by an official in its name.</summary>
    public required bool OnOwnBehalf { get; init; }

    /// <inheritdoc cref="AuctionAnnounced.Representative"/>
    public string? Representative { get; init; }

    /// <inheritdoc cref="AuctionAnnounced.FeeBasisPoints"/>
    public BasisPoints FeeBasisPoints { get; init; }

    public bool Closed => Figures is not null;

    /// <summary>Null until it is over.</summary>
    public AuctionFigures? Figures { get; private set; }

    /// <summary>The marginal price.</summary>
    public Price? ClearingPrice { get; private set; }

    public Quantity Sold { get; private set; }

    public bool IsPurchase => Terms.Direction == AuctionDirection.Purchase;

    public Guid InitiatorParticipantId => (IsPurchase ? BuyerParticipantId : SellerParticipantId)!.Value;

    /// <summary>Those that stand, in order of acceptance.</summary>
    public IEnumerable<Bid> Bids => _bids.Values.Where(bid => !bid.Withdrawn);

    /// <summary>Participants of whom a bid stands.</summary>
    public int Bidders => _byBidder.Values.Count(own => own.Exists(bid => !bid.Withdrawn));

    /// <summary>How many bids were ever accepted: nothing is ever taken out.</summary>
    public int BidsTaken => _bids.Count;

    /// <summary>Whether such a bid was ever accepted; it may be withdrawn since.</summary>
    public Bid? Bid(Guid bidId) => _bids.GetValueOrDefault(bidId);

    /// <summary>All of one bidder, in order of acceptance, those withdrawn since included.</summary>
    public IReadOnlyList<Bid> BidsOf(Guid participantId) => _byBidder.TryGetValue(participantId, out var own) ? own : [];

    public void Add(Bid bid)
    {
        _bids.Add(bid.BidId, bid);
        if (!_byBidder.TryGetValue(bid.ParticipantId, out var own))
            _byBidder.Add(bid.ParticipantId, own = []);
        own.Add(bid);
    }

    /// <summary>Gives a bid what it won and says how much of the buyer's cash was held for that.</summary>
    public Money Award(Guid bidId, Quantity quantity, Price price, long tradeSequence)
    {
        var bid = _bids[bidId];
        (bid.Won, bid.WonPrice, bid.TradeSequence) = (quantity, price, tradeSequence);
        Sold += quantity;
        return IsPurchase ? FeeBasisPoints.Cover(quantity, ReservePrice) : bid.Cover(quantity);
    }

    public void Close(Price? clearingPrice, AuctionFigures figures) => (ClearingPrice, Figures) = (clearingPrice, figures);

    public AuctionSnapshot Save() => new(
        AuctionId, Instrument, SellerParticipantId, BuyerParticipantId, Quantity, ReservePrice, AnnouncedToOpenAt,
        AnnouncedToCloseAt, OpensAt, ClosesAt, Terms, OnOwnBehalf, Figures, ClearingPrice, Sold, [.. _bids.Values.Select(bid => bid.Copy())], Representative, FeeBasisPoints);

    public static Auction Load(AuctionSnapshot saved)
    {
        var auction = new Auction
        {
            AuctionId = saved.AuctionId,
            Instrument = saved.Instrument,
            SellerParticipantId = saved.SellerParticipantId,
            BuyerParticipantId = saved.BuyerParticipantId,
            Quantity = saved.Quantity,
            ReservePrice = saved.ReservePrice,
            AnnouncedToOpenAt = saved.AnnouncedToOpenAt,
            AnnouncedToCloseAt = saved.AnnouncedToCloseAt,
            OpensAt = saved.OpensAt,
            ClosesAt = saved.ClosesAt,
            Terms = saved.Terms,
            OnOwnBehalf = saved.OnOwnBehalf,
            Representative = saved.Representative,
            FeeBasisPoints = saved.FeeBasisPoints,
            Figures = saved.Figures,
            ClearingPrice = saved.ClearingPrice,
            Sold = saved.Sold,
        };
        foreach (var bid in saved.Bids)
            auction.Add(bid.Copy());
        return auction;
    }
}

public sealed record AuctionSnapshot(
    Guid AuctionId, string Instrument, Guid? SellerParticipantId, Guid? BuyerParticipantId, Quantity Quantity, Price ReservePrice,
    DateTimeOffset AnnouncedToOpenAt, DateTimeOffset AnnouncedToCloseAt, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, AuctionTerms Terms, bool OnOwnBehalf, AuctionFigures? Figures, Price? ClearingPrice,
    Quantity Sold, IReadOnlyList<Bid> Bids, string? Representative = null, BasisPoints FeeBasisPoints = default);
