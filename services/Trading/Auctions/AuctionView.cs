using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
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

/// <summary>For whom an answer is: bids are sealed.</summary>
/// <param name="ParticipantId">Sees its own bids.</param>
/// <param name="SeesCounts">An official: also sees how many bids there are, and not which.</param>
public readonly record struct AuctionReader(Guid ParticipantId, bool SeesCounts);

/// <summary>An own bid, with what it won.</summary>
/// <param name="BidId">Made by the bidder.</param>
/// <param name="Quantity">Units bid for.</param>
/// <param name="PriceMinor">Limit in minor units of the currency per unit, without the fee.</param>
/// <param name="WonQuantity">Units won; 0 until the auction has closed, and where the bid won nothing.</param>
/// <param name="AcceptedAt">Legal time; decides among equal prices where ties are broken by time.</param>
/// <param name="WonPriceMinor">Paid per unit won, in minor units of the currency, without the fee; null: it has won nothing.</param>
/// <param name="Withdrawn">Taken back, or replaced by another.</param>
public sealed record BidAnswer(
    Guid BidId, Quantity Quantity, Price PriceMinor, Quantity WonQuantity, DateTimeOffset AcceptedAt, Price? WonPriceMinor = null,
    bool Withdrawn = false)
{
    /// <summary>What the bidder pays of the trade it may lead to (手续费率), in 0.01 %.</summary>
    public BasisPoints FeeBasisPoints { get; init; }

    public static BidAnswer Of(Bid bid) =>
        new(bid.BidId, bid.Quantity, bid.Price, bid.Won, bid.AcceptedAt, bid.WonPrice, bid.Withdrawn) { FeeBasisPoints = bid.FeeBasisPoints };
}

/// <summary>A single-direction auction (单向竞价) as it is told to participants.</summary>
/// <param name="AuctionId">Made by whoever announced it.</param>
/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="SellerParticipantId">Who sells; null in a purchase.</param>
/// <param name="Quantity">Units on sale; in a purchase, asked for.</param>
/// <param name="ReservePriceMinor">Lowest price that may be bid, in a purchase the highest, in minor units of the currency per unit.</param>
/// <param name="OpensAt">Legal time from which bids are taken; of an auction put off, the later one.</param>
/// <param name="ClosesAt">Legal time at which no bid is taken any more; of an auction put off, the later one.</param>
/// <param name="Status">announced, open, closing or closed.</param>
/// <param name="ClearingPriceMinor">The marginal price; null until closed, and when nothing was sold.</param>
/// <param name="SoldQuantity">Units that changed hands; 0 until it has closed, and when it was aborted.</param>
/// <param name="Bids">How many bids stand; null until closed but for the regulator, for bids are sealed.</param>
/// <param name="QuantityBid">Units bid for in all; null until closed.</param>
/// <param name="OwnBids">The caller's bids; of auctions that closed long ago, empty.</param>
/// <param name="BuyerParticipantId">Who buys; null in a sale.</param>
/// <param name="Terms">The auction's own rules.</param>
/// <param name="Bidders">
/// Participants of whom a bid stands; null until closed but for the regulator, and where it was not written down.
/// </param>
/// <param name="Outcome">sold, partly-sold or aborted; null until closed.</param>
/// <param name="AbortReason">
/// no-bids, cover-too-low, by-initiator, by-authority, trading-stopped, outside-trading-day, or the control that pulled it
/// (kill-switch, participant-suspended, frozen); null unless aborted.
/// </param>
public sealed record AuctionAnswer(
    Guid AuctionId, string Instrument, Guid? SellerParticipantId, Quantity Quantity, Price ReservePriceMinor, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, AuctionStatus Status, Price? ClearingPriceMinor, Quantity SoldQuantity, int? Bids, long? QuantityBid,
    ImmutableArray<BidAnswer> OwnBids, Guid? BuyerParticipantId, AuctionTerms Terms, int? Bidders, AuctionOutcome? Outcome,
    string? AbortReason)
{
    public static AuctionAnswer Of(Auction auction, AuctionReader reader, DateTimeOffset now) => new(
        auction.AuctionId, auction.Instrument, auction.SellerParticipantId, auction.Quantity, auction.ReservePrice, auction.OpensAt,
        auction.ClosesAt, StatusOf(auction.Closed, auction.OpensAt, auction.ClosesAt, now), auction.ClearingPrice, auction.Sold,
        auction.Closed || reader.SeesCounts ? auction.Bids.Count() : null,
        auction.Closed ? auction.Bids.Sum(bid => bid.Quantity.Value) : null,
        [.. auction.BidsOf(reader.ParticipantId).Select(BidAnswer.Of)], auction.BuyerParticipantId, auction.Terms,
        auction.Closed || reader.SeesCounts ? auction.Bidders : null, auction.Figures?.Outcome, auction.Figures?.AbortReason);

    public static AuctionAnswer Of(AuctionView auction, DateTimeOffset now) => new(
        auction.AuctionId, auction.Instrument, auction.SellerParticipantId, auction.Quantity, auction.ReservePrice, auction.OpensAt,
        auction.ClosesAt, StatusOf(auction.Closed, auction.OpensAt, auction.ClosesAt, now), auction.ClearingPrice, auction.Sold,
        auction.Bids, auction.QuantityBid, [], auction.BuyerParticipantId, auction.Terms ?? AuctionTerms.Usual, auction.Ended?.Bidders,
        auction.Ended?.Outcome, auction.Ended?.AbortReason);

    private static AuctionStatus StatusOf(bool closed, DateTimeOffset opens, DateTimeOffset closes, DateTimeOffset now) =>
        closed ? AuctionStatus.Closed
        : now < opens ? AuctionStatus.Announced
        : now < closes ? AuctionStatus.Open
        : AuctionStatus.Closing;
}

