using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Auctions;

public static class AnnounceAuctions
{
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Quantity">Units on sale; reserved on the seller's trading account at once.</param>
    /// <param name="ReservePriceMinor">Lowest price that may be bid, minor units of the currency per unit.</param>
    /// <param name="OpensAt">Legal time from which bids are taken.</param>
    /// <param name="ClosesAt">Legal time at which no bid is taken any more; on a trading day and not after it ends.</param>
    /// <param name="SellerParticipantId">Whose units are sold; they were issued onto its trading account.</param>
    public sealed record NewAuction(
        string? Instrument = null, long? Quantity = null, long? ReservePriceMinor = null, DateTimeOffset? OpensAt = null,
        DateTimeOffset? ClosesAt = null, Guid? SellerParticipantId = null);

    public static void Map(RouteGroupBuilder auctions) => auctions.MapPut("/{auctionId:guid}", Handle)
        .RequireAuthorization(Roles.Regulator)
        .WithName("announce-auction")
        .WithSummary("Announce a sale by single-direction auction (单向竞价)")
        .WithDescription(
            "The caller makes the id; a repeat answers as the first time, 409 command-id-reused or id-reused if the id stands for another "
            + "sale. 422, in order of precedence: unknown-instrument, quantity-off-lot, price-off-tick, value-too-large, auction-times, "
            + "auction-outside-trading-day, too-many-auctions, insufficient-units, not-for-auction (the "
            + "seller's): an official sells only what was issued onto the seller's trading account.")
        .Produces<AuctionAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    internal static async Task<IResult> Handle(
        string market, Guid auctionId, NewAuction asked, HttpContext context, Venues venues, FindAuctions auctions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (Check(auctionId, asked) is { Any: true } faults)
            return faults.ToProblem();
        var (venue, at) = (venues[market], clock.GetUtcNow());
        var command = new AnnounceAuction(
            auctionId, asked.Instrument!, Quantity.Of(asked.Quantity!.Value), Price.OfMinor(asked.ReservePriceMinor!.Value),
            asked.OpensAt!.Value.ToUniversalTime(), asked.ClosesAt!.Value.ToUniversalTime(), asked.SellerParticipantId!.Value, at);
        var outcome = await venue.Execute(context.CommandId(auctionId), command, context.Provenance(), cancellationToken);
        var auction = await auctions.Find(venue, auctionId, context.User.ParticipantId(), at, cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(auction));
    }

    private static Faults Check(Guid auctionId, NewAuction asked)
    {
        var faults = new Faults();
        faults.RequireId(auctionId, "auctionId");
        faults.RequireName(asked.Instrument, "$.instrument");
        faults.RequirePositive(asked.Quantity, "$.quantity");
        faults.RequirePositive(asked.ReservePriceMinor, "$.reservePriceMinor");
        faults.Require(asked.OpensAt is not null, "$.opensAt", "required", "ISO 8601 with offset.");
        faults.Require(asked.ClosesAt is not null, "$.closesAt", "required", "ISO 8601 with offset.");
        faults.RequireId(asked.SellerParticipantId, "$.sellerParticipantId");
        return faults;
    }
}
