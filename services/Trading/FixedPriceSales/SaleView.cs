using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;
using JasperFx.Events;
using Marten.Events.Projections;

namespace CarbonMarket.Trading.FixedPriceSales;

public enum SaleStatus
{
    Announced,
    Open,

    /// <summary>Legal time has passed the end, the rest goes back to the seller.</summary>
    Closing,
    Closed,
}

/// <summary>An own purchase; its trade was made with it.</summary>
/// <param name="PurchaseId">Made by the buyer.</param>
/// <param name="SaleId">The sale it was bought from.</param>
/// <param name="Quantity">Units bought.</param>
/// <param name="PriceMinor">Minor units of the currency per unit, without the buyer's fee.</param>
/// <param name="TradeId">The trade it became at once.</param>
/// <param name="TradeSequence">Of the market's trades.</param>
/// <param name="BoughtAt">Legal time.</param>
public sealed record PurchaseAnswer(
    Guid PurchaseId, Guid SaleId, Quantity Quantity, Price PriceMinor, Guid TradeId, long TradeSequence, DateTimeOffset BoughtAt)
{
    public static PurchaseAnswer Of(FixedPriceSale sale, Purchase purchase) => new(
        purchase.PurchaseId, sale.SaleId, purchase.Quantity, sale.Price, purchase.TradeId, purchase.TradeSequence, purchase.At);

    /// <summary>Null when the purchase had been made before and brought no fact of its own.</summary>
    public static PurchaseAnswer? Of(IEnumerable<MarketEvent> events) =>
        events.OfType<TradeExecuted>().SingleOrDefault(trade => trade.Mode == TradeMode.FixedPrice) is { } trade
            ? new(trade.BuyOrderId, trade.SellOrderId, trade.Quantity, trade.Price, trade.TradeId, trade.Sequence, trade.At)
            : null;
}

/// <summary>A fixed-price sale of the authority's reserve (定价出让) as it is told to everybody.</summary>
/// <param name="SaleId">Made by the official who announced it.</param>
/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="SellerParticipantId">Whose units are sold; they were issued onto its trading account.</param>
/// <param name="Quantity">Units put on sale.</param>
/// <param name="PriceMinor">Minor units of the currency per unit.</param>
/// <param name="OpensAt">Legal time from which purchases are taken.</param>
/// <param name="ClosesAt">
/// Legal time at which none is taken any more; it closes before that when it is sold out, withdrawn or frozen.
/// </param>
/// <param name="MostPerBuyer">Units one buyer may buy in all; null: as many as there are.</param>
/// <param name="Status">announced, open, closing or closed.</param>
/// <param name="QuantityLeft">Units nobody has bought; when closed, those that went back to the seller.</param>
/// <param name="ClosedFor">sold-out, window-ended, withdrawn or frozen; null while it is not closed.</param>
/// <param name="Explanation">Why it was withdrawn; null unless it was.</param>
/// <param name="OwnPurchases">The caller's; of sales that closed long ago, empty.</param>
public sealed record SaleAnswer(
    Guid SaleId, string Instrument, Guid SellerParticipantId, Quantity Quantity, Price PriceMinor, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, Quantity? MostPerBuyer, SaleStatus Status, Quantity QuantityLeft, string? ClosedFor, string? Explanation,
    ImmutableArray<PurchaseAnswer> OwnPurchases)
{
    public static SaleAnswer Of(FixedPriceSale sale, Guid caller, DateTimeOffset now) => new(
        sale.SaleId, sale.Instrument, sale.SellerParticipantId, sale.Quantity, sale.Price, sale.OpensAt, sale.ClosesAt, sale.MostPerBuyer,
        StatusOf(sale, now), sale.Left, sale.ClosedFor, sale.Explanation,
        [.. sale.Purchases.Where(purchase => purchase.ParticipantId == caller).Select(purchase => PurchaseAnswer.Of(sale, purchase))]);

    /// <summary>From the store only what is closed is told, or what was announced a moment ago.</summary>
    public static SaleAnswer Of(SaleView sale) => new(
        sale.SaleId, sale.Instrument, sale.SellerParticipantId, sale.Quantity, sale.Price, sale.OpensAt, sale.ClosesAt, sale.MostPerBuyer,
        sale.ClosedFor is null ? SaleStatus.Announced : SaleStatus.Closed, sale.Left, sale.ClosedFor, sale.Explanation, []);

    private static SaleStatus StatusOf(FixedPriceSale sale, DateTimeOffset now) =>
        sale.Closed ? SaleStatus.Closed
        : now < sale.OpensAt ? SaleStatus.Announced
        : now < sale.ClosesAt ? SaleStatus.Open
        : SaleStatus.Closing;
}

/// <summary>A sale as a document, for when the market's memory has let go of it. Follows the journal with a short delay.</summary>
/// <param name="Id">See <see cref="MarketDocument"/>.</param>
/// <param name="Market">Id of the market's journal.</param>
/// <param name="Left">As announced until it is closed, then what went back.</param>
public sealed record SaleView(
    Guid Id, Guid Market, Guid SaleId, string Instrument, Guid SellerParticipantId, Quantity Quantity, Price Price, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, Quantity? MostPerBuyer, Quantity Left, string? ClosedFor, string? Explanation);

public sealed class SaleViews : MultiStreamProjection<SaleView, Guid>
{
    public SaleViews()
    {
        Version = MarketDocument.Format;
        Identity<IEvent<FixedPriceSaleAnnounced>>(e => MarketDocument.IdOf(e.StreamId, e.Data.SaleId));
        Identity<IEvent<FixedPriceSaleClosed>>(e => MarketDocument.IdOf(e.StreamId, e.Data.SaleId));
    }

    public override SaleView Evolve(SaleView? snapshot, Guid id, IEvent e) => e.Data switch
    {
        FixedPriceSaleAnnounced announced => new SaleView(
            id, e.StreamId, announced.SaleId, announced.Instrument, announced.SellerParticipantId, announced.Quantity, announced.Price, announced.OpensAt,
            announced.ClosesAt, announced.MostPerBuyer, announced.Quantity, null, null),
        FixedPriceSaleClosed closed => snapshot! with { Left = closed.Unsold, ClosedFor = closed.Reason, Explanation = closed.Explanation },
        _ => throw new UnreachableException(e.EventTypeName),
    };
}
