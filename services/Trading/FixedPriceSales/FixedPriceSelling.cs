using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.FixedPriceSales;

/// <param name="MostPerBuyer">Units one buyer may buy in all; null: as many as there are.</param>
public sealed record AnnounceSale(
    Guid SaleId, string Instrument, Guid SellerParticipantId, Quantity Quantity, Price Price, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, Quantity? MostPerBuyer, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => SaleId;
}

/// <param name="Explanation">Why, for all to read.</param>
public sealed record WithdrawSale(Guid SaleId, string Explanation, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => SaleId;
}

public sealed record BuyFromSale(
    Guid PurchaseId, Guid SaleId, Guid ParticipantId, Quantity Quantity, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => PurchaseId;

    /// <inheritdoc cref="PlaceOrder.Representative"/>
    [JsonIgnore]
    public string? Representative { get; init; }
}

/// <summary>The sale is announced and the seller's units are reserved for it.</summary>
public sealed record FixedPriceSaleAnnounced(
    Guid SaleId, string Instrument, Guid SellerParticipantId, Quantity Quantity, Price Price, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, Quantity? MostPerBuyer, DateTimeOffset At) : MarketEvent(At)
{
    /// <summary>What the seller pays of each of its trades (手续费率), whatever the rules say later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BasisPoints FeeBasisPoints { get; init; }
}

/// <summary>The sale is over; what was not sold is the seller's again.</summary>
/// <param name="Reason">One of <see cref="SaleEnding"/>.</param>
/// <param name="Explanation">The authority's words; null unless withdrawn.</param>
public sealed record FixedPriceSaleClosed(
    Guid SaleId, Guid SellerParticipantId, Quantity Sold, Quantity Unsold, string Reason, string? Explanation, DateTimeOffset At)
    : MarketEvent(At);

/// <summary>
/// Fixed-price sale of the authority's reserve (定价出让). Within one trading day's window every purchase is a trade at
/// once, first come, first served; the band and the size of the book do not bind a price that the authority sets.
/// </summary>
public static class FixedPriceSelling
{
    // Technical: they bound the market's memory. What a buyer may buy is the sale's to say.
    public const int MostOpenSales = 100;
    public const int MostPurchases = 20_000;

    /// <inheritdoc cref="Auctioning.Decide"/>
    public static Decision<MarketEvent> Decide(PolicyPack pack, PolicyPack then, MarketState market, AnnounceSale asked, DateTimeOffset at)
    {
        if (market.Sales.Find(asked.SaleId) is { } earlier)
            return Repeat(earlier, asked);
        return Check(pack, then, market, asked, at) is { } refusal
            ? Reject(refusal.Code, refusal.Reason)
            : Accept(new FixedPriceSaleAnnounced(
                asked.SaleId, asked.Instrument, asked.SellerParticipantId, asked.Quantity, asked.Price, asked.OpensAt, asked.ClosesAt,
                asked.MostPerBuyer, at)
            {
                FeeBasisPoints = pack.Instrument(asked.Instrument)!.FeeRate(buys: false),
            });
    }

