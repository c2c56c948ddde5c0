using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Blocks;

public static class OfferBlocks
{
    /// <param name="CounterpartyParticipantId">To whom it is offered; has a trading account in this market.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Side">Whether the caller would buy or sell.</param>
    /// <param name="Quantity">Units, in whole lots, as many as the instrument's blocks have at least.</param>
    /// <param name="PriceMinor">Minor units of the market's currency per unit, on the tick.</param>
    /// <param name="ExpiresAt">Legal time, at the latest the end of the session of blocks; left out: that end.</param>
    public sealed record NewOffer(
        Guid? CounterpartyParticipantId = null, string? Instrument = null, Side? Side = null, long? Quantity = null, long? PriceMinor = null,
        DateTimeOffset? ExpiresAt = null);

    public static void Map(RouteGroupBuilder blocks) => blocks.MapPut("/{blockId:guid}", Handle)
        .ForTraders()
        .WithinMessageRate()
        .WithName("offer-block")
        .WithSummary("Offer a block to a named participant (大宗协议交易)")
        .WithDescription(
            "Begins a negotiation that only its two sides and the supervisors see. What is offered is reserved (the seller's units, or the "
            + "buyer's cash) while the terms stand. The caller makes the id; a repeat answers how the negotiation stands, 409 "
            + "command-id-reused or id-reused if the id stands for another. 422, in order of precedence: killed, participant-suspended, "
            + "instrument-suspended, halted, unknown-instrument, no-blocks, outside-session, block-with-oneself, unknown-counterparty, quantity-off-lot, price-off-tick, value-too-large, "
            + "quantity-not-block, price-outside-band, block-expiry, too-many-blocks, position-limit, insufficient-cash, insufficient-units, "
            + "same-day-resale. A refused offer stays refused under its id.")
        .Produces<BlockAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="blockId">Made by the caller; names the negotiation.</param>
    internal static async Task<IResult> Handle(
        string market, Guid blockId, NewOffer offer, HttpContext context, Venues venues, FindBlocks blocks, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (Check(blockId, offer) is { Any: true } faults)
            return faults.ToProblem();
        var venue = venues[market];
        var command = new OfferBlock(
            blockId, context.User.ParticipantId(), offer.CounterpartyParticipantId!.Value, offer.Instrument!, offer.Side!.Value,
            Quantity.Of(offer.Quantity!.Value), Price.OfMinor(offer.PriceMinor!.Value), offer.ExpiresAt?.ToUniversalTime(), clock.GetUtcNow())
        {
            Representative = context.Actor().Subject,
        };
        var outcome = await venue.Execute(context.CommandId(blockId), command, context.Provenance(), cancellationToken);
        var block = await blocks.Find(venue, blockId, cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(block));
    }

    private static Faults Check(Guid blockId, NewOffer offer)
    {
        var faults = new Faults();
        faults.RequireId(blockId, "blockId");
        faults.RequireId(offer.CounterpartyParticipantId, "$.counterpartyParticipantId");
        faults.RequireName(offer.Instrument, "$.instrument");
        faults.Require(offer.Side is not null, "$.side", "required", "buy or sell.");
        faults.RequirePositive(offer.Quantity, "$.quantity");
        faults.RequirePositive(offer.PriceMinor, "$.priceMinor");
        return faults;
    }
}
