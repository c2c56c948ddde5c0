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
        await foreach (var command in venue.Engine.Follow(await Reached(venue, untilLost), untilLost))
        {
            var told = command.Events.Where(fact => fact is BlockOffered or BlockCountered or BlockEnded or TradeExecuted { Mode: TradeMode.Block }).ToList();
            // A day's end moves the position too, so that a start has a day to read and not years.
            if (told.Count == 0 && !command.Events.Any(fact => fact is TradingDayClosed))
                continue;
            await using var session = Store.LightweightSession();
            var blocks = new Dictionary<Guid, Block>();
            foreach (var fact in told)
                await Evolve(blocks, fact, session, untilLost);
            session.Store(blocks.Values.Select(block => BlockView.Of(block, venue.Stream)));
            Reach(session, venue, command.LastVersion);
            await session.SaveChangesAsync(untilLost);
        }
    }

    private static async Task Evolve(Dictionary<Guid, Block> blocks, object fact, IQuerySession session, CancellationToken cancellationToken)
    {
        var block = fact switch
        {
            BlockOffered e => Block.Of(e),
            BlockCountered e => (await Standing(e.BlockId)).Counter(e),
            BlockEnded e => (await Standing(e.BlockId)).End(e.Reason),
            TradeExecuted e => (await Standing(e.BuyOrderId)).Agree(e.TradeId),
            _ => throw new UnreachableException(fact.GetType().Name),
        };
        blocks[block.BlockId] = block;

        async Task<Block> Standing(Guid id) => blocks.GetValueOrDefault(id)
            ?? (await session.LoadAsync<BlockView>(id, cancellationToken))?.Block
            ?? throw new InvalidOperationException($"Negotiation {id} goes on and is not stored: its offer comes first in the journal.");
    }
}
