using CarbonMarket.Allocation.Computing;
using CarbonMarket.Allocation.Years;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.Plans;

public static class ApprovePlan
{
    public static void Map(RouteGroupBuilder plans) => plans.MapPost("/{planId:guid}/approval", Handle)
        .RequireAuthorization(Roles.Regulator)
        .WithName("approve-plan")
        .WithSummary("Approve an allocation plan; its units are issued")
        .WithDescription(
            "By another official than the one who drafted it, else 422 four-eyes. Approving what is approved changes nothing. "
            + "422 participant-not-covered: somebody has left the list or was excluded since the draft; participant-withheld: "
            + "the allowances of somebody in a plan of given amounts were withheld since; cap-exceeded; plan-outdated: "
            + "another plan of the year was approved since this one was computed, or what it was computed from has changed.")
        .Produces<PlanAnswer>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="planId">The plan, as it was named when it was drafted.</param>
    internal static async Task<IResult> Handle(
        Guid planId, HttpContext context, IDocumentSession session, PolicyPackCatalog catalog, TimeProvider clock, CancellationToken cancellationToken)
    {
        var market = context.Market().Market;
        var plan = await session.Plan(planId, cancellationToken);
        if (plan is null || plan.Market != market)
            return Problem.NotFound("unknown-plan", $"{market} has no plan {planId}.");
        var (subject, at) = (context.Actor().Subject, clock.GetUtcNow());
        var decision = await session.AgainAfterClash(() => session.Approve(plan, catalog, subject, at, cancellationToken));
        return await session.AnswerPlan(plan.Id, decision, cancellationToken);
    }

    /// <summary>The plan is approved and drawn from its year in one transaction, or neither.</summary>
    private static async Task<Decision<AllocationPlanEvent>> Approve(
        this IDocumentSession session, AllocationPlan plan, PolicyPackCatalog catalog, string subject, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var standing = await session.Standing(plan.Market, plan.Year, plan.Participants, cancellationToken);
        var decision = await session.Prepare<AllocationPlan, AllocationPlanEvent>(
            plan.Id, state => AllocationPlan.Decide(state, new AllocationPlanCommand.Approve(standing, subject, at)), cancellationToken);
        if (decision is not Decision<AllocationPlanEvent>.Accepted { Events.IsEmpty: false })
            return decision;
        if (plan.Computation is { } computation && !await session.Stands(plan, computation.Input, catalog, at, cancellationToken))
        {
            session.EjectAllPendingChanges();
            return Decision<AllocationPlanEvent>.Reject("plan-outdated",
                $"What plan {plan.PlanId} was computed from on {plan.DraftedAt:O} has changed since; it is computed again under an id of its own.");
        }
        var draw = new AllocationYearCommand.Draw(
            plan.Market, plan.Year, plan.PlanId, plan.Instrument, plan.Issued, plan.Returned, plan.Computation?.AfterPlan, subject, at);
        var drawn = await session.Prepare<AllocationYear, AllocationYearEvent>(
            AllocationYear.StreamId(plan.Market, plan.Year.Value), year => AllocationYear.Decide(year, draw), cancellationToken);
        if (drawn is Decision<AllocationYearEvent>.Rejected refused)
        {
            session.EjectAllPendingChanges();
            return new Decision<AllocationPlanEvent>.Rejected(refused.Code, refused.Reason);
        }
        await session.SaveChangesAsync(cancellationToken);
        return decision;
    }

    /// <summary>
    /// Whether what is recorded of the plan's entities still gives the input it was computed from, on the day of approval: a unit
    /// that has shut in the meantime was shut before the allocation.
    /// </summary>
    private static async Task<bool> Stands(
        this IQuerySession session, AllocationPlan plan, AllocationInput input, PolicyPackCatalog catalog, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var records = await session.Records(plan.Market, input.Year, input.Instrument, cancellationToken);
        var question = new AllocationQuestion(
            input.Year, input.Stage, input.Instrument, input.Share, [.. input.Entities.Select(entity => entity.ParticipantId)]);
        return AllocationGathering.Gather(input.PackIn(catalog), question, input.MethodPacks, records, at).SaysTheSame(input);
    }
}
