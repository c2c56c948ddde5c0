using System.Runtime.CompilerServices;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.TradingAccounts;

namespace CarbonMarket.Trading.Orders;

/// <summary>Why something is refused: the code is API, the reason names the limit and the value that broke it.</summary>
public sealed record Refusal(string Code, string Reason);

/// <summary>
/// What every order of one instrument keeps on one day, worked out once: the pack's rules and the band that the last close
/// sets.
/// </summary>
/// <param name="Reference">What prices are measured from; null: there is no close yet.</param>
/// <param name="Band">Null: the pack sets none, or there is nothing to measure it from.</param>
internal sealed record OrderTerms(Instrument Rules, Price? Reference, PriceBand? Band)
{
    private readonly PriceBand _prices = Band ?? new PriceBand(long.MinValue, long.MaxValue);
    private readonly long _largestQuantity = Math.Min(Rules.LargestOrderQuantity ?? long.MaxValue, (Rules.ListedBelowQuantity ?? long.MaxValue) - 1);
    private readonly long _largestValue = Math.Min(Rules.LargestOrderValueMinor ?? long.MaxValue, OrderRules.LargestValueMinor);

    public static OrderTerms Of(Instrument rules, Price? reference) => new(rules, reference, PriceBand.Of(rules, reference));

    /// <summary>
    /// Whether an order of that size and price breaks none of the rules on form, size and band, asked at once: nearly all pass, and
    /// which rule the others break is found one by one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Admit(long quantity, long price) =>
        quantity > 0 && quantity <= _largestQuantity && _prices.Contains(price)
        && (Rules.LotSize == 1 || quantity % Rules.LotSize == 0) && (Rules.TickMinor == 1 || price % Rules.TickMinor == 0)
        && Math.BigMul(quantity, price, out var value) == 0 && value >= 0 && value <= _largestValue;
}

/// <summary>What must hold before an order enters the book, in order of precedence. Null: nothing is wrong.</summary>
public static class OrderRules
{
    /// <summary>More than any market turns over; keeps every sum of the market within 64 bits.</summary>
    public const long LargestValueMinor = 1_000_000_000_000_000;

    public const string PriceOutsideBand = "price-outside-band";

    public const string OutsideSession = "outside-session";

    /// <summary>Lot, tick and size: the same for orders and bids.</summary>
    public static Refusal? Form(Instrument instrument, Quantity quantity, Price price) =>
        Form(instrument, quantity.Value, price.MinorPerUnit);

    /// <param name="cost">What the participant must have, the fees included.</param>
    /// <param name="fees">Of that, what the fees may come to at most.</param>
    public static Refusal? Affordable(MarketState market, Guid participantId, Money cost, Money fees) =>
        Affordable(market.Accounts.TryGetValue(participantId, out var account) ? account.Cash.Free : 0, cost.Minor, fees.Minor);