    public static Decision<MarketEvent> Decide(MarketState market, WithdrawSale withdrawal, DateTimeOffset at)
    {
        if (market.Sales.Find(withdrawal.SaleId) is not { } sale)
            return Unknown(withdrawal.SaleId);
        if (sale.ClosedFor == SaleEnding.Withdrawn && sale.Explanation == withdrawal.Explanation)
            return Accept();
        return sale.Closed
            ? Reject("sale-closed", $"The sale is over already ({sale.ClosedFor}).")
            : Accept(Closed(sale, sale.Sold, SaleEnding.Withdrawn, withdrawal.Explanation, at));
    }

    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, BuyFromSale purchase, DateTimeOffset at)
    {
        if (market.Sales.Find(purchase.SaleId) is not { } sale)
            return Unknown(purchase.SaleId);
        if (sale.Purchase(purchase.PurchaseId) is { } earlier)
            return (earlier.ParticipantId, earlier.Quantity) == (purchase.ParticipantId, purchase.Quantity)
                ? Accept()
                : Reject("id-reused", $"Purchase {purchase.PurchaseId} exists with other content.");
        return (market.Controls.Refuse(pack, purchase.ParticipantId, purchase.Representative, sale.Instrument)
            ?? Check(pack, market, sale, purchase, at)) is { } refusal
            ? Reject(refusal.Code, refusal.Reason)
            : Accept(Bought(pack, market, sale, purchase, at));
    }

    /// <summary>All sales whose window ends at this moment.</summary>
    public static ImmutableArray<MarketEvent> Close(MarketState market, DateTimeOffset due) =>
    [
        .. market.Sales.Open.Values.Where(sale => sale.ClosesAt == due).OrderBy(sale => sale.SaleId)
            .Select(sale => Closed(sale, sale.Sold, SaleEnding.WindowEnded, null, due)),
    ];

    public static void Evolve(MarketState market, FixedPriceSaleAnnounced announced)
    {
        market.AccountOf(announced.SellerParticipantId).UnitsOf(announced.Instrument).Announce(announced.Quantity.Value);
        market.Keep(new FixedPriceSale
        {
            SaleId = announced.SaleId,
            Instrument = announced.Instrument,
            SellerParticipantId = announced.SellerParticipantId,
            Quantity = announced.Quantity,
            Price = announced.Price,
            OpensAt = announced.OpensAt,
            ClosesAt = announced.ClosesAt,
            MostPerBuyer = announced.MostPerBuyer,
            FeeBasisPoints = announced.FeeBasisPoints,
        });
    }

    public static void Evolve(MarketState market, FixedPriceSaleClosed closed)
    {
        var sale = market.Sales.Open[closed.SaleId];
        market.AccountOf(sale.SellerParticipantId).UnitsOf(sale.Instrument).TakeBack(closed.Unsold.Value);
        sale.Close(closed.Reason, closed.Explanation);
        market.Keep(sale);
    }

    /// <summary>What was reserved for the purchase is free to be taken by its trade.</summary>
    internal static void Sell(MarketState market, TradeExecuted trade)
    {
        market.Sales.Open[trade.SellOrderId].Add(new Purchase(
            trade.BuyOrderId, trade.BuyerParticipantId, trade.Quantity, trade.TradeId, trade.Sequence, trade.At));
        market.AccountOf(trade.SellerParticipantId).UnitsOf(trade.Instrument).Release(trade.Quantity.Value);
    }

    private static ImmutableArray<MarketEvent> Bought(
        PolicyPack pack, MarketState market, FixedPriceSale sale, BuyFromSale purchase, DateTimeOffset at)
    {
        var events = ImmutableArray.CreateBuilder<MarketEvent>();
        if (market.OpenDay is null)
            events.Add(TradingDay.Open(pack, at));
        var sequence = market.LastTradeSequence + 1;
        events.Add(new TradeExecuted(
            sequence, Trade.IdOf(purchase.PurchaseId, sequence), sale.Instrument, purchase.PurchaseId, sale.SaleId, purchase.ParticipantId,
            sale.SellerParticipantId, purchase.Quantity, sale.Price, TradeMode.FixedPrice, market.OpenDay ?? pack.LegalDay(at), at)
        {
            OfIssue = true,
            BuyerFee = pack.Instrument(sale.Instrument)!.FeeRate(buys: true).Of(purchase.Quantity, sale.Price),
            SellerFee = sale.FeeBasisPoints.Of(purchase.Quantity, sale.Price),
        });
        if (purchase.Quantity == sale.Left)
            events.Add(Closed(sale, sale.Quantity, SaleEnding.SoldOut, null, at));
        return events.ToImmutable();
    }

    internal static FixedPriceSaleClosed Closed(FixedPriceSale sale, Quantity sold, string reason, string? explanation, DateTimeOffset at) =>
        new(sale.SaleId, sale.SellerParticipantId, sold, sale.Quantity - sold, reason, explanation, at);

    private static Decision<MarketEvent> Repeat(FixedPriceSale earlier, AnnounceSale asked) =>
        (earlier.Instrument, earlier.SellerParticipantId, earlier.Quantity, earlier.Price, earlier.OpensAt, earlier.ClosesAt, earlier.MostPerBuyer)
            == (asked.Instrument, asked.SellerParticipantId, asked.Quantity, asked.Price, asked.OpensAt, asked.ClosesAt, asked.MostPerBuyer)
            ? Accept()
            : Reject("id-reused", $"Sale {asked.SaleId} exists with other content.");

    private static Refusal? Check(PolicyPack pack, PolicyPack then, MarketState market, AnnounceSale asked, DateTimeOffset at)
    {
        if (market.Sales.IsPast(asked.SaleId))
            return new("id-reused", $"Sale {asked.SaleId} was held before; another takes an id of its own.");
        if (pack.Instrument(asked.Instrument) is not { } rules)
            return new("unknown-instrument", $"{pack.Market} does not trade {asked.Instrument}.");
        if (OrderRules.Form(rules, asked.Quantity, asked.Price) is { } fault)
            return fault;
        if (asked.MostPerBuyer is { } most && OrderRules.Form(rules, most, asked.Price) is { } unbuyable)
            return unbuyable;
        return Window(then, asked, at) ?? (market.Sales.Open.Count >= MostOpenSales
            ? new("too-many-sales", $"At most {MostOpenSales} sales stand at a time.")
            : Supply(market, rules, asked));
    }

    private static Refusal? Window(PolicyPack pack, AnnounceSale asked, DateTimeOffset at)
    {
        if (asked.OpensAt >= asked.ClosesAt || asked.ClosesAt <= at)
            return new("sale-times", $"A sale opens before it closes and closes after now ({pack.Moment(at)}): {pack.Moment(asked.OpensAt)}, {pack.Moment(asked.ClosesAt)}.");
        return TradingDay.Has(pack, asked.ClosesAt) && pack.LegalDay(asked.OpensAt) == pack.LegalDay(asked.ClosesAt)
            ? null
            : new("sale-outside-trading-day", $"A sale opens and closes on one trading day, before that ends; {pack.Moment(asked.OpensAt)} to {pack.Moment(asked.ClosesAt)} does not.");
    }

    /// <summary>An official names the seller, and no seller is asked: only what two officials have issued for it is sold.</summary>
    private static Refusal? Supply(MarketState market, Instrument rules, AnnounceSale asked)
    {
        var seller = market.Accounts.GetValueOrDefault(asked.SellerParticipantId);
        var free = seller?.Sellable(rules.Id, rules.SameDayResaleBanned) ?? 0;
        if (asked.Quantity.Value > free)
            return new("insufficient-units", $"{asked.Quantity} offered, the seller has {Math.Max(0, free)} available.");
        var issued = seller?.Held(rules.Id)?.ForAuction ?? 0;
        return asked.Quantity.Value > issued
            ? new("not-for-auction", $"{asked.Quantity} offered, {issued} were issued onto the seller's trading account to be sold by the authority.")
            : null;
    }

    private static Refusal? Check(PolicyPack pack, MarketState market, FixedPriceSale sale, BuyFromSale purchase, DateTimeOffset at)
    {
        if (sale.Closed)
            return new("sale-closed", $"The sale is over ({sale.ClosedFor}).");
        if (at < sale.OpensAt)
            return new("sale-not-open", $"The sale opens at {pack.Moment(sale.OpensAt)}.");
        // A sale may be announced before rules are published that end the day earlier, or no longer name the instrument.
        if (!TradingDay.Has(pack, at))
            return new("sale-outside-trading-day", $"A sale is on a trading day and before that ends; {pack.LegalDay(at):O} does not allow {pack.Moment(at)}.");
        if (pack.Instrument(sale.Instrument) is not { } rules)
            return new("unknown-instrument", $"{pack.Market} does not trade {sale.Instrument} any more.");
        if (OrderRules.Form(rules, purchase.Quantity, sale.Price) is { } fault)
            return fault;
        if (purchase.ParticipantId == sale.SellerParticipantId)
            return new("purchase-by-seller", "The seller does not buy from its own sale.");
        if (purchase.Quantity > sale.Left)
            return new("purchase-above-supply", $"{purchase.Quantity} asked for, {sale.Left} left.");
        if (sale.MostPerBuyer is { } most && sale.BoughtBy(purchase.ParticipantId) + purchase.Quantity > most)
            return new("purchase-above-maximum", $"A buyer buys at most {most}, and {sale.BoughtBy(purchase.ParticipantId)} are bought already; not {purchase.Quantity} more.");
        var fee = rules.FeeRate(buys: true).Of(purchase.Quantity, sale.Price);
        return sale.Purchases.Count >= MostPurchases
            ? new("too-many-purchases", $"A sale takes at most {MostPurchases} purchases.")
            : OrderRules.Position(market, rules, purchase.ParticipantId, purchase.Quantity.Value)
                ?? OrderRules.Affordable(market, purchase.ParticipantId, (purchase.Quantity * sale.Price) + fee, fee);
    }

    private static Decision<MarketEvent> Unknown(Guid saleId) => Reject("unknown-sale", $"There is no fixed-price sale {saleId}.");
}
