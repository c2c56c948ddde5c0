using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using JasperFx.Events;
using Marten.Events.Projections;

namespace CarbonMarket.Trading.Auctions;

public enum AuctionStatus
{
    Announced,
    Open,

    /// <summary>Legal time has passed the end, the result is being made.</summary>
    Closing,
    Closed,
}

/// <summary>An own bid, with what it won.</summary>
public sealed record BidAnswer(Guid BidId, Quantity Quantity, Price PriceMinor, Quantity WonQuantity, DateTimeOffset AcceptedAt);

/// <summary>A single-direction auction (单向竞价) as it is told to participants.</summary>
/// <param name="Quantity">Units on sale.</param>
/// <param name="ReservePriceMinor">Lowest price that may be bid, in minor units of the currency per unit.</param>
/// <param name="Status">announced, open, closing or closed.</param>
/// <param name="ClearingPriceMinor">What all winners pay per unit; null until closed, and when nothing was sold.</param>
/// <param name="Bids">How many bids there were; null until closed, for bids are sealed.</param>
/// <param name="QuantityBid">Units bid for in all; null until closed.</param>
/// <param name="OwnBids">The caller's bids; of auctions that closed long ago, empty.</param>
public sealed record AuctionAnswer(
    Guid AuctionId, string Instrument, Guid SellerParticipantId, Quantity Quantity, Price ReservePriceMinor, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, AuctionStatus Status, Price? ClearingPriceMinor, Quantity SoldQuantity, int? Bids, long? QuantityBid,
    ImmutableArray<BidAnswer> OwnBids)
{
    public static AuctionAnswer Of(Auction auction, Guid caller, DateTimeOffset now) => new(
        auction.AuctionId, auction.Instrument, auction.SellerParticipantId, auction.Quantity, auction.ReservePrice, auction.OpensAt,
        auction.ClosesAt, StatusOf(auction.Closed, auction.OpensAt, auction.ClosesAt, now), auction.ClearingPrice, auction.Sold,
        auction.Closed ? auction.Bids.Count : null, auction.Closed ? auction.Bids.Sum(bid => bid.Quantity.Value) : null,
        [
            .. auction.Bids.Where(bid => bid.ParticipantId == caller)
                .Select(bid => new BidAnswer(bid.BidId, bid.Quantity, bid.Price, bid.Won, bid.AcceptedAt)),
        ]);

    public static AuctionAnswer Of(AuctionView auction, DateTimeOffset now) => new(
        auction.Id, auction.Instrument, auction.SellerParticipantId, auction.Quantity, auction.ReservePrice, auction.OpensAt,
        auction.ClosesAt, StatusOf(auction.Closed, auction.OpensAt, auction.ClosesAt, now), auction.ClearingPrice, auction.Sold,
        auction.Bids, auction.QuantityBid, []);

    private static AuctionStatus StatusOf(bool closed, DateTimeOffset opens, DateTimeOffset closes, DateTimeOffset now) =>
        closed ? AuctionStatus.Closed
        : now < opens ? AuctionStatus.Announced
        : now < closes ? AuctionStatus.Open
        : AuctionStatus.Closing;
}

/// <summary>An auction as a document, for when the market's memory has let go of it. Follows the journal with a short delay.</summary>
/// <param name="Market">Id of the market's journal.</param>
public sealed record AuctionView(
    Guid Id, Guid Market, string Instrument, Guid SellerParticipantId, Quantity Quantity, Price ReservePrice, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, Price? ClearingPrice, Quantity Sold, int? Bids, long? QuantityBid)
{
    [JsonIgnore]
    public bool Closed => Bids is not null;
}

public sealed class AuctionViews : MultiStreamProjection<AuctionView, Guid>
{
    public AuctionViews()
    {
        Identity<AuctionAnnounced>(e => e.AuctionId);
        Identity<AuctionClosed>(e => e.AuctionId);
    }

    public override AuctionView Evolve(AuctionView? snapshot, Guid id, IEvent e) => e.Data switch
    {
        AuctionAnnounced announced => new AuctionView(
            id, e.StreamId, announced.Instrument, announced.SellerParticipantId, announced.Quantity, announced.ReservePrice,
            announced.OpensAt, announced.ClosesAt, null, Quantity.Zero, null, null),
        AuctionClosed closed => snapshot! with
        {
            ClearingPrice = closed.ClearingPrice,
            Sold = closed.Sold,
            Bids = closed.Bids,
            QuantityBid = closed.QuantityBid,
        },
        _ => throw new UnreachableException(e.EventTypeName),
    };
}
