using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.CarryOvers;

public static class PutCarryOver
{
    private const int LongestReason = 2_000;

    /// <param name="AccountId">The caller's operator-holding account.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Quantity">Units.</param>
    /// <param name="Vintage">Where the instrument has units of several.</param>
    public sealed record NewCarryOver(Guid? AccountId = null, string? Instrument = null, long? Quantity = null, int? Vintage = null);

    /// <param name="Reason">Up to 2,000 characters.</param>
    public sealed record NewEnd(string? Reason = null);

    /// <param name="RequestId">Made by the caller; names the request.</param>
    /// <param name="IntoYear">The vintage that the new units will have.</param>
    /// <param name="Instrument">The instrument of the old units, as the policy pack names it.</param>
    /// <param name="Quantity">Units; as many new ones are issued as old ones are cancelled.</param>
    /// <param name="DueAt">The day on which the old units are cancelled and the new ones issued.</param>
    public sealed record CarryOverView(Guid RequestId, ComplianceYear IntoYear, string Instrument, Quantity Quantity, DateTimeOffset DueAt)
    {
        public static CarryOverView Of(CarryOverRequest request) => new(request.RequestId, request.IntoYear, request.Instrument, request.Blocks.Quantity, request.DueAt);
    }

    /// <param name="RequestId">The request that has ended.</param>
    public sealed record EndedView(Guid RequestId);

    /// <param name="ParticipantId">The participant asked about.</param>
    /// <param name="Entitlements">How much may be carried over and why, by the year it leads into.</param>
    /// <param name="Pending">Requests that wait for the day of their batch.</param>
    public sealed record CarryOversOf(Guid ParticipantId, ImmutableArray<Entitlement> Entitlements, ImmutableArray<CarryOverView> Pending);

    public static void Map(RouteGroupBuilder market)
    {
        market.MapPut("/carry-overs/{requestId:guid}", Request)
            .ForAParticipant(Roles.Emitter)
            .WithTags("Carry-over")
            .WithName("request-carry-over")
            .WithSummary("Carry units of an old vintage over into a new one (结转)")
            .WithDescription(
                "They are held until the day of their batch, then cancelled, and as many of the new vintage are issued. In order of precedence: 409 "
                + "command-id-reused; 422 unknown-account; 403 account-not-yours; 409 id-reused; 422 unknown-instrument, not-carried-over, "
                + "transaction-not-allowed, account-may-not-send, carry-over-not-open, carry-over-barred, carry-over-closed, carry-over-exceeded, "
                + "insufficient-units, too-many-holds.")
            .Produces<CarryOverView>()
            .Changes();
        market.MapPost("/carry-overs/{requestId:guid}/end", End)
            .ForThoseWhoMove()
            .WithTags("Carry-over")
            .WithName("end-carry-over")
            .WithSummary("Take a carry-over back before its day, or refuse it as an official")
            .WithDescription("The units are free again. 404 unknown-carry-over: there is none that you may end; 422 unknown-carry-over: it is not under way any more.")
            .Produces<EndedView>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Changes();
        market.MapGet("/participants/{participantId:guid}/carry-overs", Of)
            .WithTags("Carry-over")
            .WithName("get-carry-overs")
            .WithSummary("How much a participant may carry over, how that was computed, and what it has requested")
            .WithDescription("T = B + NS × R, rounded down, and at most what was held at the snapshot. 403 not-yours.")
            .Produces<CarryOversOf>()
            .ProducesProblem(StatusCodes.Status403Forbidden);
    }

    /// <param name="requestId">Made by the caller; names the request.</param>
    internal static async Task<IResult> Request(
        string market, Guid requestId, NewCarryOver asked, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(requestId, "requestId");
        faults.RequireId(asked.AccountId, "$.accountId");
        faults.RequireName(asked.Instrument, "$.instrument");
        faults.RequireQuantity(asked.Quantity, "$.quantity");
        faults.RequireVintage(asked.Vintage, "$.vintage");
        if (faults.Any)
            return faults.ToProblem();
        var ledger = ledgers[market];
        var command = new RequestCarryOver(requestId, asked.AccountId!.Value, asked.Instrument!, Quantity.Of(asked.Quantity!.Value),
            asked.Vintage is { } year ? ComplianceYear.Of(year) : null, context.User.ParticipantId(), clock.GetUtcNow());
        var outcome = await ledger.Execute(context.CommandId(requestId), command, context.Provenance(), cancellationToken);
        var view = await ledger.Read(state => state.CarryOvers.Pending.GetValueOrDefault(requestId) is { } pending ? CarryOverView.Of(pending) : null, cancellationToken);
        return outcome.ToHttp(accepted => TypedResults.Ok(view ?? accepted.Events.OfType<CarryOverRequested>()
            .Select(e => new CarryOverView(requestId, e.IntoYear, e.Instrument, e.Blocks.Quantity, e.DueAt)).FirstOrDefault()));
    }

    /// <param name="requestId">The request, as its side named it.</param>
    internal static async Task<IResult> End(
        string market, Guid requestId, NewEnd asked, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireText(asked.Reason, LongestReason, "$.reason");
        if (faults.Any)
            return faults.ToProblem();
        var (ledger, person) = (ledgers[market], context.Person());
        // Asked before it is there, or by whom it does not concern, it must not stand refused for ever. What has ended is asked of the
        // ledger all the same: a repeat is answered as the first time.
        if (!await ledger.Read(
            state => state.CarryOvers.Pending.GetValueOrDefault(requestId) is { } pending ? CarryingOver.MayEnd(pending, person) : state.Receipts.Has(requestId), cancellationToken))
            return Problem.NotFound("unknown-carry-over", $"There is no carry-over {requestId} in {market} that you may end.");
        var outcome = await ledger.Execute(DeterministicGuid.From(requestId, $"end:{person.Subject}:{asked.Reason}"),
            new EndCarryOver(requestId, asked.Reason!, person, clock.GetUtcNow()), context.Provenance(), cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(new EndedView(requestId)));
    }

    /// <param name="participantId">The participant asked about.</param>
    internal static async Task<IResult> Of(
        string market, Guid participantId, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!context.User.MaySee(participantId))
            return Problem.Forbidden("not-yours", "A participant sees its own carry-overs.");
        var now = clock.GetUtcNow();
        return TypedResults.Ok(await ledgers[market].Read(ledger => new CarryOversOf(participantId,
            [.. ledger.Rules.CarryOvers.Select(rules => Entitlement.Of(ledger, rules, participantId, now))],
            [.. ledger.CarryOvers.PendingOf(participantId).Select(CarryOverView.Of)]), cancellationToken));
    }
}
