using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.Auctions;

public sealed record AnnounceAuction(
    Guid AuctionId, string Instrument, Quantity Quantity, Price ReservePrice, DateTimeOffset OpensAt, DateTimeOffset ClosesAt,
    Guid SellerParticipantId, DateTimeOffset At) : MarketCommand(At);

public sealed record PlaceBid(
    Guid BidId, Guid AuctionId, Guid ParticipantId, Quantity Quantity, Price Price, DateTimeOffset At) : MarketCommand(At);

/// <summary>The sale is announced and the seller's units are reserved for it.</summary>
public sealed record AuctionAnnounced(
    Guid AuctionId, string Instrument, Guid SellerParticipantId, Quantity Quantity, Price ReservePrice, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, DateTimeOffset At) : MarketEvent(At);

/// <summary>A sealed bid stands; its cash is reserved at its limit.</summary>
public sealed record BidAccepted(
    Guid BidId, Guid AuctionId, Guid ParticipantId, Quantity Quantity, Price Price, DateTimeOffset At) : MarketEvent(At);

/// <summary>What a bid did not win is released.</summary>
public sealed record BidLapsed(
    Guid BidId, Guid AuctionId, Guid ParticipantId, Quantity Remaining, DateTimeOffset At) : MarketEvent(At);

/// <summary>The auction is over; what was not sold is the seller's again. Says all there is to say of the auction.</summary>
/// <param name="ClearingPrice">Null when nothing was sold.</param>
/// <param name="QuantityBid">All units bid for, winners and losers: the cover.</param>
public sealed record AuctionClosed(
    Guid AuctionId, string Instrument, Guid SellerParticipantId, Quantity Quantity, Price ReservePrice, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, Price? ClearingPrice, Quantity Sold, int Bids, long QuantityBid, DateTimeOffset At) : MarketEvent(At);

