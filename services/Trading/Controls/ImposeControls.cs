using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Controls;

public static class ImposeControls
{
    internal const int LongestText = 500;

    /// <param name="Kind">kill-switch, participant-suspension, instrument-suspension, halt or freeze.</param>
    /// <param name="ParticipantId">Whose orders or assets; left out: of all.</param>
    /// <param name="Representative">Of a kill switch: only what this subject's tokens place for the participant.</param>
    /// <param name="Instrument">As the policy pack names it; of a freeze, which units: left out, cash.</param>
    /// <param name="Amount">Of a freeze: units, or minor units of cash; left out: the whole of it, what comes included.</param>
    /// <param name="EndsAt">Of a halt: legal time at which it ends by itself; left out: when it is lifted.</param>
    /// <param name="Ground">Why, 1-500 characters.</param>
    /// <param name="Authority">Of a freeze: whose order it is, 1-500 characters, such as the court and the number of its notice.</param>
    public sealed record NewControl(
        ControlKind? Kind = null, Guid? ParticipantId = null, string? Representative = null, string? Instrument = null,
        long? Amount = null, DateTimeOffset? EndsAt = null, string? Ground = null, string? Authority = null);

    /// <param name="Control">The control as it was imposed; a repeat is answered as the first time.</param>
    /// <param name="PulledOrders">Open orders that it has taken out of the books.</param>
    /// <param name="HoldsAnything">
    /// Whether the participant has cash or units on a trading account of this market, promised ones included. The control stands in any case;
    /// where there is nothing, its id may be misspelt. Null: it is on no participant.
    /// </param>
    public sealed record ImposedAnswer(ControlAnswer Control, int PulledOrders, bool? HoldsAnything);

    public static void Map(RouteGroupBuilder controls) => controls.MapPut("/{controlId:guid}", Handle)
        .RequireAuthorization(policy => policy.RequireRole(Roles.Operator, Roles.Regulator, Roles.Emitter, Roles.Trader))
        .WithName("impose-control")
        .WithSummary("Throw a kill switch (紧急停止), suspend (停牌), halt (临时停市) or freeze (司法冻结)")
        .WithDescription(
            "Acts at once. kill-switch: on the market, an instrument, a participant or one of its representatives; operator or "
            + "regulator, and a participant for itself and its representatives; pulls the open orders, terms of blocks and bids in scope, "
            + "refuses new ones, replacements and purchases with killed. participant-suspension, instrument-suspension: the operator. halt: operator or "
            + "regulator, on the market or an instrument. freeze: the regulator, on a participant's units or cash, with ground and "
            + "authority; what trades have promised settles first, open orders that rest on the frozen amount are pulled, the newest "
            + "first. Cancels always pass. Independent of the gateway: Trading serves this path under its own address with the same "
            + "tokens. A control is a fact of the market and survives restarts. The caller makes the id; a repeat answers as the first "
            + "time. 403 not-entitled. 409 command-id-reused, id-reused. 422 control-scope, unknown-instrument, control-end, "
            + "amount-too-large, too-many-controls.")
        .Produces<ImposedAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="controlId">Made by the caller; names the control.</param>
    internal static async Task<IResult> Handle(
        string market, Guid controlId, NewControl asked, HttpContext context, Venues venues, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (Check(controlId, asked) is { Any: true } faults)
            return faults.ToProblem();
        var command = new ImposeControl(
            controlId, asked.Kind!.Value, asked.ParticipantId, asked.Representative, asked.Instrument, asked.Amount,
            asked.EndsAt?.ToUniversalTime(), asked.Ground!, asked.Authority, context.ControlActor(), clock.GetUtcNow());
        var venue = venues[market];
        var outcome = await venue.Execute(context.CommandId(controlId), command, context.Provenance(), cancellationToken);
        bool? holdsAnything = command.ParticipantId is { } participant
            ? await venue.Read(state => state.Accounts.GetValueOrDefault(participant) is { IsEmpty: false }, cancellationToken)
            : null;
        return outcome.ToHttp(accepted => TypedResults.Ok(Answer(accepted, holdsAnything, context)));
    }

    /// <summary>Who acts, as the market is told.</summary>
    internal static ControlActor ControlActor(this HttpContext context) => new(
        context.Actor().Subject, context.User.ParticipantId(), context.User.IsInRole(Roles.Operator), context.User.IsInRole(Roles.Regulator));

    private static ImposedAnswer Answer(Outcome<MarketEvent>.Accepted accepted, bool? holdsAnything, HttpContext context)
    {
        // What was overdue may come before it, with cancellations of its own.
        var events = accepted.Events.SkipWhile(e => e is not ControlImposed).ToList();
        return new ImposedAnswer(
            ControlAnswer.Of((ControlImposed)events[0], null, null, context.User.MaySee), events.OfType<OrderCancelled>().Count(),
            holdsAnything);
    }

    private static Faults Check(Guid controlId, NewControl asked)
    {
        var faults = new Faults();
        faults.RequireId(controlId, "controlId");
        faults.Require(asked.Kind is not null, "$.kind", "required", "kill-switch, participant-suspension, instrument-suspension, halt or freeze.");
        if (asked.ParticipantId is not null)
            faults.RequireId(asked.ParticipantId, "$.participantId");
        if (asked.Representative is not null)
            faults.RequireText(asked.Representative, LongestText, "$.representative");
        if (asked.Instrument is not null)
            faults.RequireName(asked.Instrument, "$.instrument");
        if (asked.Amount is not null)
            faults.RequirePositive(asked.Amount, "$.amount");
        faults.RequireText(asked.Ground, LongestText, "$.ground");
        if (asked.Kind is ControlKind.Freeze || asked.Authority is not null)
            faults.RequireText(asked.Authority, LongestText, "$.authority");
        return faults;
    }
}
