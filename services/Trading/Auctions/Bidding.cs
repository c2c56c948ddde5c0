using System.Text.Json.Serialization;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.Auctions;

/// <summary>In a sale a bid to buy, in a purchase an offer of units.</summary>
public sealed record PlaceBid(
    Guid BidId, Guid AuctionId, Guid ParticipantId, Quantity Quantity, Price Price, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => BidId;

    /// <summary>An own bid that this one takes the place of, at the end of the queue; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? ReplacesBidId { get; init; }

    /// <inheritdoc cref="PlaceOrder.Representative"/>
    [JsonIgnore]
    public string? Representative { get; init; }
}

public sealed record WithdrawBid(Guid BidId, Guid AuctionId, Guid ParticipantId, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => BidId;
}

/// <summary>
/// A sealed bid stands; its cash (quantity x price, with the fees), or in a purchase its units, are reserved. What it is to buy counts towards
/// the position limit.
/// </summary>
public sealed record BidAccepted(
    Guid BidId, Guid AuctionId, Guid ParticipantId, Quantity Quantity, Price Price, DateTimeOffset At) : MarketEvent(At)
{
    /// <summary>The subject that placed it; null: none was known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Representative { get; init; }

    /// <summary>What the bidder pays of the trade it may lead to (手续费率), whatever the rules say later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BasisPoints FeeBasisPoints { get; init; }
}

