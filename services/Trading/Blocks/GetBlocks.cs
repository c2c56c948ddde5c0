using System.Collections.Immutable;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Market;
using Marten;
using Marten.Linq.MatchesSql;

namespace CarbonMarket.Trading.Blocks;

public static class GetBlocks
{
    public static void Map(RouteGroupBuilder blocks)
    {
        blocks.MapGet("/{blockId:guid}", One)
            .WithName("get-block")
            .WithSummary("One negotiation of a block, with all its terms")
            .WithDescription("Its two sides see it; regulator, operator and auditor see all. 404 unknown-block.")
            .Produces<BlockAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        blocks.MapGet("", List)
            .WithName("list-blocks")
            .WithSummary("The caller's negotiations of blocks, by id")
            .WithDescription(
                "Those the caller began and those it was offered; regulator, operator and auditor see all. Cursor: the negotiation's id. "
                + "open: true for those whose terms can still be answered, left out for all.")
            .Produces<Page<BlockAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <param name="blockId">The negotiation, as the side that offered first named it.</param>
    internal static async Task<IResult> One(
        string market, Guid blockId, HttpContext context, Venues venues, FindBlocks blocks, CancellationToken cancellationToken) =>
        await blocks.Find(venues[market], blockId, cancellationToken) is { } block
            && (block.IsOf(context.User.ParticipantId()) || context.User.SeesEverything())
            ? TypedResults.Ok(block)
            : FindBlocks.Unknown(blockId);

    /// <param name="open">True: only those whose terms can still be answered.</param>
    internal static async Task<IResult> List(
        string market, Guid? after, int? limit, bool? open, HttpContext context, Venues venues, FindBlocks blocks,
        CancellationToken cancellationToken)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        var size = limit ?? Paging.Usual;
        Guid? of = context.User.SeesEverything() ? null : context.User.ParticipantId();
        var found = await blocks.After(venues[market], after ?? Guid.Empty, size + 1, of, open is true, cancellationToken);
        return TypedResults.Ok(Paging.Of(found, size, block => block.BlockId));
    }
}

/// <summary>Negotiations wherever they are: open and recent ones in the market's memory, all of them in the store.</summary>
public sealed class FindBlocks(IDocumentStore store)
{
    public static IResult Unknown(Guid blockId) => Problem.NotFound("unknown-block", $"There is no block {blockId} that you may see.");

    public async Task<BlockAnswer?> Find(Venue venue, Guid blockId, CancellationToken cancellationToken)
    {
        var kept = await venue.Read(market => market.Blocks.Find(blockId), cancellationToken);
        if (kept is not null)
            return BlockAnswer.Of(kept);
        await using var session = store.QuerySession();
        return await session.LoadAsync<BlockView>(MarketDocument.IdOf(venue.Stream, blockId), cancellationToken) is { } view ? BlockAnswer.Of(view.Block) : null;
    }

    /// <summary>Negotiations above an id, at most so many, the market's memory before the store.</summary>
    /// <param name="of">A participant, whose they are; null: everybody's.</param>
    public async Task<IReadOnlyList<BlockAnswer>> After(
        Venue venue, Guid after, int most, Guid? of, bool onlyOpen, CancellationToken cancellationToken)
    {
        ImmutableArray<Block> kept = await venue.Read(
            market => market.Blocks.Kept
                .Where(block => block.BlockId.CompareTo(after) > 0 && (of is not { } id || block.SideOf(id) is not null) && (block.IsOpen || !onlyOpen))
                .ToImmutableArray(),
            cancellationToken);
        IReadOnlyList<Block> stored = onlyOpen ? [] : await Stored(venue, after, most, of, cancellationToken);
        return [.. KeptAndStored.ById(kept, stored, block => block.BlockId, most).Select(BlockAnswer.Of)];
    }

    private async Task<IReadOnlyList<Block>> Stored(Venue venue, Guid after, int most, Guid? of, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        var views = session.Query<BlockView>().Where(block => block.Market == venue.Stream && block.MatchesSql("(d.data -> 'block' ->> 'blockId')::uuid > ?", after));
        if (of is { } participant)
            views = views.Where(block => block.BuyerParticipantId == participant || block.SellerParticipantId == participant);
        var found = await views.OrderBy(block => block.Block.BlockId).Take(most).ToListAsync(cancellationToken);
        return [.. found.Select(view => view.Block)];
    }
}
