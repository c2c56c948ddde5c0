using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.FixedPriceSales;

public static class BuyFromSales
{
    /// <param name="Quantity">Units, in whole lots, at most what is left: a purchase is made whole or not at all.</param>
    public sealed record NewPurchase(long? Quantity = null);

    public static void Map(RouteGroupBuilder sales) => sales.MapPut("/{saleId:guid}/purchases/{purchaseId:guid}", Handle)
        .ForTraders()
        .WithinMessageRate()
        .WithName("buy-at-fixed-price")
        .WithSummary("Buy from a fixed-price sale: the trade is made at once")
        .WithDescription(
            "First come, first served. The caller makes the id; a repeat answers as the first time, 409 command-id-reused or id-reused if "
            + "the id stands for another purchase. 404 unknown-sale. 422, in order of precedence: killed, participant-suspended, "
            + "instrument-suspended, halted, sale-closed, sale-not-open, sale-outside-trading-day, unknown-instrument, quantity-off-lot, value-too-large, purchase-by-seller, purchase-above-supply, "
            + "purchase-above-maximum, too-many-purchases, position-limit, insufficient-cash. A refused purchase stays refused under its id.")
        .Produces<PurchaseAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="saleId">The sale, as the official who announced it named it.</param>
    /// <param name="purchaseId">Made by the caller; names the purchase.</param>
    internal static async Task<IResult> Handle(
        string market, Guid saleId, Guid purchaseId, NewPurchase asked, HttpContext context, Venues venues, FindSales sales,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(purchaseId, "purchaseId");
        faults.RequirePositive(asked.Quantity, "$.quantity");
        if (faults.Any)
            return faults.ToProblem();
        var (venue, at, buyer) = (venues[market], clock.GetUtcNow(), context.User.ParticipantId());
        // Asked before it is commanded: a command refused because the sale is still on its way would stay refused.
        if (await sales.Find(venue, saleId, buyer, at, cancellationToken) is not { } sale)
            return FindSales.Unknown(saleId);
        var outcome = await venue.Execute(
            context.CommandId(purchaseId), new BuyFromSale(purchaseId, saleId, buyer, Quantity.Of(asked.Quantity!.Value), at)
            {
                Representative = context.Actor().Subject,
            },
            context.Provenance(), cancellationToken);
        var own = (await sales.Find(venue, saleId, buyer, at, cancellationToken) ?? sale).OwnPurchases;
        return outcome.ToHttp(accepted => TypedResults.Ok(
            PurchaseAnswer.Of(accepted.Events) ?? own.First(purchase => purchase.PurchaseId == purchaseId)));
    }
}
