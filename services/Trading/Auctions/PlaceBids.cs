using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Auctions;

public static class PlaceBids
{
    /// <param name="BidId">Made by the caller; a repeat of the same bid answers as the first time.</param>
    /// <param name="Quantity">Units, in whole lots, at most what is on sale.</param>
    /// <param name="PriceMinor">Limit in minor units of the currency per unit, on the tick.</param>
    public sealed record NewBid(Guid? BidId = null, long? Quantity = null, long? PriceMinor = null);

    public static void Map(RouteGroupBuilder auctions) => auctions.MapPost("/{auctionId:guid}/bids/batch", Handle)
        .ForTraders()
        .WithName("place-bids")
        .WithSummary("Place up to 500 sealed bids in an auction")
        .WithDescription(
            "Cash is reserved at limit x quantity until the auction closes. Codes of a rejected bid, in order of precedence: "
            + "unknown-auction, auction-closed, auction-not-open, quantity-off-lot, price-off-tick, value-too-large, bid-by-seller, "
            + "bid-above-supply, bid-below-reserve, too-many-bids, insufficient-cash; command-id-reused or id-reused when the id "
            + "stands for another bid. A rejected bid stays rejected under its id.")
        .Produces<BatchAnswer<BatchResult>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    internal static async Task<IResult> Handle(
        string market, Guid auctionId, Batch<NewBid> batch, HttpContext context, Venues venues, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = batch.Check(bid => bid.BidId, (found, bid, path) =>
        {
            found.RequireId(bid.BidId, $"{path}.bidId");
            found.RequirePositive(bid.Quantity, $"{path}.quantity");
            found.RequirePositive(bid.PriceMinor, $"{path}.priceMinor");
        });
        if (faults.Any)
            return faults.ToProblem();
        var (venue, at, provenance, participant) = (venues[market], clock.GetUtcNow(), context.Provenance(), context.User.ParticipantId());
        var outcomes = await Task.WhenAll(batch.Items!.Select(bid => venue.Execute(
            context.CommandId(bid.BidId!.Value),
            new PlaceBid(bid.BidId.Value, auctionId, participant, Quantity.Of(bid.Quantity!.Value), Price.OfMinor(bid.PriceMinor!.Value), at),
            provenance, cancellationToken)));
        return TypedResults.Ok(new BatchAnswer<BatchResult>(
            [.. batch.Items!.Zip(outcomes, (bid, outcome) => BatchResult.Of(bid.BidId!.Value, outcome))]));
    }
}
