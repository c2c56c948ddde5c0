using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.TradingDays;
using Marten;
using Weasel.Core;

namespace CarbonMarket.Trading.Trades;

/// <summary>
/// Stores trades well before the market's memory lets go of them (it keeps <see cref="RecentTrades.Most"/>), many at a time:
/// each alone costs the database as much as to record the trade itself (ADR 31). The awards of an auction are stored with it.
/// </summary>
public sealed class KeepTrades(Venues venues, IDocumentStore store, ILogger<KeepTrades> logger) : MarketFollower(venues, store, logger)
{
    private const int TradesTogether = RecentTrades.Most / 5;

    public override string Name => "trades";

    protected override async Task Follow(Venue venue, CancellationToken untilLost)
    {
        var (trades, reached) = (new List<TradeExecuted>(), await Reached(venue, untilLost));
        var stored = await LastStored(venue, untilLost);
        await foreach (var command in venue.Engine.Follow(reached, untilLost))
        {
            trades.AddRange(command.Events.OfType<TradeExecuted>());
            if (trades.Count < TradesTogether && !command.Events.Any(fact => fact is TradingDayClosed or AuctionClosed))
                continue;
            // A start from an earlier version meets trades that are stored. Of later ones it is not asked whether they are there, which
            // would take longer than to write them: if they are, another process leads, and this one begins again.
            var mode = trades is [var first, ..] && first.Sequence > stored ? BulkInsertMode.InsertsOnly : BulkInsertMode.IgnoreDuplicates;
            await Insert(trades.Select(trade => TradeView.Of(trade, venue.Stream)), mode, untilLost);
            await Insert(trades.Where(trade => trade.Mode == TradeMode.Auction).Select(trade => AwardView.Of(trade, venue.Stream)), mode, untilLost);
            trades.Clear();
            await using var session = Store.LightweightSession();
            await Reach(session, venue, reached, command.LastVersion, untilLost);
            await session.SaveChangesAsync(untilLost);
            reached = command.LastVersion;
        }
    }

    private async Task<long> LastStored(Venue venue, CancellationToken cancellationToken)
    {
        await using var session = Store.QuerySession();
        return await session.Query<TradeView>().Where(trade => trade.Market == venue.Stream)
            .OrderByDescending(trade => trade.Sequence).Select(trade => trade.Sequence).FirstOrDefaultAsync(cancellationToken);
    }

    private async Task Insert<T>(IEnumerable<T> documents, BulkInsertMode mode, CancellationToken cancellationToken)
        where T : notnull
    {
        if (documents.ToList() is { Count: > 0 } some)
            await Store.BulkInsertAsync(some, mode, TradesTogether, cancellationToken);
    }
}
