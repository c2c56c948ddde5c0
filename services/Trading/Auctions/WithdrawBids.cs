using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Auctions;

public static class WithdrawBids
{
    public static void Map(RouteGroupBuilder auctions) => auctions.MapDelete("/{auctionId:guid}/bids/{bidId:guid}", Handle)
        .ForTraders()
        .WithName("withdraw-bid")
        .WithSummary("Withdraw an own bid before the auction closes (撤回报价)")
        .WithDescription(
            "Releases what it reserved. Withdrawing again answers as the first time. 404 unknown-auction, unknown-bid: no such bid of yours. "
            + "422 auction-closed: bids bind.")
        .Produces<BidAnswer>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="auctionId">As whoever announced it named it.</param>
    /// <param name="bidId">An own bid, as it was named when it was placed.</param>
    internal static async Task<IResult> Handle(
        string market, Guid auctionId, Guid bidId, HttpContext context, Venues venues, FindAuctions auctions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (venue, participant, at) = (venues[market], context.User.ParticipantId(), clock.GetUtcNow());
        // Asked before it is commanded: a command refused because the bid is still on its way would stay refused.
        if (await auctions.Find(venue, auctionId, FindAuctions.Reader(context), at, cancellationToken) is not { } auction)
            return FindAuctions.Unknown(auctionId);
        if (auction.OwnBids.FirstOrDefault(own => own.BidId == bidId) is not { } bid)
            return Problem.NotFound("unknown-bid", $"There is no bid {bidId} of yours in this auction.");
        var outcome = await venue.Execute(
            context.CommandId(DeterministicGuid.From(auctionId, $"withdraw:{bidId}")), new WithdrawBid(bidId, auctionId, participant, at),
            context.Provenance(), cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(bid with { Withdrawn = true }));
    }
}
