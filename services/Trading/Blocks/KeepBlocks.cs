using System.Diagnostics;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using Marten;

namespace CarbonMarket.Trading.Blocks;

/// <summary>Stores negotiations of blocks as they go on, for when the market's memory has let go of them.</summary>
public sealed class KeepBlocks(Venues venues, IDocumentStore store, ILogger<KeepBlocks> logger) : MarketFollower(venues, store, logger)
{
    public override string Name => "blocks";

    protected override async Task Follow(Venue venue, CancellationToken untilLost)
    {
        var reached = await Reached(venue, untilLost);
        await foreach (var command in venue.Engine.Follow(reached, untilLost))
        {
            var told = command.Events.Where(fact => fact is BlockOffered or BlockCountered or BlockEnded or TradeExecuted { Mode: TradeMode.Block }).ToList();
            // A day's end moves the position too, so that a start has a day to read and not years.
            if (told.Count == 0 && !command.Events.Any(fact => fact is TradingDayClosed))
                continue;
            await using var session = Store.LightweightSession();
            var blocks = new Dictionary<Guid, Block>();
            foreach (var fact in told)
            {
                var id = IdOf(fact);
                blocks[id] = Next(blocks.GetValueOrDefault(id) ?? (await session.LoadAsync<BlockView>(MarketDocument.IdOf(venue.Stream, id), untilLost))?.Block, fact);
            }

            session.Store(blocks.Values.Select(block => BlockView.Of(block, venue.Stream)));
            await Reach(session, venue, reached, command.LastVersion, untilLost);
            await session.SaveChangesAsync(untilLost);
            reached = command.LastVersion;
        }
    }

    private static Guid IdOf(object fact) => fact switch
    {
        BlockOffered e => e.BlockId,
        BlockCountered e => e.BlockId,
        BlockEnded e => e.BlockId,
        TradeExecuted e => e.BuyOrderId,
        _ => throw new UnreachableException(fact.GetType().Name),
    };

    /// <param name="standing">Never null but of an offer, which comes first in the journal.</param>
    private static Block Next(Block? standing, object fact) => fact switch
    {
        BlockOffered e => Block.Of(e),
        BlockCountered e => standing!.Counter(e),
        BlockEnded e => standing!.End(e.Reason),
        TradeExecuted e => standing!.Agree(e.TradeId),
        _ => throw new UnreachableException(fact.GetType().Name),
    };
}
