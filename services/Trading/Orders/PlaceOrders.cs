using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;

namespace CarbonMarket.Trading.Orders;

public static class PlaceOrders
{
    /// <param name="OrderId">Made by the caller; a repeat of the same order answers as the first time.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Side">buy or sell.</param>
    /// <param name="Quantity">Units, in whole lots.</param>
    /// <param name="PriceMinor">
    /// Limit in minor units of the market's currency per unit, on the tick; left out by a market-to-limit order.
    /// </param>
    /// <param name="TimeInForce">
    /// day (当日有效); gtd: good till a date; ioc: what does not trade at once is cancelled; fok: all of it trades at once or
    /// nothing does.
    /// </param>
    /// <param name="Type">
    /// limit (where left out), or market-to-limit: the order takes the best price of the other side as its limit.
    /// </param>
    /// <param name="GoodTill">Last legal day of a gtd order.</param>
    /// <param name="MinimumQuantity">What must trade at once, or nothing does and the order is cancelled.</param>
    /// <param name="PostOnly">Refused where it would trade at once.</param>
    public sealed record NewOrder(
        Guid? OrderId = null, string? Instrument = null, Side? Side = null, long? Quantity = null, long? PriceMinor = null,
        TimeInForce? TimeInForce = null, OrderType? Type = null, DateOnly? GoodTill = null, long? MinimumQuantity = null,
        bool? PostOnly = null);

    public enum OrderType
    {
        Limit,
        MarketToLimit,
    }

    /// <param name="Id">The order's id.</param>
    /// <param name="Code">Why it was rejected; stable.</param>
    /// <param name="FilledQuantity">Units traded the moment it was accepted.</param>
    /// <param name="Status">
    /// What it was when it had been matched; null when rejected. A repeat so late that the first answer is forgotten is told
    /// how the order stands.
    /// </param>
    public sealed record OrderResult(
        Guid Id, ItemOutcome Outcome, string? Code, string? Reason, long FilledQuantity, OrderStatus? Status);

    public static void Map(RouteGroupBuilder orders) => orders.MapPost("/batch", Handle)
        .ForTraders()
        .WithName("place-orders")
        .WithSummary("Place up to 500 orders (挂牌协议交易)")
        .WithDescription(
            "Orders are decided in the order of the items, each on its own. An order that passes the rules has its buying power "
            + "reserved (cash at limit x quantity, or units) and is matched by price, then time, at the resting order's price. An order "
            + "that would meet one of the same participant does not trade with it (self-trade). Codes of a rejected order, "
            + "in order of precedence: unknown-instrument, outside-session, too-many-orders, good-till-past, minimum-above-quantity, "
            + "no-opposite-price, quantity-off-lot, price-off-tick, value-too-large, quantity-not-listed, price-outside-band, "
            + "insufficient-cash, insufficient-units, same-day-resale, post-only-would-trade; "
            + "command-id-reused or id-reused when the id stands for another order, of "
            + "this day or (among the market's last million) of an earlier one. A rejected order stays rejected under its id.")
        .Produces<BatchAnswer<OrderResult>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    internal static async Task<IResult> Handle(
        string market, Batch<NewOrder> batch, HttpContext context, Venues venues, FindOrders orders, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (Check(batch) is { Any: true } faults)
            return faults.ToProblem();
        var (venue, at, provenance, participant) = (venues[market], clock.GetUtcNow(), context.Provenance(), context.User.ParticipantId());
        // Handed over one after the other and awaited together: decided in the order of the items, committed as a group.
        var outcomes = await Task.WhenAll(batch.Items!.Select(order =>
            venue.Execute(context.CommandId(order.OrderId!.Value), Command(order, participant, at), provenance, cancellationToken)));
        var results = await Task.WhenAll(batch.Items!.Zip(outcomes, async (order, outcome) =>
            outcome is Outcome<MarketEvent>.Accepted { Events.IsEmpty: true }
                && await orders.Find(venue, order.OrderId!.Value, cancellationToken) is { } earlier
                ? new OrderResult(earlier.OrderId, ItemOutcome.Accepted, null, null, earlier.FilledQuantity.Value, earlier.Status)
                : Result(order, outcome)));
        return TypedResults.Ok(new BatchAnswer<OrderResult>(results));
    }

    private static Faults Check(Batch<NewOrder> batch) => batch.Check(order => order.OrderId, (faults, order, path) =>
    {
        faults.RequireId(order.OrderId, $"{path}.orderId");
        faults.RequireName(order.Instrument, $"{path}.instrument");
        faults.Require(order.Side is not null, $"{path}.side", "required", "buy or sell.");
        faults.RequirePositive(order.Quantity, $"{path}.quantity");
        if (order.Type is OrderType.MarketToLimit)
            faults.Require(order.PriceMinor is null, $"{path}.priceMinor", "contradicts-type", "A market-to-limit order names no price.");
        else
            faults.RequirePositive(order.PriceMinor, $"{path}.priceMinor");
        faults.Require(order.TimeInForce is not null, $"{path}.timeInForce", "required", "day, gtd, ioc or fok.");
        faults.Require((order.TimeInForce is Orders.TimeInForce.Gtd) == order.GoodTill is not null, $"{path}.goodTill", "contradicts-time-in-force",
            "A gtd order names its last day, and no other order does.");
        if (order.MinimumQuantity is not null)
            faults.RequirePositive(order.MinimumQuantity, $"{path}.minimumQuantity");
        faults.Require(order.PostOnly is not true || Rests(order), $"{path}.postOnly", "contradicts-itself",
            "A post-only order rests: it has a price, is day or gtd and asks for no minimum.");
    });

    private static bool Rests(NewOrder order) =>
        order is { TimeInForce: Orders.TimeInForce.Day or Orders.TimeInForce.Gtd, MinimumQuantity: null } and not { Type: OrderType.MarketToLimit };

    private static PlaceOrder Command(NewOrder order, Guid participant, DateTimeOffset at) => new(
        order.OrderId!.Value, participant, order.Instrument!, order.Side!.Value, Quantity.Of(order.Quantity!.Value),
        order.PriceMinor is { } price ? Price.OfMinor(price) : null, order.TimeInForce!.Value, at)
    {
        Conditions = order is { GoodTill: null, MinimumQuantity: null, PostOnly: not true }
            ? null
            : new OrderConditions(
                order.GoodTill, order.MinimumQuantity is { } minimum ? Quantity.Of(minimum) : null, order.PostOnly is true),
    };

    private static OrderResult Result(NewOrder order, Outcome<MarketEvent> outcome)
    {
        var id = order.OrderId!.Value;
        if (outcome is Outcome<MarketEvent>.Rejected rejected)
            return new OrderResult(id, ItemOutcome.Rejected, rejected.Code, rejected.Reason, 0, null);
        var accepted = (Outcome<MarketEvent>.Accepted)outcome;
        var filled = accepted.Events.OfType<TradeExecuted>()
            .Where(trade => trade.BuyOrderId == id || trade.SellOrderId == id).Sum(trade => trade.Quantity.Value);
        var withdrawn = accepted.Events.OfType<OrderReduced>().Where(reduced => reduced.OrderId == id).Sum(reduced => reduced.By.Value);
        var status = filled + withdrawn == order.Quantity ? OrderStatus.Filled
            : accepted.Events.OfType<OrderCancelled>().Any(cancelled => cancelled.OrderId == id) ? OrderStatus.Cancelled
            : OrderStatus.Open;
        return new OrderResult(id, ItemOutcome.Accepted, null, null, filled, status);
    }
}
