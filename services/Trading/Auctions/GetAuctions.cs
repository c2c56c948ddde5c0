using System.Collections.Immutable;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Market;
using Marten;
using Marten.Linq.MatchesSql;

namespace CarbonMarket.Trading.Auctions;

public static class GetAuctions
{
    public static void Map(RouteGroupBuilder auctions)
    {
        auctions.MapGet("/{auctionId:guid}", One)
            .WithName("get-auction")
            .WithSummary("One auction, with its result once it is closed")
            .WithDescription("404 unknown-auction. Own bids are shown while the auction is open and for a while after.")
            .Produces<AuctionAnswer>();
        auctions.MapGet("", List)
            .WithName("list-auctions")
            .WithSummary("All auctions of the market, by id")
            .WithDescription("Cursor: the auction's id.")
            .Produces<Page<AuctionAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    internal static async Task<IResult> One(
        string market, Guid auctionId, HttpContext context, Venues venues, FindAuctions auctions, TimeProvider clock,
        CancellationToken cancellationToken) =>
        await auctions.Find(venues[market], auctionId, context.User.ParticipantId(), clock.GetUtcNow(), cancellationToken) is { } auction
            ? TypedResults.Ok(auction)
            : Problem.NotFound("unknown-auction", $"There is no auction {auctionId}.");

    internal static async Task<IResult> List(
        string market, Guid? after, int? limit, HttpContext context, Venues venues, FindAuctions auctions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        var size = limit ?? Paging.Usual;
        var found = await auctions.After(
            venues[market], after ?? Guid.Empty, size + 1, context.User.ParticipantId(), clock.GetUtcNow(), cancellationToken);
        return TypedResults.Ok(Paging.Of(found, size, auction => auction.AuctionId));
    }
}

/// <summary>Auctions wherever they are: open and recent ones in the market's memory, all of them in the store.</summary>
public sealed class FindAuctions(IDocumentStore store)
{
    public async Task<AuctionAnswer?> Find(
        Venue venue, Guid auctionId, Guid caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var kept = await venue.Read(
            market => market.Auctions.TryGetValue(auctionId, out var auction) ? AuctionAnswer.Of(auction, caller, now) : null,
            cancellationToken);
        if (kept is not null)
            return kept;
        await using var session = store.QuerySession();
        return await session.LoadAsync<AuctionView>(auctionId, cancellationToken) is { } view && view.Market == venue.Stream
            ? AuctionAnswer.Of(view, now)
            : null;
    }

    /// <summary>Auctions above an id, at most so many, the market's memory before the store.</summary>
    public async Task<IReadOnlyList<AuctionAnswer>> After(
        Venue venue, Guid after, int most, Guid caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ImmutableArray<AuctionAnswer> kept = await venue.Read(
            market => market.Auctions.Values.Where(auction => auction.AuctionId.CompareTo(after) > 0)
                .Select(auction => AuctionAnswer.Of(auction, caller, now)).ToImmutableArray(),
            cancellationToken);
        await using var session = store.QuerySession();
        var stored = await session.Query<AuctionView>()
            .Where(auction => auction.Market == venue.Stream && auction.MatchesSql("d.id > ?", after))
            .OrderBy(auction => auction.Id).Take(most).ToListAsync(cancellationToken);
        return
        [
            .. stored.Select(view => AuctionAnswer.Of(view, now)).Concat(kept)
                .GroupBy(auction => auction.AuctionId).Select(same => same.Last())
                .OrderBy(auction => auction.AuctionId).Take(most),
        ];
    }
}