/// <summary>
/// Uniform-price sale: the highest bids win, among equal prices the earlier accepted; all winners pay the lowest winning
/// price. The auction closes by legal time, on a trading day and before that day ends, so its trades are cleared with it.
/// </summary>
public static class Auctioning
{
    public const int MostOpenAuctions = 100;
    public const int MostBids = 20_000;

    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, AnnounceAuction asked, DateTimeOffset at) =>
        market.Auctions.TryGetValue(asked.AuctionId, out var earlier) ? Repeat(earlier, asked)
        : Check(pack, market, asked, at) is { } refusal ? Reject(refusal.Code, refusal.Reason)
        : Accept(new AuctionAnnounced(
            asked.AuctionId, asked.Instrument, asked.SellerParticipantId, asked.Quantity, asked.ReservePrice, asked.OpensAt,
            asked.ClosesAt, at));

    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, PlaceBid bid, DateTimeOffset at)
    {
        if (!market.Auctions.TryGetValue(bid.AuctionId, out var auction))
            return Reject("unknown-auction", $"There is no auction {bid.AuctionId}.");
        if (auction.Bid(bid.BidId) is { } earlier)
            return (earlier.ParticipantId, earlier.Quantity, earlier.Price) == (bid.ParticipantId, bid.Quantity, bid.Price)
                ? Accept()
                : Reject("id-reused", $"Bid {bid.BidId} exists with other content.");
        return Check(pack, market, auction, bid, at) is { } refusal
            ? Reject(refusal.Code, refusal.Reason)
            : Accept(new BidAccepted(bid.BidId, bid.AuctionId, bid.ParticipantId, bid.Quantity, bid.Price, at));
    }

    /// <summary>Everything that closing the auction brings, at the legal moment it closes.</summary>
    public static ImmutableArray<MarketEvent> Close(PolicyPack pack, MarketState market, Auction auction)
    {
        var events = ImmutableArray.CreateBuilder<MarketEvent>();
        var at = auction.ClosesAt;
        var awards = Awards(auction);
        Price? price = awards.Count > 0 ? awards[^1].Bid.Price : null;
        if (awards.Count > 0 && market.OpenDay is null)
            events.Add(TradingDay.Open(pack, at));
        var sequence = market.LastTradeSequence;
        foreach (var (bid, won) in awards)
            events.Add(new TradeExecuted(
                ++sequence, Trade.IdOf(bid.BidId, sequence), auction.Instrument, bid.BidId, auction.AuctionId, bid.ParticipantId,
                auction.SellerParticipantId, won, price!.Value, TradeMode.Auction, market.OpenDay ?? pack.LegalDay(at), at));
        var winners = awards.ToDictionary(award => award.Bid.BidId, award => award.Won);
        foreach (var bid in auction.Bids)
            if (bid.Quantity - winners.GetValueOrDefault(bid.BidId) is { IsZero: false } lost)
                events.Add(new BidLapsed(bid.BidId, auction.AuctionId, bid.ParticipantId, lost, at));
        events.Add(new AuctionClosed(
            auction.AuctionId, auction.Instrument, auction.SellerParticipantId, auction.Quantity, auction.ReservePrice,
            auction.OpensAt, auction.ClosesAt, price, Quantity.Of(awards.Sum(award => award.Won.Value)), auction.Bids.Count,
            auction.Bids.Sum(bid => bid.Quantity.Value), at));
        return events.ToImmutable();
    }

    public static void Evolve(MarketState market, AuctionAnnounced announced)
    {
        market.AccountOf(announced.SellerParticipantId).UnitsOf(announced.Instrument).Announce(announced.Quantity.Value);
        market.Hold(new Auction
        {
            AuctionId = announced.AuctionId,
            Instrument = announced.Instrument,
            SellerParticipantId = announced.SellerParticipantId,
            Quantity = announced.Quantity,
            ReservePrice = announced.ReservePrice,
            OpensAt = announced.OpensAt,
            ClosesAt = announced.ClosesAt,
        });
    }

    public static void Evolve(MarketState market, BidAccepted accepted)
    {
        var auction = market.Auctions[accepted.AuctionId];
        market.AccountOf(accepted.ParticipantId).Cash.Reserve((accepted.Quantity * accepted.Price).Minor);
        auction.Add(new Bid
        {
            Number = auction.Bids.Count + 1,
            BidId = accepted.BidId,
            ParticipantId = accepted.ParticipantId,
            Quantity = accepted.Quantity,
            Price = accepted.Price,
            AcceptedAt = accepted.At,
        });
    }

    public static void Evolve(MarketState market, BidLapsed lapsed)
    {
        var bid = market.Auctions[lapsed.AuctionId].Bid(lapsed.BidId)!;
        market.AccountOf(lapsed.ParticipantId).Cash.Release((lapsed.Remaining * bid.Price).Minor);
    }

    public static void Evolve(MarketState market, AuctionClosed closed)
    {
        market.AccountOf(closed.SellerParticipantId).UnitsOf(closed.Instrument).TakeBack((closed.Quantity - closed.Sold).Value);
        market.Auctions[closed.AuctionId].Close(closed.ClearingPrice);
        market.Retire(closed.AuctionId);
    }

    /// <summary>Who wins how much, best bid first. The reserve price was asked of every bid when it was accepted.</summary>
    private static List<(Bid Bid, Quantity Won)> Awards(Auction auction)
    {
        var awards = new List<(Bid, Quantity)>();
        var left = auction.Quantity;
        foreach (var bid in auction.Bids.OrderByDescending(bid => bid.Price).ThenBy(bid => bid.Number))
        {
            if (left.IsZero)
                break;
            var won = Quantity.Min(left, bid.Quantity);
            awards.Add((bid, won));
            left -= won;
        }
        return awards;
    }

    private static Decision<MarketEvent> Repeat(Auction earlier, AnnounceAuction asked) =>
        (earlier.Instrument, earlier.Quantity, earlier.ReservePrice, earlier.OpensAt, earlier.ClosesAt, earlier.SellerParticipantId)
            == (asked.Instrument, asked.Quantity, asked.ReservePrice, asked.OpensAt, asked.ClosesAt, asked.SellerParticipantId)
            ? Accept()
            : Reject("id-reused", $"Auction {asked.AuctionId} exists with other content.");

    private static Refusal? Check(PolicyPack pack, MarketState market, AnnounceAuction asked, DateTimeOffset at)
    {
        if (pack.Instrument(asked.Instrument) is not { } instrument)
            return new("unknown-instrument", $"{pack.Market} does not trade {asked.Instrument}.");
        if (OrderRules.Form(instrument, asked.Quantity, asked.ReservePrice) is { } fault)
            return fault;
        if (asked.OpensAt >= asked.ClosesAt || asked.ClosesAt <= at)
            return new("auction-times", $"An auction opens before it closes and closes after now ({at:O}): {asked.OpensAt:O}, {asked.ClosesAt:O}.");
        var day = pack.LegalDay(asked.ClosesAt);
        if (!pack.IsTradingDay(day) || asked.ClosesAt > pack.EndOfTrading(day))
            return new("auction-outside-trading-day", $"An auction closes on a trading day and not after it ends; {day:O} does not allow {asked.ClosesAt:O}.");
        if (market.OpenAuctions.Count >= MostOpenAuctions)
            return new("too-many-auctions", $"At most {MostOpenAuctions} auctions stand at a time.");
        var seller = market.Accounts.GetValueOrDefault(asked.SellerParticipantId);
        var free = seller?.Sellable(instrument.Id, instrument.SameDayResaleBanned) ?? 0;
        if (asked.Quantity.Value > free)
            return new("insufficient-units", $"{asked.Quantity} offered, the seller has {Math.Max(0, free)} available.");
        // An official names the seller, and no seller is asked: only what two officials have issued for it may be named.
        var issued = seller?.Units.GetValueOrDefault(instrument.Id)?.ForAuction ?? 0;
        return asked.Quantity.Value > issued
            ? new("not-for-auction", $"{asked.Quantity} offered, {issued} were issued onto the seller's trading account to be auctioned.")
            : null;
    }

    private static Refusal? Check(PolicyPack pack, MarketState market, Auction auction, PlaceBid bid, DateTimeOffset at)
    {
        if (auction.Closed || at >= auction.ClosesAt)
            return new("auction-closed", $"The auction closed at {auction.ClosesAt:O}.");
        if (at < auction.OpensAt)
            return new("auction-not-open", $"The auction opens at {auction.OpensAt:O}.");
        if (OrderRules.Form(pack.Instrument(auction.Instrument)!, bid.Quantity, bid.Price) is { } fault)
            return fault;
        if (bid.ParticipantId == auction.SellerParticipantId)
            return new("bid-by-seller", "The seller does not bid in its own auction.");
        if (bid.Quantity > auction.Quantity)
            return new("bid-above-supply", $"{bid.Quantity} bid for, {auction.Quantity} on sale.");
        if (bid.Price < auction.ReservePrice)
            return new("bid-below-reserve", $"Bids start at {auction.ReservePrice.MinorPerUnit} minor units, not {bid.Price.MinorPerUnit}.");
        return auction.Bids.Count >= MostBids
            ? new("too-many-bids", $"An auction takes at most {MostBids} bids.")
            : OrderRules.Affordable(market, bid.ParticipantId, bid.Quantity * bid.Price);
    }
}
