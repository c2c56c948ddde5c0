using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Auctions;

public static class PlaceBids
{
    /// <param name="BidId">Made by the caller; a repeat of the same bid answers as the first time.</param>
    /// <param name="Quantity">Units, in whole lots, at most what the auction is for.</param>
    /// <param name="PriceMinor">Limit in minor units of the currency per unit, on the tick.</param>
    /// <param name="ReplacesBidId">An own bid in this auction that is withdrawn in the same moment; null: none.</param>
    public sealed record NewBid(Guid? BidId = null, long? Quantity = null, long? PriceMinor = null, Guid? ReplacesBidId = null);

    public static void Map(RouteGroupBuilder auctions) => auctions.MapPost("/{auctionId:guid}/bids/batch", Handle)
        .ForTraders()
        .WithinMessageRate()
        .WithName("place-bids")
        .WithSummary("Place up to 500 sealed bids in an auction, or change bids")
        .WithDescription(
            "In a sale cash is reserved at limit x quantity until the auction closes, in a purchase the units offered. Codes of a rejected "
            + "bid, in order of precedence: unknown-auction, killed, participant-suspended, instrument-suspended, halted, auction-closed, "
            + "auction-not-open, unknown-bid (the one to replace), unknown-instrument, quantity-off-lot, price-off-tick, value-too-large, bid-by-seller, bid-by-buyer, bid-above-supply, "
            + "bid-below-reserve, bid-above-reserve (in a purchase), bid-above-share, too-many-own-bids, too-many-bids, position-limit, "
            + "insufficient-cash, "
            + "insufficient-units, same-day-resale; command-id-reused or id-reused when the id stands for another bid. A rejected bid stays "
            + "rejected under its id, and the bid it was to replace stands.")
        .Produces<BatchAnswer<BatchResult>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="auctionId">As whoever announced it named it.</param>
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
            context.CommandId(bid.BidId!.Value), Command(auctionId, bid, participant, provenance.Actor.Subject, at), provenance, cancellationToken)));
        return TypedResults.Ok(new BatchAnswer<BatchResult>(
            [.. batch.Items!.Zip(outcomes, (bid, outcome) => BatchResult.Of(bid.BidId!.Value, outcome))]));
    }

    private static PlaceBid Command(Guid auctionId, NewBid bid, Guid participant, string representative, DateTimeOffset at) => new(
        bid.BidId!.Value, auctionId, participant, Quantity.Of(bid.Quantity!.Value), Price.OfMinor(bid.PriceMinor!.Value), at)
    {
        ReplacesBidId = bid.ReplacesBidId,
        Representative = representative,
    };
}
