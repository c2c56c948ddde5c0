using System.Collections.Immutable;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Market;
using Marten;

namespace CarbonMarket.Trading.Orders;

public static class GetOrders
{
    public static void Map(RouteGroupBuilder orders)
    {
        orders.MapGet("/{orderId:guid}", One)
            .WithName("get-order")
            .WithSummary("One order, as it stands")
            .WithDescription("A participant sees its own orders; regulator, operator and auditor see all. 404 unknown-order.")
            .Produces<OrderAnswer>();
        orders.MapGet("", List)
            .RequireParticipant()
            .WithName("list-orders")
            .WithSummary("The caller's own orders, oldest first")
            .WithDescription("Cursor: the order's number. Orders of days before the last one appear moments after the next day has opened.")
            .Produces<Page<OrderAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <param name="orderId">As it was named when it was placed.</param>
    internal static async Task<IResult> One(
        string market, Guid orderId, HttpContext context, Venues venues, FindOrders orders, CancellationToken cancellationToken) =>
        await orders.Find(venues[market], orderId, cancellationToken) is { } order && context.User.MaySee(order.ParticipantId)
            ? TypedResults.Ok(order)
            : FindOrders.Unknown(orderId);

    internal static async Task<IResult> List(
        string market, long? after, int? limit, HttpContext context, Venues venues, FindOrders orders, CancellationToken cancellationToken)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        var size = limit ?? Paging.Usual;
        var found = await orders.Own(venues[market], context.User.ParticipantId(), after ?? 0, size + 1, cancellationToken);
        return TypedResults.Ok(Paging.Of(found, size, order => order.Number));
    }
}

/// <summary>Orders wherever they are: of the last day in the market's memory, older ones in the store.</summary>
public sealed class FindOrders(IDocumentStore store)
{
    public static IResult Unknown(Guid orderId) => Problem.NotFound("unknown-order", $"There is no order {orderId} that you may see.");

    public async Task<OrderAnswer?> Find(Venue venue, Guid orderId, CancellationToken cancellationToken)
    {
        var kept = await venue.Read(
            market => market.Orders.TryGetValue(orderId, out var order) ? OrderAnswer.Of(order) : null, cancellationToken);
        if (kept is not null)
            return kept;
        await using var session = store.QuerySession();
        return await session.LoadAsync<OrderView>(MarketDocument.IdOf(venue.Stream, orderId), cancellationToken) is { } view ? OrderAnswer.Of(view) : null;
    }

    /// <summary>A participant's orders above a number, at most so many.</summary>
    public async Task<IReadOnlyList<OrderAnswer>> Own(
        Venue venue, Guid participantId, long after, int most, CancellationToken cancellationToken)
    {
        var (first, kept) = await venue.Read(market => (market.FirstOrderKept, Kept(market, participantId, after, most)), cancellationToken);
        if (after >= first - 1)
            return kept;
        await using var session = store.QuerySession();
        var older = await session.Query<OrderView>()
            .Where(order => order.ParticipantId == participantId && order.Market == venue.Stream && order.Number > after && order.Number < first)
            .OrderBy(order => order.Number).Take(most).ToListAsync(cancellationToken);
        // Orders of earlier days that were open this day are in both: the memory is right.
        return [.. kept.Concat(older.Select(OrderAnswer.Of)).DistinctBy(order => order.OrderId).OrderBy(order => order.Number).Take(most)];
    }

    private static ImmutableArray<OrderAnswer> Kept(MarketState market, Guid participantId, long after, int most) =>
        market.Accounts.TryGetValue(participantId, out var account)
            ? [.. account.Orders.SkipWhile(order => order.Number <= after).Take(most).Select(OrderAnswer.Of)]
            : [];
}
