using System.Text.Json.Serialization;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.Auctions;

/// <param name="ParticipantId">Who asks; null: an official.</param>
public sealed record RescheduleAuction(
    Guid AuctionId, Guid? ParticipantId, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => AuctionId;

    /// <inheritdoc cref="PlaceOrder.Representative"/>
    [JsonIgnore]
    public string? Representative { get; init; }
}

/// <summary>The auction has other times; the bids made so far stand.</summary>
/// <param name="SellerParticipantId">The initiator of a sale; null in a purchase.</param>
public sealed record AuctionRescheduled(
    Guid AuctionId, Guid? SellerParticipantId, Guid? BuyerParticipantId, DateTimeOffset OpensAt, DateTimeOffset ClosesAt,
    DateTimeOffset At) : MarketEvent(At);

/// <summary>
/// An auction is put off, never brought forward: nobody misses it who relied on the announcement. Who has bid and does not
/// want to wait withdraws, also while the auction is not open again.
/// </summary>
public static class Rescheduling
{
    /// <inheritdoc cref="Auctioning.Decide"/>
    public static Decision<MarketEvent> Decide(
        PolicyPack pack, PolicyPack then, MarketState market, RescheduleAuction asked, DateTimeOffset at)
    {
        if (!market.Auctions.TryGetValue(asked.AuctionId, out var auction))
            return Auctioning.Missing(market, asked.AuctionId);
        if (!AuctionEnding.MayChange(auction, asked.ParticipantId))
            return Reject("not-your-auction", $"Auction {asked.AuctionId} is changed by whoever announced it and by officials.");
        if (auction.Closed)
            return Reject("auction-closed", Auctioning.Over(pack, auction));
        if (asked.ParticipantId is { } own && market.Controls.Refuse(pack, own, asked.Representative, auction.Instrument) is { } stopped)
            return Reject(stopped.Code, stopped.Reason);
        if ((auction.OpensAt, auction.ClosesAt) == (asked.OpensAt, asked.ClosesAt))
            return Accept();
        if (asked.OpensAt < auction.OpensAt || asked.ClosesAt < auction.ClosesAt)
            return Reject(
                "auction-brought-forward",
                $"An auction is only put off: from {pack.Moment(auction.OpensAt)}, {pack.Moment(auction.ClosesAt)} not to {pack.Moment(asked.OpensAt)}, {pack.Moment(asked.ClosesAt)}.");
        return Auctioning.Times(then, asked.OpensAt, asked.ClosesAt, at) is { } refusal
            ? Reject(refusal.Code, refusal.Reason)
            : Accept(new AuctionRescheduled(
                auction.AuctionId, auction.SellerParticipantId, auction.BuyerParticipantId, asked.OpensAt, asked.ClosesAt, at));
    }

    public static void Evolve(MarketState market, AuctionRescheduled rescheduled) =>
        market.Reschedule(rescheduled.AuctionId, rescheduled.OpensAt, rescheduled.ClosesAt);
}
