using System.ComponentModel.DataAnnotations;
using CarbonMarket.Allocation.Plans;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.Objections;

/// <summary>A participant objects to its allocation, and an official who had no part in the plan decides.</summary>
public static class ObjectToPlan
{
    private const int LongestText = 2000;

    public sealed record ObjectionRequest
    {
        /// <summary>1-2000 characters.</summary>
        [Required]
        public string? Ground { get; init; }
    }

    public sealed record DecisionRequest
    {
        /// <summary>upheld or rejected.</summary>
        [Required]
        public string? Outcome { get; init; }

        /// <summary>1-2000 characters.</summary>
        [Required]
        public string? Reason { get; init; }
    }

    public static void Map(RouteGroupBuilder plans)
    {
        Describe(plans.MapPut("/{planId:guid}/objections/{participantId:guid}", File), Roles.Emitter)
            .WithName("object-to-plan")
            .WithSummary("Object (异议) to one's own allocation by a published plan")
            .WithDescription(
                "Once for each plan, within the pack's working days after its publication. The same again changes nothing. 422 "
                + "plan-not-published, plan-not-concerned, objection-filed, objection-late (names the last day).");
        Describe(plans.MapPost("/{planId:guid}/objections/{participantId:guid}/decision", Decide), Roles.Regulator)
            .WithName("decide-plan-objection")
            .WithSummary("Decide an objection: uphold it, and determine the allocation anew by another plan, or reject it")
            .WithDescription(
                "By an official who had no part in the plan, else 422 four-eyes. What is decided after the pack's working days is marked late and "
                + "counts. What is upheld stands among the redeterminations until another plan of the participant is approved. 422 unknown-objection, objection-decided.");
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint, string role) => endpoint
        .RequireAuthorization(role)
        .WithTags("Objections to plans")
        .Produces<ObjectionAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="planId">The plan objected to.</param>
    /// <param name="participantId">The caller's own organisation.</param>
    internal static Task<IResult> File(
        Guid planId, Guid participantId, ObjectionRequest request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (pack, at, faults) = (context.Market(), clock.GetUtcNow(), new Faults());
        faults.RequireText(request.Ground, LongestText, "$.ground");
        return faults.Any ? Task.FromResult(faults.ToProblem()) : session.Answer(context, planId, participantId, at, plan => new PlanObjectionCommand.FileObjection(
            pack.Market, plan, participantId, request.Ground!, pack.LegalDay(at), pack.AfterWorkingDays("objection-decision-days", pack.LegalDay(at)), at), cancellationToken);
    }

    /// <param name="planId">The plan objected to.</param>
    /// <param name="participantId">Who objects.</param>
    internal static Task<IResult> Decide(
        Guid planId, Guid participantId, DecisionRequest request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (pack, at, faults) = (context.Market(), clock.GetUtcNow(), new Faults());
        ObjectionOutcome? outcome = request.Outcome switch { "upheld" => ObjectionOutcome.Upheld, "rejected" => ObjectionOutcome.Rejected, _ => null };
        faults.Require(outcome is not null, "$.outcome", "unknown-value", "upheld or rejected.");
        faults.RequireText(request.Reason, LongestText, "$.reason");
        return faults.Any ? Task.FromResult(faults.ToProblem()) : session.Answer(context, planId, participantId, at, plan => new PlanObjectionCommand.DecideObjection(
            pack.Market, plan, participantId, outcome!.Value, request.Reason!, context.Actor().Subject, pack.LegalDay(at),
            pack.AfterWorkingDays("allocation-redetermination-days", pack.LegalDay(at)), at), cancellationToken);
    }

    private static async Task<IResult> Answer(
        this IDocumentSession session, HttpContext context, Guid planId, Guid participantId, DateTimeOffset at, Func<ObjectedPlan, PlanObjectionCommand> command,
        CancellationToken cancellationToken)
    {
        var pack = context.Market();
        var plan = await session.Plan(planId, cancellationToken);
        if (plan is null || plan.Market != pack.Market || !context.User.MaySee(participantId))
            return Problem.NotFound("unknown-plan", $"There is no plan {planId} for {participantId} that you may see.");
        var asked = command(new ObjectedPlan(
            plan.PlanId, plan.Year, plan.Instrument, plan.IsPublished, plan.Participants.Contains(participantId),
            plan.PublishedAt is { } published ? pack.AfterWorkingDays("objection-days", pack.LegalDay(published)) : null,
            [plan.DraftedBy, .. plan.ApprovedBy is { } approver ? [approver] : Array.Empty<string>()]));
        var id = PlanObjection.StreamId(planId, participantId);
        var decision = await session.AgainAfterClash(() => session.Decide<PlanObjection, PlanObjectionEvent>(
            id, objection => PlanObjection.Decide(objection, asked), cancellationToken));
        var objection = await session.LoadAsync<PlanObjection>(id, cancellationToken);
        return decision.ToHttp(() => Results.Ok(ObjectionAnswer.Of(objection!, pack.LegalDay(at))));
    }
}
