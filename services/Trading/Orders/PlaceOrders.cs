using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Orders;

public static class PlaceOrders
{
    private const string Rules =
        "An order that passes the rules has its buying power reserved (cash at limit x quantity, or units) and is matched by price, then "
        + "time, at the resting order's price. An order that would meet one of the same participant does not trade with it (self-trade). "
        + "Codes of a rejected order, in order of precedence: unknown-instrument, killed, participant-suspended, "
        + "instrument-suspended, halted, outside-session, not-in-call, too-many-orders, too-many-open-orders, time-in-force-not-allowed, "
        + "good-till-past, good-till-too-late, minimum-above-quantity, no-opposite-price, quantity-off-lot, price-off-tick, value-too-large, "
        + "order-too-large, order-value-too-large, quantity-not-listed, price-outside-band, position-limit, insufficient-cash, insufficient-units, same-day-resale, post-only-would-trade; "
        + "command-id-reused or id-reused when the id stands for another order, of this day or (among the market's last million) of an "
        + "earlier one. A rejected order stays rejected under its id. 429 message-rate: more orders, replacements and bids than a participant "
        + "may send in one second; nothing of the request was looked at.";

    public static void Map(RouteGroupBuilder orders)
    {
        orders.MapPost("", One)
            .ForTraders()
            .WithinMessageRate()
            .WithName("place-order")
            .WithSummary("Place one order (挂牌协议交易)")
            .WithDescription($"{Rules} A rejection is 422 (409 for a reused id). Many orders are faster as a batch or over gRPC.")
            .Produces<OrderResult>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        orders.MapPost("/batch", Many)
            .ForTraders()
            .WithinMessageRate()
            .WithName("place-orders")
            .WithSummary("Place up to 500 orders (挂牌协议交易)")
            .WithDescription($"Orders are decided in the order of the items, each on its own. {Rules}")
            .Produces<BatchAnswer<OrderResult>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    internal static async Task<IResult> One(
        string market, NewOrder order, HttpContext context, Venues venues, OrderDesk desk, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        order.Check(faults, "$");
        if (faults.Any)
            return faults.ToProblem();
        var (results, _) = await desk.Place(venues[market], context, [order], session: null, cancellationToken);
        return results[0] is { Code: { } code, Reason: { } reason } ? Problem.Refused(code, reason) : TypedResults.Ok(results[0]);
    }

    internal static async Task<IResult> Many(
        string market, Batch<NewOrder> batch, HttpContext context, Venues venues, OrderDesk desk, CancellationToken cancellationToken)
    {
        if (batch.Check(order => order.OrderId, (faults, order, path) => order.Check(faults, path)) is { Any: true } faults)
            return faults.ToProblem();
        var (results, _) = await desk.Place(venues[market], context, batch.Items!, session: null, cancellationToken);
        return TypedResults.Ok(new BatchAnswer<OrderResult>(results));
    }
}
