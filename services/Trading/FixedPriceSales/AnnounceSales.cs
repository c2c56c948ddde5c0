using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.FixedPriceSales;

public static class AnnounceSales
{
    private const int LongestReason = 500;

    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Quantity">Units on sale, in whole lots; reserved on the seller's trading account at once.</param>
    /// <param name="PriceMinor">What every buyer pays, minor units of the currency per unit.</param>
    /// <param name="OpensAt">Legal time from which purchases are taken.</param>
    /// <param name="ClosesAt">Legal time at which none is taken any more; on the same trading day and not after it ends.</param>
    /// <param name="SellerParticipantId">Whose units are sold; they were issued onto its trading account.</param>
    /// <param name="MostPerBuyer">Units one buyer may buy in all, in whole lots; left out: as many as there are.</param>
    public sealed record NewSale(
        string? Instrument = null, long? Quantity = null, long? PriceMinor = null, DateTimeOffset? OpensAt = null,
        DateTimeOffset? ClosesAt = null, Guid? SellerParticipantId = null, long? MostPerBuyer = null);

    /// <param name="Reason">Why, for all to read; 1-500 characters.</param>
    public sealed record Withdrawal(string? Reason = null);

    public static void Map(RouteGroupBuilder sales)
    {
        sales.MapPut("/{saleId:guid}", Announce)
            .RequireAuthorization(Roles.Regulator)
            .WithName("announce-fixed-price-sale")
            .WithSummary("Announce a sale of the authority's reserve at a fixed price (定价出让)")
            .WithDescription(
                "The caller makes the id; a repeat answers as the first time, 409 command-id-reused or id-reused if the id stands for another "
                + "sale. 422, in order of precedence: unknown-instrument, quantity-off-lot, price-off-tick, value-too-large, sale-times, "
                + "sale-outside-trading-day, too-many-sales, insufficient-units, not-for-auction (the seller's): an official sells only what "
                + "was issued onto the seller's trading account.")
            .Produces<SaleAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        sales.MapPut("/{saleId:guid}/withdrawal", Withdraw)
            .RequireAuthorization(Roles.Regulator)
            .WithName("withdraw-fixed-price-sale")
            .WithSummary("Withdraw a sale before it closes")
            .WithDescription(
                "What is not sold goes back to the seller; purchases made stand. A repeat answers as the first time, 409 command-id-reused "
                + "with another reason. 404 unknown-sale. 422 sale-closed.")
            .Produces<SaleAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    /// <param name="saleId">Made by the caller; names the sale.</param>
    internal static async Task<IResult> Announce(
        string market, Guid saleId, NewSale asked, HttpContext context, Venues venues, FindSales sales, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (Check(saleId, asked) is { Any: true } faults)
            return faults.ToProblem();
        var (venue, at) = (venues[market], clock.GetUtcNow());
        var command = new AnnounceSale(
            saleId, asked.Instrument!, asked.SellerParticipantId!.Value, Quantity.Of(asked.Quantity!.Value),
            Price.OfMinor(asked.PriceMinor!.Value), asked.OpensAt!.Value.ToUniversalTime(), asked.ClosesAt!.Value.ToUniversalTime(),
            asked.MostPerBuyer is { } most ? Quantity.Of(most) : null, at);
        var outcome = await venue.Execute(context.CommandId(saleId), command, context.Provenance(), cancellationToken);
        var sale = await sales.Find(venue, saleId, context.User.ParticipantId(), at, cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(sale));
    }

    /// <param name="saleId">The sale, as the official who announced it named it.</param>
    internal static async Task<IResult> Withdraw(
        string market, Guid saleId, Withdrawal asked, HttpContext context, Venues venues, FindSales sales, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireText(asked.Reason, LongestReason, "$.reason");
        if (faults.Any)
            return faults.ToProblem();
        var (venue, at, caller) = (venues[market], clock.GetUtcNow(), context.User.ParticipantId());
        // Asked before it is commanded: a command refused because the sale is still on its way would stay refused.
        if (await sales.Find(venue, saleId, caller, at, cancellationToken) is null)
            return FindSales.Unknown(saleId);
        var outcome = await venue.Execute(
            context.CommandId(DeterministicGuid.From(saleId, "withdraw")), new WithdrawSale(saleId, asked.Reason!, at), context.Provenance(),
            cancellationToken);
        var after = await sales.Find(venue, saleId, caller, at, cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(after));
    }

    private static Faults Check(Guid saleId, NewSale asked)
    {
        var faults = new Faults();
        faults.RequireId(saleId, "saleId");
        faults.RequireName(asked.Instrument, "$.instrument");
        faults.RequirePositive(asked.Quantity, "$.quantity");
        faults.RequirePositive(asked.PriceMinor, "$.priceMinor");
        faults.Require(asked.OpensAt is not null, "$.opensAt", "required", "ISO 8601 with offset.");
        faults.Require(asked.ClosesAt is not null, "$.closesAt", "required", "ISO 8601 with offset.");
        faults.RequireId(asked.SellerParticipantId, "$.sellerParticipantId");
        if (asked.MostPerBuyer is not null)
            faults.RequirePositive(asked.MostPerBuyer, "$.mostPerBuyer");
        return faults;
    }
}
