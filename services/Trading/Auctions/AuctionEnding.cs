using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.Auctions;

/// <param name="ParticipantId">Who asks; null: an official.</param>
/// <param name="Note">Why, in words.</param>
public sealed record AbortAuction(Guid AuctionId, Guid? ParticipantId, string Note, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => AuctionId;
}

/// <summary>
/// The auction is over; what was not sold is the seller's again, what was not spent the buyer's. Says all there is to say of
/// the auction.
/// </summary>
/// <param name="SellerParticipantId">The initiator of a sale; null in a purchase.</param>
/// <param name="ClearingPrice">The marginal price; null when nothing was sold.</param>
/// <param name="Bids">That stood.</param>
/// <param name="QuantityBid">All units bid for, winners and losers: the cover.</param>
public sealed record AuctionClosed(
    Guid AuctionId, string Instrument, Guid? SellerParticipantId, Quantity Quantity, Price ReservePrice, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, Price? ClearingPrice, Quantity Sold, int Bids, long QuantityBid, DateTimeOffset At) : MarketEvent(At)
{
    /// <summary>The initiator of a purchase; null in a sale.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? BuyerParticipantId { get; init; }

    /// <summary>Null: it closed before these were written down.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AuctionFigures? Figures { get; init; }
}

/// <summary>How an auction ends: by legal time with its result, or before that because its announcer or an official aborts it.</summary>
public static class AuctionEnding
{
    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, AbortAuction abort, DateTimeOffset at)
    {
        if (!market.Auctions.TryGetValue(abort.AuctionId, out var auction))
            return Auctioning.Missing(market, abort.AuctionId);
        if (!MayChange(auction, abort.ParticipantId))
            return Reject("not-your-auction", $"Auction {abort.AuctionId} is changed by whoever announced it and by officials.");
        if (auction.Closed)
            return Reject("auction-closed", Auctioning.Over(pack, auction));
        var reason = abort.ParticipantId is null ? AbortReason.ByAuthority : AbortReason.ByInitiator;
        return Accept(Aborted(auction, reason, abort.Note, at).ToImmutableArray());
    }

    /// <summary>
    /// The auction's moment has come. Its trades open the day if nothing has. Where the instrument does not trade, bids could
    /// not come either: it is over without a result, and may be announced again. So it is where rules published since the
    /// announcement leave no trading day at this moment.
    /// </summary>
    public static ImmutableArray<MarketEvent> Close(PolicyPack pack, MarketState market, Auction auction)
    {
        var at = auction.ClosesAt;
        if (market.Controls.StopOf(auction.Instrument) is { } stop)
            return [.. Aborted(auction, AbortReason.TradingStopped, stop.Ground, at)];
        if (!TradingDay.Has(pack, at))
            return [.. Aborted(auction, AbortReason.OutsideTradingDay, note: null, at)];
        var result = AuctionClearing.Clear(
            auction.Terms, auction.Quantity, auction.ReservePrice, pack.Instrument(auction.Instrument)?.LotSize ?? 1,
            [.. auction.Bids.Select(bid => new SealedBid(bid.BidId, bid.ParticipantId, bid.Quantity, bid.Price))]);
        var opens = !result.Awards.IsEmpty && market.OpenDay is null;
        var (day, sequence) = (market.OpenDay ?? pack.LegalDay(at), market.LastTradeSequence);
        return
        [
            .. opens ? [TradingDay.Open(pack, at)] : ImmutableArray<MarketEvent>.Empty,
            .. result.Awards.Select((award, index) => TradeOf(auction, award, sequence + index + 1, day, at)),
            .. Lapsed(auction, result, at),
            Closed(auction, result, note: null, at),
        ];
    }

    public static void Evolve(MarketState market, AuctionClosed closed)
    {
        var auction = market.Auctions[closed.AuctionId];
        var initiator = market.AccountOf(auction.InitiatorParticipantId);
        var unsold = closed.Quantity - closed.Sold;
        if (auction.IsPurchase)
        {
            initiator.Cash.Release(auction.FeeBasisPoints.Cover(unsold, auction.ReservePrice).Minor);
            initiator.UnitsOf(closed.Instrument).Unorder(unsold.Value);
        }
        else if (auction.OnOwnBehalf)
        {
            initiator.UnitsOf(closed.Instrument).Release(unsold.Value);
        }
        else
        {
            initiator.UnitsOf(closed.Instrument).TakeBack(unsold.Value);
        }
        auction.Close(closed.ClearingPrice, closed.Figures ?? AuctionFigures.Before(closed.Quantity, closed.Sold, closed.ClearingPrice));
        market.Keep(auction);
    }

    /// <summary>It is over without a result; all its bids lapse.</summary>
    internal static IEnumerable<MarketEvent> Aborted(Auction auction, string reason, string? note, DateTimeOffset at)
    {
        var aborted = new AuctionResult(AuctionOutcome.Aborted, reason, null, auction.Bids.Sum(bid => bid.Quantity.Value), []);
        return Lapsed(auction, aborted, at).Append(Closed(auction, aborted, note, at));
    }

    /// <summary>Whoever announced it: the initiator on its own behalf, or an official. Officials may always.</summary>
    internal static bool MayChange(Auction auction, Guid? participantId) =>
        participantId is null || (auction.OnOwnBehalf && auction.InitiatorParticipantId == participantId);

    private static TradeExecuted TradeOf(Auction auction, Award award, long sequence, DateOnly day, DateTimeOffset at)
    {
        var (buys, sells) = auction.IsPurchase ? (auction.AuctionId, award.BidId) : (award.BidId, auction.AuctionId);
        var (buyer, seller) = auction.IsPurchase
            ? (auction.InitiatorParticipantId, award.ParticipantId)
            : (award.ParticipantId, auction.InitiatorParticipantId);
        var initiatorFee = auction.FeeBasisPoints.Of(award.Quantity, award.Price);
        var bidderFee = auction.Bid(award.BidId)!.FeeBasisPoints.Of(award.Quantity, award.Price);
        return new TradeExecuted(
            sequence, Trade.IdOf(award.BidId, sequence), auction.Instrument, buys, sells, buyer, seller, award.Quantity, award.Price,
            TradeMode.Auction, day, at)
        {
            Purchase = auction.IsPurchase,
            OfIssue = !auction.IsPurchase && !auction.OnOwnBehalf,
            BuyerFee = auction.IsPurchase ? initiatorFee : bidderFee,
            SellerFee = auction.IsPurchase ? bidderFee : initiatorFee,
        };
    }

    private static IEnumerable<MarketEvent> Lapsed(Auction auction, AuctionResult result, DateTimeOffset at)
    {
        var won = result.Awards.ToDictionary(award => award.BidId, award => award.Quantity);
        foreach (var bid in auction.Bids)
            if (bid.Quantity - won.GetValueOrDefault(bid.BidId) is { IsZero: false } lost)
                yield return new BidLapsed(bid.BidId, auction.AuctionId, bid.ParticipantId, lost, at);
    }

    private static AuctionClosed Closed(Auction auction, AuctionResult result, string? note, DateTimeOffset at) => new(
        auction.AuctionId, auction.Instrument, auction.SellerParticipantId, auction.Quantity, auction.ReservePrice, auction.OpensAt,
        auction.ClosesAt, result.MarginalPrice, result.Sold, auction.Bids.Count(), result.QuantityBid, at)
    {
        BuyerParticipantId = auction.BuyerParticipantId,
        Figures = new AuctionFigures(
            result.Outcome, result.AbortReason, note, AuctionReport.RevenueOf(result.Awards), BidBounds.Of([.. auction.Bids.Select(bid => bid.Price)]),
            auction.Bidders,
            result.Awards.Select(award => award.ParticipantId).Distinct().Count()),
    };
}
