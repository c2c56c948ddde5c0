using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Orders;

public static class CancelOrders
{
    public static void Map(RouteGroupBuilder orders) => orders.MapDelete("/{orderId:guid}", Handle)
        .ForTraders()
        .WithName("cancel-order")
        .WithSummary("Cancel what is left of an own order (撤单)")
        .WithDescription(
            "Leaves the book at once and releases what was reserved. Cancelling again answers as the first time. 404 unknown-order: no "
            + "such order of yours. 422 order-finished: it is filled or has lapsed; a trade once made stands.")
        .Produces<OrderAnswer>()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="orderId">An own order, as it was named when it was placed.</param>
    internal static async Task<IResult> Handle(
        string market, Guid orderId, HttpContext context, Venues venues, FindOrders orders, OrderDesk desk,
        CancellationToken cancellationToken)
    {
        var (venue, participant) = (venues[market], context.User.ParticipantId());
        if (await orders.Find(venue, orderId, cancellationToken) is not { } order || order.ParticipantId != participant)
            return FindOrders.Unknown(orderId);
        // What has ended stays ended, and of earlier days the market itself remembers no more than that there was an order.
        if (order.Status is OrderStatus.Cancelled)
            return TypedResults.Ok(order);
        if (order.Status is not OrderStatus.Open)
            return Problem.Refused("order-finished", $"Order {orderId} is {order.Status.ToString().ToLowerInvariant()} already.");
        var outcome = await desk.Cancel(venue, context, orderId, cancellationToken);
        var after = await orders.Find(venue, orderId, cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(after ?? order));
    }
}
