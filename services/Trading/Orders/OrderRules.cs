using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Orders;

/// <summary>Why something is refused: the code is API, the reason names the limit and the value that broke it.</summary>
public sealed record Refusal(string Code, string Reason);

/// <summary>What must hold before an order enters the book, in order of precedence. Null: nothing is wrong.</summary>
public static class OrderRules
{
    /// <summary>More than any market turns over; keeps every sum of the market within 64 bits.</summary>
    public const long LargestValueMinor = 1_000_000_000_000_000;

    /// <summary>How many orders a participant may place on one day.</summary>
    public const int MostOrdersPerDay = 100_000;

    public static Refusal? Check(PolicyPack pack, MarketState market, PlaceOrder order, DateTimeOffset at)
    {
        if (pack.Instrument(order.Instrument) is not { } instrument)
            return new("unknown-instrument", $"{pack.Market} does not trade {order.Instrument}.");
        if (pack.SessionAt(at) is null)
            return new("outside-session", $"No continuous session at {at:O}; the legal day is {pack.LegalDay(at):O}.");
        return Form(instrument, order.Quantity, order.Price)
            ?? Listed(instrument, order.Quantity)
            ?? Band(instrument, market, order.Price)
            ?? Load(market, order)
            ?? BuyingPower(instrument, market, order);
    }

    /// <summary>Lot, tick and size: the same for orders and bids.</summary>
    public static Refusal? Form(Instrument instrument, Quantity quantity, Price price)
    {
        if (quantity.IsZero || quantity.Value % instrument.LotSize != 0)
            return new("quantity-off-lot", $"A quantity is a multiple of {instrument.LotSize} above zero, not {quantity}.");
        if (price.MinorPerUnit % instrument.TickMinor != 0)
            return new("price-off-tick", $"A price is a multiple of {instrument.TickMinor} minor units, not {price.MinorPerUnit}.");
        if ((Int128)quantity.Value * price.MinorPerUnit > LargestValueMinor)
            return new("value-too-large", $"{quantity} x {price.MinorPerUnit} minor units is above {LargestValueMinor}.");
        return null;
    }

    public static Refusal? Affordable(MarketState market, Guid participantId, Money cost)
    {
        var free = market.Accounts.TryGetValue(participantId, out var account) ? account.Cash.Free : 0;
        return cost.Minor > free
            ? new("insufficient-cash", $"{cost.Minor} minor units needed, {Math.Max(0, free)} available.")
            : null;
    }

    private static Refusal? Listed(Instrument instrument, Quantity quantity) =>
        instrument.ListedBelowQuantity is { } threshold && quantity.Value >= threshold
            ? new("quantity-not-listed", $"Orders in the book stay below {threshold}; {quantity} trades as a block.")
            : null;

    private static Refusal? Band(Instrument instrument, MarketState market, Price price) =>
        PriceBand.Of(instrument, market.ReferencePrice(instrument)) is { } band && !band.Contains(price)
            ? new("price-outside-band", $"Today's prices lie in {band.LowMinor}-{band.HighMinor} minor units, not at {price.MinorPerUnit}.")
            : null;

    private static Refusal? Load(MarketState market, PlaceOrder order) =>
        market.OpenDay is not null
            && market.Accounts.TryGetValue(order.ParticipantId, out var account) && account.Orders.Count >= MostOrdersPerDay
            ? new("too-many-orders", $"A participant places at most {MostOrdersPerDay} orders a day.")
            : null;

    private static Refusal? BuyingPower(Instrument instrument, MarketState market, PlaceOrder order)
    {
        if (order.Side == Side.Buy)
            return Affordable(market, order.ParticipantId, order.Quantity * order.Price);
        if (!market.Accounts.TryGetValue(order.ParticipantId, out var account))
            return new("insufficient-units", $"{order.Quantity} offered, 0 available.");
        var sellable = account.Sellable(instrument.Id, instrument.SameDayResaleBanned);
        if (order.Quantity.Value <= sellable)
            return null;
        return order.Quantity.Value <= account.Sellable(instrument.Id, sameDayResaleBanned: false)
            ? new("same-day-resale", $"Units bought today are not sold today: {order.Quantity} offered, {Math.Max(0, sellable)} sellable.")
            : new("insufficient-units", $"{order.Quantity} offered, {Math.Max(0, sellable)} available.");
    }
}
