using CarbonMarket.Trading.Market;
using Marten;
using Weasel.Core;

namespace CarbonMarket.Trading.Orders;

/// <summary>How far a market's orders are in the store. May be lost: then all are stored again.</summary>
/// <param name="Id">Of the market's journal.</param>
/// <param name="Version">Of the journal.</param>
public sealed record OrdersKept(Guid Id, long Version, DateOnly? OpenDay, DateOnly? LastClosedDay);

/// <summary>
/// Stores a day's orders when it has ended and what came after it when the next has begun: until then the market's memory has
/// them all, and nobody's order is slower because an earlier one is written down a second time (ADR 31).
/// </summary>
public sealed class KeepPastOrders(Venues venues, IDocumentStore store, ILogger<KeepPastOrders> logger) : MarketFollower(venues, store, logger)
{
    private const int OrdersTogether = 5_000;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    public override string Name => "past orders";

    protected override async Task Follow(Venue venue, CancellationToken untilLost)
    {
        OrdersKept kept;
        await using (var session = Store.QuerySession())
            kept = await session.LoadAsync<OrdersKept>(venue.Stream, untilLost) ?? new OrdersKept(venue.Stream, 0, null, null);
        while (true)
        {
            var (open, closed) = await venue.Read(market => (market.OpenDay, market.LastClosedDay), untilLost);
            // Everything that led there is committed, and so below this version.
            var reached = kept with { Version = venue.Engine.Version, OpenDay = open, LastClosedDay = closed };
            if ((open, closed) != (kept.OpenDay, kept.LastClosedDay))
                kept = await Keep(venue, kept.Version, reached, untilLost);
            await Task.Delay(BetweenLooks, TimeProvider.System, untilLost);
        }
    }

    private async Task<OrdersKept> Keep(Venue venue, long after, OrdersKept reached, CancellationToken untilLost)
    {
        await using var session = Store.LightweightSession();
        var stored = await session.LoadAsync<OrdersKept>(venue.Stream, untilLost);
        if ((stored?.Version ?? 0) != after)
            throw new InvalidOperationException($"{venue.Market} is stored to version {stored?.Version} by another process; this one was at {after}.");
        var orders = new PastOrders(venue.Stream, await session.Query<OrderView>()
            .Where(order => order.Market == venue.Stream && order.Status == OrderStatus.Open).ToListAsync(untilLost));
        if (reached.Version > after)
        {
            await foreach (var command in venue.Engine.Follow(after, untilLost))
            {
                foreach (var fact in command.Events)
                    orders.Evolve(fact);
                if (orders.Ended >= OrdersTogether)
                    await StoreEnded(orders, untilLost);
                if (command.LastVersion < reached.Version)
                    continue;
                reached = reached with { Version = command.LastVersion };
                break;
            }
        }

        await StoreEnded(orders, untilLost);
        session.Store(orders.Changed);
        session.Store(reached);
        await session.SaveChangesAsync(untilLost);
        return reached;
    }

    private async Task StoreEnded(PastOrders orders, CancellationToken untilLost)
    {
        if (orders.TakeEnded() is { Count: > 0 } ended)
            await Store.BulkInsertAsync(ended, BulkInsertMode.OverwriteExisting, OrdersTogether, untilLost);
    }
}