/// <summary>An auction as a document, for when the market's memory has let go of it. Follows the journal with a short delay.</summary>
/// <param name="Id">See <see cref="MarketDocument"/>.</param>
/// <param name="Market">Id of the market's journal.</param>
public sealed record AuctionView(
    Guid Id, Guid Market, Guid AuctionId, string Instrument, Guid? SellerParticipantId, Quantity Quantity, Price ReservePrice, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, Price? ClearingPrice, Quantity Sold, int? Bids, long? QuantityBid, Guid? BuyerParticipantId = null,
    AuctionTerms? Terms = null, AuctionFigures? Figures = null)
{
    [JsonIgnore]
    public bool Closed => Bids is not null;

    /// <summary>How it ended; null: it has not.</summary>
    [JsonIgnore]
    public AuctionFigures? Ended => Closed ? Figures ?? AuctionFigures.Before(Quantity, Sold, ClearingPrice) : null;
}

public sealed class AuctionViews : MultiStreamProjection<AuctionView, Guid>
{
    public AuctionViews()
    {
        Version = MarketDocument.Format;
        Identity<IEvent<AuctionAnnounced>>(e => MarketDocument.IdOf(e.StreamId, e.Data.AuctionId));
        Identity<IEvent<AuctionRescheduled>>(e => MarketDocument.IdOf(e.StreamId, e.Data.AuctionId));
        Identity<IEvent<AuctionClosed>>(e => MarketDocument.IdOf(e.StreamId, e.Data.AuctionId));
    }

    public override AuctionView Evolve(AuctionView? snapshot, Guid id, IEvent e) => e.Data switch
    {
        AuctionAnnounced announced => new AuctionView(
            id, e.StreamId, announced.AuctionId, announced.Instrument, announced.SellerParticipantId, announced.Quantity, announced.ReservePrice,
            announced.OpensAt, announced.ClosesAt, null, Quantity.Zero, null, null, announced.BuyerParticipantId, announced.Terms),
        AuctionRescheduled rescheduled => snapshot! with { OpensAt = rescheduled.OpensAt, ClosesAt = rescheduled.ClosesAt },
        AuctionClosed closed => snapshot! with
        {
            ClearingPrice = closed.ClearingPrice,
            Sold = closed.Sold,
            Bids = closed.Bids,
            QuantityBid = closed.QuantityBid,
            Figures = closed.Figures,
        },
        _ => throw new UnreachableException(e.EventTypeName),
    };
}
