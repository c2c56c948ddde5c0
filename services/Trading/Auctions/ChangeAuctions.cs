using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Auctions;

/// <summary>What the announcer and the regulator may still do to an auction before it closes.</summary>
public static class ChangeAuctions
{
    private const int LongestReason = 500;

    /// <param name="Reason">Why, for all to read; 1-500 characters.</param>
    public sealed record Abortion(string? Reason = null);

    /// <param name="OpensAt">Not before the time it has now.</param>
    /// <param name="ClosesAt">Not before the time it has now; on a trading day and not after it ends.</param>
    public sealed record NewTimes(DateTimeOffset? OpensAt = null, DateTimeOffset? ClosesAt = null);

    public static void Map(RouteGroupBuilder auctions)
    {
        auctions.MapPut("/{auctionId:guid}/abort", Abort)
            .RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Emitter, Roles.Trader))
            .WithName("abort-auction")
            .WithSummary("Abort an auction before it closes (终止竞价)")
            .WithDescription(
                "Everything that was reserved for it is released. A repeat answers as the first time, 409 command-id-reused with another "
                + "reason. 404 unknown-auction. 422: not-your-auction (the caller neither announced it nor is the regulator), auction-closed.")
            .Produces<AuctionAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        auctions.MapPut("/{auctionId:guid}/times", Reschedule)
            .RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Emitter, Roles.Trader))
            .WithName("reschedule-auction")
            .WithSummary("Put an auction off (延期)")
            .WithDescription(
                "Only to later times and before it closes. Bids stand; who bid may withdraw. 404 unknown-auction. 422: not-your-auction (the "
                + "caller neither announced it nor is the regulator), auction-closed, killed, participant-suspended, instrument-suspended, halted (the initiator's), auction-brought-forward, "
                + "auction-times, auction-outside-trading-day.")
            .Produces<AuctionAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    /// <param name="auctionId">As whoever announced it named it.</param>
    internal static Task<IResult> Abort(
        string market, Guid auctionId, Abortion asked, HttpContext context, Venues venues, FindAuctions auctions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireText(asked.Reason, LongestReason, "$.reason");
        return faults.Any
            ? Task.FromResult(faults.ToProblem())
            : Change(
                venues[market], auctionId, "abort", (caller, at) => new AbortAuction(auctionId, caller, asked.Reason!, at), context, auctions,
                clock.GetUtcNow(), cancellationToken);
    }

    /// <param name="auctionId">As whoever announced it named it.</param>
    internal static Task<IResult> Reschedule(
        string market, Guid auctionId, NewTimes asked, HttpContext context, Venues venues, FindAuctions auctions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.Require(asked.OpensAt is not null, "$.opensAt", "required", "ISO 8601 with offset.");
        faults.Require(asked.ClosesAt is not null, "$.closesAt", "required", "ISO 8601 with offset.");
        if (faults.Any)
            return Task.FromResult(faults.ToProblem());
        var (opens, closes) = (asked.OpensAt!.Value.ToUniversalTime(), asked.ClosesAt!.Value.ToUniversalTime());
        // Asked again for times that stand already nothing happens; asked again for times that were refused it may be accepted.
        return Change(
            venues[market], auctionId, $"times:{Guid.CreateVersion7()}",
            (caller, at) => new RescheduleAuction(auctionId, caller, opens, closes, at) { Representative = context.Actor().Subject }, context, auctions, clock.GetUtcNow(), cancellationToken);
    }

    private static async Task<IResult> Change(
        Venue venue, Guid auctionId, string purpose, Func<Guid?, DateTimeOffset, MarketCommand> command, HttpContext context,
        FindAuctions auctions, DateTimeOffset at, CancellationToken cancellationToken)
    {
        // Asked before it is commanded: a command refused because the auction is still on its way would stay refused.
        var reader = FindAuctions.Reader(context);
        if (await auctions.Find(venue, auctionId, reader, at, cancellationToken) is null)
            return FindAuctions.Unknown(auctionId);
        Guid? caller = context.User.IsInRole(Roles.Regulator) ? null : reader.ParticipantId;
        var outcome = await venue.Execute(
            context.CommandId(DeterministicGuid.From(auctionId, purpose)), command(caller, at), context.Provenance(), cancellationToken);
        var after = await auctions.Find(venue, auctionId, reader, at, cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(after));
    }
}
