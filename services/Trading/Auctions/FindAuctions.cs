using System.Collections.Immutable;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Market;
using Marten;
using Marten.Linq.MatchesSql;

namespace CarbonMarket.Trading.Auctions;

/// <summary>Auctions wherever they are: open and recent ones in the market's memory, all of them in the store.</summary>
public sealed class FindAuctions(IDocumentStore store)
{
    public static IResult Unknown(Guid auctionId) => Problem.NotFound("unknown-auction", $"There is no auction {auctionId}.");

    public static AuctionReader Reader(HttpContext context) =>
        new(context.User.ParticipantId(), context.User.IsInRole(Roles.Regulator));

    public Task<AuctionAnswer?> Find(
        Venue venue, Guid auctionId, AuctionReader reader, DateTimeOffset now, CancellationToken cancellationToken) =>
        Find(venue, auctionId, auction => AuctionAnswer.Of(auction, reader, now), view => AuctionAnswer.Of(view, now), cancellationToken);

    /// <summary>What is asked of an auction, from the market's memory or else from the store; null: there is none.</summary>
    public async Task<T?> Find<T>(
        Venue venue, Guid auctionId, Func<Auction, T> kept, Func<AuctionView, T> stored, CancellationToken cancellationToken)
        where T : class
    {
        var found = await venue.Read(
            market => market.Auctions.TryGetValue(auctionId, out var auction) ? kept(auction) : null, cancellationToken);
        if (found is not null)
            return found;
        await using var session = store.QuerySession();
        return await session.LoadAsync<AuctionView>(MarketDocument.IdOf(venue.Stream, auctionId), cancellationToken) is { } view ? stored(view) : null;
    }

    /// <summary>Auctions above an id, at most so many, the market's memory before the store.</summary>
    public async Task<IReadOnlyList<AuctionAnswer>> After(
        Venue venue, Guid after, int most, AuctionReader reader, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ImmutableArray<AuctionAnswer> kept = await venue.Read(
            market => market.Auctions.Values.Where(auction => auction.AuctionId.CompareTo(after) > 0)
                .Select(auction => AuctionAnswer.Of(auction, reader, now)).ToImmutableArray(),
            cancellationToken);
        await using var session = store.QuerySession();
        var stored = await session.Query<AuctionView>()
            .Where(auction => auction.Market == venue.Stream && auction.MatchesSql("(d.data ->> 'auctionId')::uuid > ?", after))
            .OrderBy(auction => auction.AuctionId).Take(most).ToListAsync(cancellationToken);
        return KeptAndStored.ById(kept, stored.Select(view => AuctionAnswer.Of(view, now)), auction => auction.AuctionId, most);
    }

    /// <summary>Awards of an auction above a trade's sequence, at most so many.</summary>
    /// <param name="winner">Null: everybody's.</param>
    public async Task<IReadOnlyList<AwardAnswer>> Awards(
        Venue venue, Guid auctionId, Guid? winner, long after, int most, CancellationToken cancellationToken)
    {
        var kept = await venue.Read(
            market => market.Auctions.TryGetValue(auctionId, out var auction) ? Kept(auction, winner, after, most) : (ImmutableArray<AwardAnswer>?)null,
            cancellationToken);
        if (kept is { } known)
            return known;
        await using var session = store.QuerySession();
        var stored = session.Query<AwardView>()
            .Where(award => award.Market == venue.Stream && award.AuctionId == auctionId && award.Sequence > after);
        if (winner is { } own)
            stored = stored.Where(award => award.ParticipantId == own);
        var found = await stored.OrderBy(award => award.Sequence).Take(most).ToListAsync(cancellationToken);
        return [.. found.Select(view => view.Award)];
    }

    private static ImmutableArray<AwardAnswer> Kept(Auction auction, Guid? winner, long after, int most) =>
    [
        .. (winner is { } own ? auction.BidsOf(own) : auction.Bids)
            .Where(bid => bid.TradeSequence > after).OrderBy(bid => bid.TradeSequence).Take(most).Select(AwardAnswer.Of),
    ];
}
