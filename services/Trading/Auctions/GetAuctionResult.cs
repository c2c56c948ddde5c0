using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Auctions;

public static class GetAuctionResult
{
    /// <summary>How a single-direction auction (单向竞价) ended.</summary>
    /// <param name="AuctionId">Made by whoever announced it.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Terms">The auction's own rules.</param>
    /// <param name="Outcome">sold, partly-sold or aborted.</param>
    /// <param name="AbortReason">
    /// no-bids, cover-too-low, by-initiator, by-authority, trading-stopped, outside-trading-day, or the control that pulled it
    /// (kill-switch, participant-suspended, frozen); null unless aborted.
    /// </param>
    /// <param name="Note">
    /// What whoever aborted it gave as the reason, or the ground of the control that kept the instrument from trading; null: there is
    /// none.
    /// </param>
    /// <param name="OfferedQuantity">Units on sale; in a purchase, asked for.</param>
    /// <param name="SoldQuantity">Units that changed hands; 0 when it was aborted.</param>
    /// <param name="ClearingPriceMinor">The marginal price, in minor units of the currency per unit; null when nothing was sold.</param>
    /// <param name="RevenueMinor">
    /// Price x volume, over all that was won, in minor units of the currency, without fees; in a purchase what it cost.
    /// </param>
    /// <param name="QuantityBid">Units of all bids that stood, winners and losers.</param>
    /// <param name="CoverRatio">Quantity bid / quantity offered (认购倍数), to the hundredth, half up.</param>
    /// <param name="LowestBidMinor">Of all bids that stood, winners and losers; null: there were none, or it was not written down.</param>
    /// <param name="HighestBidMinor">The same.</param>
    /// <param name="PriceWithinBids">Whether the clearing price lies between the two; null: without bids or a price there is nothing to say.</param>
    /// <param name="Bids">That stood.</param>
    /// <param name="Bidders">Participants whose bids stood; null: not written down.</param>
    /// <param name="Winners">Those of them who won something; null: not written down.</param>
    /// <param name="OwnAwards">What the caller won.</param>
    public sealed record ResultAnswer(
        Guid AuctionId, string Instrument, AuctionTerms Terms, AuctionOutcome Outcome, string? AbortReason, string? Note,
        Quantity OfferedQuantity, Quantity SoldQuantity, Price? ClearingPriceMinor, Money RevenueMinor, long QuantityBid, decimal CoverRatio,
        Price? LowestBidMinor, Price? HighestBidMinor, bool? PriceWithinBids, int Bids, int? Bidders, int? Winners, ImmutableArray<AwardAnswer> OwnAwards);

    public static void Map(RouteGroupBuilder auctions)
    {
        auctions.MapGet("/{auctionId:guid}/result", Result)
            .WithName("get-auction-result")
            .WithSummary("How an auction ended: price, cover, revenue, bounds of the bids, bidders, and what the caller won")
            .WithDescription("404 unknown-auction. 422 auction-not-closed: bids are sealed until it is over.")
            .Produces<ResultAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        auctions.MapGet("/{auctionId:guid}/awards", Awards)
            .RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Operator, Roles.Auditor))
            .WithName("list-auction-awards")
            .WithSummary("What each winner of an auction won, for those who supervise")
            .WithDescription("after: the last trade sequence already seen. Empty until the auction has closed. 404 unknown-auction.")
            .Produces<Page<AwardAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <param name="auctionId">As whoever announced it named it.</param>
    internal static async Task<IResult> Result(
        string market, Guid auctionId, HttpContext context, Venues venues, FindAuctions auctions, CancellationToken cancellationToken)
    {
        var (venue, caller) = (venues[market], context.User.ParticipantId());
        var found = await auctions.Find(venue, auctionId, Ended.Of, Ended.Of, cancellationToken);
        if (found is null)
            return FindAuctions.Unknown(auctionId);
        if (found.Figures is not { } figures)
            return Problem.Refused("auction-not-closed", $"Auction {auctionId} is not over: bids are sealed.");
        var own = await auctions.Awards(venue, auctionId, caller, after: 0, Bidding.MostBidsOfOne, cancellationToken);
        return TypedResults.Ok(found.Answer(auctionId, figures, own));
    }

    /// <param name="auctionId">As whoever announced it named it.</param>
    internal static async Task<IResult> Awards(
        string market, Guid auctionId, long? after, int? limit, HttpContext context, Venues venues, FindAuctions auctions,
        CancellationToken cancellationToken)
    {
        var faults = Paging.Check(limit);
        faults.Require(after is null or >= 0, "after", "out-of-range", "A sequence is not below zero.");
        if (faults.Any)
            return faults.ToProblem();
        var venue = venues[market];
        if (await auctions.Find(venue, auctionId, Ended.Of, Ended.Of, cancellationToken) is null)
            return FindAuctions.Unknown(auctionId);
        var size = limit ?? Paging.Usual;
        var found = await auctions.Awards(venue, auctionId, winner: null, after ?? 0, size + 1, cancellationToken);
        return TypedResults.Ok(Paging.Of(found, size, award => award.TradeSequence));
    }

    /// <summary>The same of an auction in memory and of one in the store.</summary>
    private sealed record Ended(
        string Instrument, AuctionTerms Terms, AuctionFigures? Figures, Quantity Offered, Quantity Sold, Price? Price, long QuantityBid, int Bids)
    {
        public static Ended Of(Auction auction) => new(
            auction.Instrument, auction.Terms, auction.Figures, auction.Quantity, auction.Sold, auction.ClearingPrice,
            auction.Bids.Sum(bid => bid.Quantity.Value), auction.Bids.Count());

        public static Ended Of(AuctionView auction) => new(
            auction.Instrument, auction.Terms ?? AuctionTerms.Usual, auction.Ended, auction.Quantity, auction.Sold, auction.ClearingPrice,
            auction.QuantityBid ?? 0, auction.Bids ?? 0);

        public ResultAnswer Answer(Guid auctionId, AuctionFigures figures, IReadOnlyList<AwardAnswer> own)
        {
            var report = new AuctionReport(Offered, Sold, Price, figures.Revenue, QuantityBid, figures.Bounds);
            return new ResultAnswer(
                auctionId, Instrument, Terms, figures.Outcome, figures.AbortReason, figures.Note, report.Offered, report.Sold,
                report.ClearingPrice, report.Revenue, report.QuantityBid, report.CoverRatio, report.Bounds?.Lowest, report.Bounds?.Highest,
                report.Bounds is null || report.ClearingPrice is null ? null : report.PriceIsWithinBounds,
                Bids, figures.Bidders, figures.Winners, [.. own]);
        }
    }
}
