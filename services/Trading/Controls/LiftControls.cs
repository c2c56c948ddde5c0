using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Market;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CarbonMarket.Trading.Controls;

public static class LiftControls
{
    /// <param name="Ground">Why, 1-500 characters.</param>
    /// <param name="Authority">Of a freeze: whose order it is, 1-500 characters.</param>
    public sealed record NewLift(string? Ground = null, string? Authority = null);

    public enum LiftStatus
    {
        /// <summary>In force until another confirms.</summary>
        Asked,
        Lifted,
    }

    /// <param name="ControlId">The control, as it was named when it was imposed.</param>
    /// <param name="LiftId">Made by whoever asked for it to be lifted.</param>
    /// <param name="Status">asked or lifted.</param>
    public sealed record LiftAnswer(Guid ControlId, Guid LiftId, LiftStatus Status);

    public static void Map(RouteGroupBuilder controls)
    {
        var lifts = controls.MapGroup("/{controlId:guid}/lifts/{liftId:guid}")
            .RequireAuthorization(policy => policy.RequireRole(Roles.Operator, Roles.Regulator, Roles.Emitter, Roles.Trader))
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        lifts.MapPut("", Ask)
            .WithName("lift-control")
            .WithSummary("Ask for a control to be lifted")
            .WithDescription(
                "An instrument's suspension (the operator), a halt (operator or regulator) and a freeze (the regulator, with ground and "
                + "authority) are lifted at once. A kill switch and a participant's suspension need four eyes: they stay in force until "
                + "another person confirms. The caller makes the id; a repeat answers as the first time. 403 not-entitled. 409 "
                + "command-id-reused: the id stands for another. 422 control-not-in-force, lift-asked-already.")
            .Produces<LiftAnswer>();
        lifts.MapPost("/confirmation", Confirm)
            .WithName("confirm-lift")
            .WithSummary("Confirm, as the second of two, that a control is lifted (双人复核)")
            .WithDescription(
                "Two different officials lift what an official imposed. A switch that a participant threw itself is lifted by two different "
                + "people, one of them the participant's; a representative does not lift its own. 403 not-entitled. 409 "
                + "command-id-reused: by this id you have confirmed another. 422 control-not-in-force, lift-not-asked, four-eyes.")
            .Produces<LiftAnswer>();
    }

    /// <param name="controlId">The control, as it was named when it was imposed.</param>
    /// <param name="liftId">Made by the caller; names the request.</param>
    internal static async Task<IResult> Ask(
        string market, Guid controlId, Guid liftId, NewLift asked, HttpContext context, Venues venues, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(liftId, "liftId");
        faults.RequireText(asked.Ground, ImposeControls.LongestText, "$.ground");
        if (asked.Authority is not null)
            faults.RequireText(asked.Authority, ImposeControls.LongestText, "$.authority");
        var venue = venues[market];
        var frozen = await venue.Read(
            state => state.Controls.All.GetValueOrDefault(controlId) is { Imposed.Kind: ControlKind.Freeze }, cancellationToken);
        faults.Require(!frozen || asked.Authority is not null, "$.authority", "required", "A freeze is lifted by order of an authority.");
        if (faults.Any)
            return faults.ToProblem();
        var outcome = await venue.Execute(
            context.CommandId(liftId), new LiftControl(controlId, liftId, asked.Ground!, asked.Authority, context.ControlActor(), clock.GetUtcNow()),
            context.Provenance(), cancellationToken);
        return outcome.ToHttp(accepted => Answer(controlId, liftId, accepted));
    }

    /// <param name="controlId">The control, as it was named when it was imposed.</param>
    /// <param name="liftId">The request that is confirmed, as the first of the two named it.</param>
    internal static async Task<IResult> Confirm(
        string market, Guid controlId, Guid liftId, HttpContext context, Venues venues, TimeProvider clock, CancellationToken cancellationToken)
    {
        var venue = venues[market];
        // Asked before it is commanded: a command refused because the other is still on its way would stay refused.
        if (await venue.Read(state => state.Controls.All.TryGetValue(controlId, out var control) && control.Lift?.LiftId != liftId, cancellationToken))
            return Problem.Refused("lift-not-asked", $"Nobody has asked by {liftId} for control {controlId} to be lifted.");
        var by = context.ControlActor();
        var outcome = await venue.Execute(
            DeterministicGuid.From(liftId, $"confirm:{by.Subject}"), new ConfirmLift(controlId, liftId, by, clock.GetUtcNow()),
            context.Provenance(), cancellationToken);
        return outcome.ToHttp(accepted => Answer(controlId, liftId, accepted));
    }

    private static Ok<LiftAnswer> Answer(Guid controlId, Guid liftId, Outcome<MarketEvent>.Accepted accepted) => TypedResults.Ok(new LiftAnswer(
        controlId, liftId, accepted.Events.OfType<ControlLifted>().Any(lifted => lifted.ControlId == controlId) ? LiftStatus.Lifted : LiftStatus.Asked));
}
