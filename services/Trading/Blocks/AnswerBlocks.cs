using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Blocks;

/// <summary>What a side may do with terms that stand: propose others, accept them, end the negotiation.</summary>
public static class AnswerBlocks
{
    /// <param name="CounterId">Made by the caller; a repeat answers how the negotiation stands.</param>
    /// <param name="Version">Of the terms it answers.</param>
    /// <param name="Quantity">As for an offer.</param>
    /// <param name="PriceMinor">As for an offer.</param>
    /// <param name="ExpiresAt">As for an offer.</param>
    public sealed record CounterOffer(
        Guid? CounterId = null, int? Version = null, long? Quantity = null, long? PriceMinor = null, DateTimeOffset? ExpiresAt = null);

    /// <param name="AcceptanceId">Made by the caller; a repeat answers as the first time.</param>
    /// <param name="Version">Of the terms that were seen: others are not accepted.</param>
    public sealed record Acceptance(Guid? AcceptanceId = null, int? Version = null);

    public static void Map(RouteGroupBuilder blocks)
    {
        blocks.MapPost("/{blockId:guid}/counters", Counter)
            .ForTraders()
            .WithinMessageRate()
            .WithName("counter-block")
            .WithSummary("Answer an offer with another quantity or price")
            .WithDescription(
                "The terms get the next version and are the other side's to answer; the reservation moves to who makes them. 404 "
                + "unknown-block: no such negotiation of yours. 422, in order of precedence: block-finished, offer-changed, own-offer, "
                + "too-many-counters, or what would refuse an offer of this quantity and price; the terms then stay as they are. A refused "
                + "counter-offer stays refused under its id.")
            .Produces<BlockAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        blocks.MapPost("/{blockId:guid}/acceptances", Accept)
            .ForTraders()
            .WithinMessageRate()
            .WithName("accept-block")
            .WithSummary("Accept the terms that stand: the trade is made at once")
            .WithDescription(
                "404 unknown-block: no such negotiation of yours. 422, in order of precedence: block-finished, offer-changed (the terms are "
                + "of a newer version than the one named), own-offer, killed, participant-suspended, instrument-suspended, halted, "
                + "position-limit, insufficient-cash, insufficient-units, same-day-resale. A refused "
                + "acceptance stays refused under its id; another takes an id of its own.")
            .Produces<BlockAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        blocks.MapDelete("/{blockId:guid}", End)
            .ForTraders()
            .WithName("end-block")
            .WithSummary("Withdraw the own terms, or decline those of the other side")
            .WithDescription(
                "Ends the negotiation and releases what was reserved. Ending what has ended answers how it ended. 404 unknown-block: no "
                + "such negotiation of yours. 422 block-finished: it is agreed; a trade once made stands.")
            .Produces<BlockAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    /// <param name="blockId">The negotiation, as the side that offered first named it.</param>
    internal static Task<IResult> Counter(
        string market, Guid blockId, CounterOffer counter, HttpContext context, Venues venues, FindBlocks blocks, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(counter.CounterId, "$.counterId");
        faults.RequirePositive(counter.Version, "$.version");
        faults.RequirePositive(counter.Quantity, "$.quantity");
        faults.RequirePositive(counter.PriceMinor, "$.priceMinor");
        if (faults.Any)
            return Task.FromResult(faults.ToProblem());
        var command = new CounterBlock(
            blockId, context.User.ParticipantId(), counter.Version!.Value, Quantity.Of(counter.Quantity!.Value),
            Price.OfMinor(counter.PriceMinor!.Value), counter.ExpiresAt?.ToUniversalTime(), clock.GetUtcNow())
        {
            Representative = context.Actor().Subject,
        };
        return Answer(venues[market], blockId, context.CommandId(counter.CounterId!.Value), command, context, blocks, cancellationToken);
    }

    /// <param name="blockId">The negotiation, as the side that offered first named it.</param>
    internal static Task<IResult> Accept(
        string market, Guid blockId, Acceptance acceptance, HttpContext context, Venues venues, FindBlocks blocks, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(acceptance.AcceptanceId, "$.acceptanceId");
        faults.RequirePositive(acceptance.Version, "$.version");
        if (faults.Any)
            return Task.FromResult(faults.ToProblem());
        var command = new AcceptBlock(blockId, context.User.ParticipantId(), acceptance.Version!.Value, clock.GetUtcNow())
        {
            Representative = context.Actor().Subject,
        };
        return Answer(venues[market], blockId, context.CommandId(acceptance.AcceptanceId!.Value), command, context, blocks, cancellationToken);
    }

    /// <param name="blockId">The negotiation, as the side that offered first named it.</param>
    internal static async Task<IResult> End(
        string market, Guid blockId, HttpContext context, Venues venues, FindBlocks blocks, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (venue, participant) = (venues[market], context.User.ParticipantId());
        // What has ended stays ended, and the market itself remembers only the newest.
        if (await blocks.Find(venue, blockId, cancellationToken) is { Status: BlockStatus.Ended } ended && ended.IsOf(participant))
            return TypedResults.Ok(ended);
        return await Answer(
            venue, blockId, DeterministicGuid.From(blockId, $"end:{participant}"), new EndBlock(blockId, participant, clock.GetUtcNow()),
            context, blocks, cancellationToken);
    }

    private static async Task<IResult> Answer(
        Venue venue, Guid blockId, Guid commandId, MarketCommand command, HttpContext context, FindBlocks blocks,
        CancellationToken cancellationToken)
    {
        // Asked before it is commanded: a command refused because the offer is still on its way would stay refused.
        if (await blocks.Find(venue, blockId, cancellationToken) is not { } block || !block.IsOf(context.User.ParticipantId()))
            return FindBlocks.Unknown(blockId);
        var outcome = await venue.Execute(commandId, command, context.Provenance(), cancellationToken);
        var after = await blocks.Find(venue, blockId, cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(after ?? block));
    }
}
