using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Trading.Orders;

public enum OrderType
{
    Limit,
    MarketToLimit,
}

/// <summary>An order as a trader hands it in.</summary>
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
    bool? PostOnly = null)
{
    private bool Rests => this is
        { TimeInForce: Orders.TimeInForce.Day or Orders.TimeInForce.Gtd, MinimumQuantity: null } and not { Type: OrderType.MarketToLimit };

    internal void Check(Faults faults, string path)
    {
        faults.RequireId(OrderId, $"{path}.orderId");
        faults.RequireName(Instrument, $"{path}.instrument");
        faults.Require(Side is not null, $"{path}.side", "required", "buy or sell.");
        faults.RequirePositive(Quantity, $"{path}.quantity");
        if (Type is OrderType.MarketToLimit)
            faults.Require(PriceMinor is null, $"{path}.priceMinor", "contradicts-type", "A market-to-limit order names no price.");
        else
            faults.RequirePositive(PriceMinor, $"{path}.priceMinor");
        faults.Require(TimeInForce is not null, $"{path}.timeInForce", "required", "day, gtd, ioc or fok.");
        faults.Require((TimeInForce is Orders.TimeInForce.Gtd) == GoodTill is not null, $"{path}.goodTill", "contradicts-time-in-force",
            "A gtd order names its last day, and no other order does.");
        if (MinimumQuantity is not null)
            faults.RequirePositive(MinimumQuantity, $"{path}.minimumQuantity");
        faults.Require(PostOnly is not true || Rests, $"{path}.postOnly", "contradicts-itself",
            "A post-only order rests: it has a price, is day or gtd and asks for no minimum.");
    }

    /// <param name="session">The session whose end ends the order; null: none.</param>
    internal PlaceOrder ToCommand(Guid participantId, string representative, Guid? session, DateTimeOffset at) => new(
        OrderId!.Value, participantId, Instrument!, Side!.Value, Kernel.Quantity.Of(Quantity!.Value),
        PriceMinor is { } price ? Price.OfMinor(price) : null, TimeInForce!.Value, at)
    {
        Representative = representative,
        Session = session,
        Conditions = (GoodTill, MinimumQuantity, PostOnly) is (null, null, not true)
            ? null
            : new OrderConditions(GoodTill, MinimumQuantity is { } minimum ? Kernel.Quantity.Of(minimum) : null, PostOnly is true),
    };
}
