using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Orders;

public static class ReplaceOrders
{
    /// <param name="ReplacementId">Made by the caller; a repeat of the same replacement answers as the first time.</param>
    /// <param name="Quantity">Of the whole order, what has been filled included; in whole lots.</param>
    /// <param name="PriceMinor">The new limit, in minor units of the market's currency per unit, on the tick.</param>
    public sealed record Replacement(Guid? ReplacementId = null, long? Quantity = null, long? PriceMinor = null);

    public static void Map(RouteGroupBuilder orders) => orders.MapPut("/{orderId:guid}", Handle)
        .ForTraders()
        .WithinMessageRate()
        .WithName("replace-order")
        .WithSummary("Change quantity or price of an own open order (改单)")
        .WithDescription(
            "The order keeps its place in the queue only when its quantity falls and its price stays; otherwise it queues anew and may trade "
            + "at once. 404 unknown-order: no such order of yours. 409 command-id-reused: the id stands for another replacement. 422: "
            + "order-finished, quantity-below-filled, or what would refuse a new order of this price and quantity; the order then stays as it is.")
        .Produces<OrderAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="orderId">An own order, as it was named when it was placed.</param>
    internal static async Task<IResult> Handle(
        string market, Guid orderId, Replacement replacement, HttpContext context, Venues venues, FindOrders orders, OrderDesk desk,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(replacement.ReplacementId, "$.replacementId");
        faults.RequirePositive(replacement.Quantity, "$.quantity");
        faults.RequirePositive(replacement.PriceMinor, "$.priceMinor");
        if (faults.Any)
            return faults.ToProblem();
        var (venue, participant) = (venues[market], context.User.ParticipantId());
        if (await orders.Find(venue, orderId, cancellationToken) is not { } order || order.ParticipantId != participant)
            return FindOrders.Unknown(orderId);
        var outcome = await desk.Replace(
            venue, context, replacement.ReplacementId!.Value, orderId, Quantity.Of(replacement.Quantity!.Value),
            Price.OfMinor(replacement.PriceMinor!.Value), cancellationToken);
        var after = await orders.Find(venue, orderId, cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(after ?? order));
    }
}