/// <summary>
/// The bidder has taken its bid back, or another stands in its place, or a control has pulled it; what it reserved is released.
/// </summary>
public sealed record BidWithdrawn(
    Guid BidId, Guid AuctionId, Guid ParticipantId, Quantity Quantity, DateTimeOffset At) : MarketEvent(At)
{
    /// <summary>Which kind of control, as a <see cref="CancelReason"/>; null: the bidder itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}

/// <summary>What a bid did not win is released.</summary>
public sealed record BidLapsed(
    Guid BidId, Guid AuctionId, Guid ParticipantId, Quantity Remaining, DateTimeOffset At) : MarketEvent(At);

/// <summary>Sealed bids (密封报价) come and go until the auction closes.</summary>
public static class Bidding
{
    /// <summary>Technical: that one auction takes, those withdrawn since included.</summary>
    public const int MostBids = 20_000;

    /// <summary>The same of one bidder, so that nobody keeps the others out.</summary>
    public const int MostBidsOfOne = 1_000;

    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, PlaceBid bid, DateTimeOffset at)
    {
        if (!market.Auctions.TryGetValue(bid.AuctionId, out var auction))
            return Auctioning.Missing(market, bid.AuctionId);
        if (auction.Bid(bid.BidId) is { } earlier)
            return (earlier.ParticipantId, earlier.Quantity, earlier.Price) == (bid.ParticipantId, bid.Quantity, bid.Price)
                ? Accept()
                : Reject("id-reused", $"Bid {bid.BidId} exists with other content.");
        if (market.Controls.Refuse(pack, bid.ParticipantId, bid.Representative, auction.Instrument) is { } stopped)
            return Reject(stopped.Code, stopped.Reason);
        if (Timely(pack, auction, at) is { } untimely)
            return Reject(untimely.Code, untimely.Reason);
        var replaced = bid.ReplacesBidId is { } id ? auction.Bid(id) : null;
        if (bid.ReplacesBidId is { } lacking && (replaced is not { Withdrawn: false } || replaced.ParticipantId != bid.ParticipantId))
            return Reject("unknown-bid", $"No bid {lacking} of yours stands in this auction.");
        if (Check(pack, market, auction, bid, replaced) is { } refusal)
            return Reject(refusal.Code, refusal.Reason);
        var accepted = new BidAccepted(bid.BidId, bid.AuctionId, bid.ParticipantId, bid.Quantity, bid.Price, at)
        {
            Representative = bid.Representative, FeeBasisPoints = pack.Instrument(auction.Instrument)!.FeeRate(buys: !auction.IsPurchase),
        };
        return replaced is null ? Accept(accepted) : Accept(Withdrawn(auction, replaced, at), accepted);
    }

    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, WithdrawBid withdraw, DateTimeOffset at)
    {
        if (!market.Auctions.TryGetValue(withdraw.AuctionId, out var auction))
            return Auctioning.Missing(market, withdraw.AuctionId);
        if (auction.Bid(withdraw.BidId) is not { } bid || bid.ParticipantId != withdraw.ParticipantId)
            return Reject("unknown-bid", $"There is no bid {withdraw.BidId} of yours in this auction.");
        if (bid.Withdrawn)
            return Accept();
        return auction.Closed
            ? Reject("auction-closed", $"{Auctioning.Over(pack, auction)} Bids bind.")
            : Accept(Withdrawn(auction, bid, at));
    }

    public static void Evolve(MarketState market, BidAccepted accepted)
    {
        var auction = market.Auctions[accepted.AuctionId];
        var bid = new Bid
        {
            Number = auction.BidsTaken + 1,
            BidId = accepted.BidId,
            ParticipantId = accepted.ParticipantId,
            Quantity = accepted.Quantity,
            Price = accepted.Price,
            AcceptedAt = accepted.At,
            Representative = accepted.Representative,
            FeeBasisPoints = accepted.FeeBasisPoints,
        };
        var bidder = market.AccountOf(accepted.ParticipantId);
        if (auction.IsPurchase)
        {
            bidder.UnitsOf(auction.Instrument).Reserve(bid.Quantity.Value);
        }
        else
        {
            bidder.Cash.Reserve(bid.Cover(bid.Quantity).Minor);
            bidder.UnitsOf(auction.Instrument).Order(bid.Quantity.Value);
        }
        auction.Add(bid);
    }

    public static void Evolve(MarketState market, BidWithdrawn withdrawn)
    {
        var auction = market.Auctions[withdrawn.AuctionId];
        auction.Bid(withdrawn.BidId)!.Withdrawn = true;
        Release(market, auction, withdrawn.BidId, withdrawn.Quantity);
    }

    public static void Evolve(MarketState market, BidLapsed lapsed) =>
        Release(market, market.Auctions[lapsed.AuctionId], lapsed.BidId, lapsed.Remaining);

    /// <summary>Most units one bidder may bid for, rounded down.</summary>
    internal static long LargestShare(AuctionTerms terms, Quantity offered) => terms.LargestShareBasisPoints is { } most
        ? (long)((Int128)offered.Value * most / AuctionClearing.Whole)
        : offered.Value;

    private static void Release(MarketState market, Auction auction, Guid bidId, Quantity quantity)
    {
        var bid = auction.Bid(bidId)!;
        var bidder = market.AccountOf(bid.ParticipantId);
        if (auction.IsPurchase)
        {
            bidder.UnitsOf(auction.Instrument).Release(quantity.Value);
        }
        else
        {
            bidder.Cash.Release(bid.Cover(quantity).Minor);
            bidder.UnitsOf(auction.Instrument).Unorder(quantity.Value);
        }
    }

    /// <summary>The bids that stand, the oldest first.</summary>
    internal static IEnumerable<(Auction Auction, Bid Bid)> Standing(MarketState market) =>
        from auction in market.OpenAuctions.Values
        from bid in auction.Bids
        orderby bid.AcceptedAt, auction.AuctionId, bid.Number
        select (auction, bid);

    internal static BidWithdrawn Withdrawn(Auction auction, Bid bid, DateTimeOffset at) =>
        new(bid.BidId, auction.AuctionId, bid.ParticipantId, bid.Quantity, at);

    private static Refusal? Timely(PolicyPack pack, Auction auction, DateTimeOffset at)
    {
        if (auction.Closed || at >= auction.ClosesAt)
            return new("auction-closed", Auctioning.Over(pack, auction));
        return at < auction.OpensAt ? new("auction-not-open", $"The auction opens at {pack.Moment(auction.OpensAt)}.") : null;
    }

    private static Refusal? Check(PolicyPack pack, MarketState market, Auction auction, PlaceBid bid, Bid? replaced)
    {
        if (pack.Instrument(auction.Instrument) is not { } rules)
            return new("unknown-instrument", $"{pack.Market} does not trade {auction.Instrument} any more.");
        if (OrderRules.Form(rules, bid.Quantity, bid.Price) is { } fault)
            return fault;
        return Admissible(auction, bid) ?? Share(auction, bid, replaced) ?? Room(auction, bid) ?? Covered(market, rules, auction, bid, replaced);
    }

    private static Refusal? Admissible(Auction auction, PlaceBid bid)
    {
        var (own, reserve, price) = (bid.ParticipantId == auction.InitiatorParticipantId, auction.ReservePrice, bid.Price);
        if (own)
            return auction.IsPurchase
                ? new("bid-by-buyer", "The buyer does not offer in its own auction.")
                : new("bid-by-seller", "The seller does not bid in its own auction.");
        if (bid.Quantity > auction.Quantity)
            return new("bid-above-supply", $"{bid.Quantity} bid for, the auction is for {auction.Quantity}.");
        if (AuctionClearing.IsWithin(auction.Terms.Direction, price, reserve))
            return null;
        return auction.IsPurchase
            ? new("bid-above-reserve", $"Offers end at {reserve.MinorPerUnit} minor units, not {price.MinorPerUnit}.")
            : new("bid-below-reserve", $"Bids start at {reserve.MinorPerUnit} minor units, not {price.MinorPerUnit}.");
    }

    /// <summary>All standing bids of the bidder together; without a share of its own each bid may be for everything.</summary>
    private static Refusal? Share(Auction auction, PlaceBid bid, Bid? replaced)
    {
        if (auction.Terms.LargestShareBasisPoints is not { } share)
            return null;
        var standing = auction.BidsOf(bid.ParticipantId).Where(own => !own.Withdrawn && own != replaced).Sum(own => own.Quantity.Value);
        var most = LargestShare(auction.Terms, auction.Quantity);
        return standing + bid.Quantity.Value > most
            ? new("bid-above-share", $"One bidder bids for at most {most} ({share} of 10,000): {standing} stand, {bid.Quantity} more are too many.")
            : null;
    }

    private static Refusal? Room(Auction auction, PlaceBid bid)
    {
        if (auction.BidsOf(bid.ParticipantId).Count >= MostBidsOfOne)
            return new("too-many-own-bids", $"An auction takes at most {MostBidsOfOne} bids of one bidder, those withdrawn included.");
        return auction.BidsTaken >= MostBids ? new("too-many-bids", $"An auction takes at most {MostBids} bids.") : null;
    }

    /// <summary>What the replaced bid reserves is free for this one.</summary>
    private static Refusal? Covered(MarketState market, Instrument rules, Auction auction, PlaceBid bid, Bid? replaced)
    {
        if (auction.IsPurchase)
            return Auctioning.Deliverable(market, rules, bid.ParticipantId, bid.Quantity.Value, replaced?.Quantity.Value ?? 0);
        var (cost, spare) = (rules.FeeRate(buys: true).Cover(bid.Quantity, bid.Price), replaced?.Cover(replaced.Quantity) ?? Money.Zero);
        var fees = replaced is null ? cost - (bid.Quantity * bid.Price) : Money.Zero;
        var more = bid.Quantity.Value - (replaced?.Quantity.Value ?? 0);
        return OrderRules.Position(market, rules, bid.ParticipantId, more)
            ?? (cost <= spare ? null : OrderRules.Affordable(market, bid.ParticipantId, cost - spare, fees));
    }
}