    /// <summary>Everything that can be said of an order by the instrument's rules and the owner's means alone.</summary>
    /// <param name="cash">The owner's.</param>
    /// <param name="units">The owner's, of the instrument.</param>
    /// <param name="spare">What the order holds already and gives back for this: nought, but for a replacement.</param>
    /// <param name="ordered">Units the order asks for already, where it is to buy: nought, but for a replacement.</param>
    /// <param name="filled">Of the whole order, which may be no larger for it: nought, but for a replacement.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Refusal? Check(
        OrderTerms terms, in IncomingOrder order, in Amounts cash, in Amounts units, long spare = 0, long ordered = 0, long filled = 0) =>
        (filled == 0 && terms.Admit(order.Quantity, order.Price) ? null : Inadmissible(terms, order, filled))
        ?? (order.Side == Side.Buy
            ? Position(terms.Rules, units, order.Quantity - ordered) ?? Affordable(cash.Free + spare, order)
            : Deliverable(order.Quantity, units.Free + spare, units.BoughtToday, terms.Rules.SameDayResaleBanned));

    /// <summary>The first of the rules on form, size and band that an order breaks; null: none.</summary>
    internal static Refusal? Inadmissible(OrderTerms terms, IncomingOrder order, long filled) =>
        Form(terms.Rules, order.Quantity, order.Price)
        ?? Size(terms.Rules, order.Quantity + filled, order.Price)
        ?? Listed(terms.Rules, order.Quantity + filled)
        ?? Band(terms, order.Price);

    /// <summary>When the instrument trades and what time it is, both as the clocks of the market show it.</summary>
    /// <param name="mode">Of which sessions; null: those of the book.</param>
    internal static string Hours(PolicyPack pack, Instrument rules, DateTimeOffset at, string? mode = null)
    {
        var (now, day) = (pack.LocalTime(at), pack.LegalDay(at));
        var sessions = pack.Trading.Sessions
            .Where(session => session.IsFor(rules) && (mode is null ? session.IsOfBook : session.Mode == mode))
            .OrderBy(session => session.Opens).Select(session => $"{session.Opens:HH:mm}-{session.Closes:HH:mm}").DefaultIfEmpty("no time");
        return $"{rules.Id} trades {(mode is null ? "in the book" : $"in {mode}s")} on trading days at {string.Join(", ", sessions)}, not on "
            + $"{day:yyyy-MM-dd} at {now:HH:mm:ss}{(pack.IsTradingDay(day) ? "" : ", which is no trading day")}.";
    }

    /// <summary>How long an order may stand.</summary>
    internal static Refusal? Life(Instrument instrument, TimeInForce timeInForce, DateOnly? goodTill, DateOnly today)
    {
        if ((instrument.TimesInForce & Named(timeInForce)) == TimesInForce.None)
            return new("time-in-force-not-allowed", $"{instrument.Id} takes {Words(instrument)}, not {Word(timeInForce)}.");
        if (goodTill is not { } last)
            return null;
        if (last < today)
            return new("good-till-past", $"An order is good till today ({today:O}) or later, not till {last:O}.");
        return instrument.LongestGoodTillDays is { } days && last > today.AddDays(days)
            ? new("good-till-too-late", $"An order is good till {today.AddDays(days):O} ({days} days on) at the latest, not till {last:O}.")
            : null;
    }

    /// <inheritdoc cref="Position(Instrument, in Amounts, long)"/>
    internal static Refusal? Position(MarketState market, Instrument instrument, Guid participantId, long more) =>
        Position(instrument, market.AmountsOf(participantId, instrument.Id), more);

    /// <summary>
    /// The position limit (最大持仓量) with so many units more than what is held and what orders, bids and terms of blocks ask for.
    /// </summary>
    /// <param name="units">The owner's, of the instrument.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Refusal? Position(Instrument instrument, in Amounts units, long more) =>
        instrument.PositionLimit is { } limit && units.Position + units.Ordered + more > limit
            ? AboveLimit(instrument, limit, units.Position + units.Ordered + more)
            : null;

    private static Refusal AboveLimit(Instrument instrument, long limit, long position) => new(
        "position-limit", $"A participant holds at most {limit} of {instrument.Id}; with what is ordered it would be {position}.");

    private static TimesInForce Named(TimeInForce timeInForce) => timeInForce switch
    {
        TimeInForce.Ioc => TimesInForce.ImmediateOrCancel,
        TimeInForce.Gtd => TimesInForce.GoodTillDate,
        TimeInForce.Fok => TimesInForce.FillOrKill,
        _ => TimesInForce.Day,
    };

    private static string Words(Instrument instrument) => string.Join(
        ", ", Enum.GetValues<TimeInForce>().Where(known => (instrument.TimesInForce & Named(known)) != TimesInForce.None).Select(Word));

    /// <summary>As orders say it.</summary>
    private static string Word(TimeInForce timeInForce) => timeInForce.ToString().ToLowerInvariant();

    /// <summary>A slip of the finger (乌龙指) stops here. Asked after the form, which keeps the value within 64 bits.</summary>
    private static Refusal? Size(Instrument instrument, long quantity, long price)
    {
        if (instrument.LargestOrderQuantity is { } most && quantity > most)
            return new("order-too-large", $"An order is for at most {most} units, not {quantity}.");
        return instrument.LargestOrderValueMinor is { } largest && quantity * price > largest
            ? new("order-value-too-large", $"An order is worth at most {largest} minor units, not {quantity * price}.")
            : null;
    }

    private static Refusal? Form(Instrument instrument, long quantity, long price)
    {
        if (quantity <= 0 || (instrument.LotSize != 1 && quantity % instrument.LotSize != 0))
            return new("quantity-off-lot", $"A quantity is a multiple of {instrument.LotSize} above zero, not {quantity}.");
        if (instrument.TickMinor != 1 && price % instrument.TickMinor != 0)
            return new("price-off-tick", $"A price is a multiple of {instrument.TickMinor} minor units, not {price}.");
        if (Math.BigMul(quantity, price, out var value) != 0 || value is < 0 or > LargestValueMinor)
            return new("value-too-large", $"{quantity} x {price} minor units is above {LargestValueMinor}.");
        return null;
    }

    private static Refusal? Listed(Instrument instrument, long quantity) =>
        instrument.ListedBelowQuantity is { } threshold && quantity >= threshold
            ? new("quantity-not-listed", $"Orders in the book stay below {threshold}; {quantity} trades as a block.")
            : null;

    private static Refusal? Band(OrderTerms terms, long price) => terms.Band is { } band && !band.Contains(price)
        ? new(PriceOutsideBand, $"Today's prices lie in {band.LowMinor}-{band.HighMinor} minor units, not at {price}.")
        : null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Refusal? Affordable(long free, in IncomingOrder order) =>
        order.Fee.Cover(order.Quantity, order.Price) is var cost && cost > free ? Affordable(free, cost, cost - (order.Quantity * order.Price)) : null;

    private static Refusal? Affordable(long free, long cost, long fees) => cost > free
        ? new("insufficient-cash", $"{cost} minor units needed{(fees > 0 ? $" ({fees} of them for fees)" : "")}, {Math.Max(0, free)} available.")
        : null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Refusal? Deliverable(long offered, long free, long boughtToday, bool sameDayResaleBanned) =>
        free - (sameDayResaleBanned ? boughtToday : 0) is var sellable && offered > sellable ? Undeliverable(offered, free, sellable) : null;

    private static Refusal Undeliverable(long offered, long free, long sellable) => offered <= free
        ? new("same-day-resale", $"Units bought today are not sold today: {offered} offered, {Math.Max(0, sellable)} sellable.")
        : new("insufficient-units", $"{offered} offered, {Math.Max(0, sellable)} available.");
}
