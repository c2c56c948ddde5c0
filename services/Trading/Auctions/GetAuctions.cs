using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Auctions;

public static class GetAuctions
{
    public static void Map(RouteGroupBuilder auctions)
    {
        auctions.MapGet("/{auctionId:guid}", One)
            .WithName("get-auction")
            .WithSummary("One auction, with its result once it is closed")
            .WithDescription(
                "404 unknown-auction. Own bids are shown while the auction is open and for a while after. Bids are sealed: until the auction "
                + "has closed nobody is told anything of the others', and the regulator how many there are.")
            .Produces<AuctionAnswer>();
        auctions.MapGet("", List)
            .WithName("list-auctions")
            .WithSummary("All auctions of the market, by id")
            .WithDescription("Cursor: the auction's id.")
            .Produces<Page<AuctionAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <param name="auctionId">As whoever announced it named it.</param>
    internal static async Task<IResult> One(
        string market, Guid auctionId, HttpContext context, Venues venues, FindAuctions auctions, TimeProvider clock,
        CancellationToken cancellationToken) =>
        await auctions.Find(venues[market], auctionId, FindAuctions.Reader(context), clock.GetUtcNow(), cancellationToken) is { } auction
            ? TypedResults.Ok(auction)
            : FindAuctions.Unknown(auctionId);

    internal static async Task<IResult> List(
        string market, Guid? after, int? limit, HttpContext context, Venues venues, FindAuctions auctions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        var size = limit ?? Paging.Usual;
        var found = await auctions.After(
            venues[market], after ?? Guid.Empty, size + 1, FindAuctions.Reader(context), clock.GetUtcNow(), cancellationToken);
        return TypedResults.Ok(Paging.Of(found, size, auction => auction.AuctionId));
    }
}
