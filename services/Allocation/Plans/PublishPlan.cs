using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.Plans;

public static class PublishPlan
{
    public static void Map(RouteGroupBuilder plans) => plans.MapPost("/{planId:guid}/publication", Handle)
        .RequireAuthorization(Roles.Regulator)
        .WithName("publish-plan")
        .WithSummary("Publish an approved plan (公布): everybody may read its figures")
        .WithDescription("Publishing what is published changes nothing. 422 plan-not-approved.")
        .Produces<PlanAnswer>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="planId">The plan, as it was named when it was drafted.</param>
    internal static async Task<IResult> Handle(
        Guid planId, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var market = context.Market().Market;
        var stream = await session.StreamOfPlan(planId, cancellationToken);
        var plan = await session.LoadAsync<PlanSummary>(stream, cancellationToken);
        if (plan is null || plan.Market != market)
            return Problem.NotFound("unknown-plan", $"{market} has no plan {planId}.");
        var command = new AllocationPlanCommand.Publish(context.Actor().Subject, clock.GetUtcNow());
        var decision = await session.AgainAfterClash(() => session.Decide<AllocationPlan, AllocationPlanEvent>(
            stream, state => AllocationPlan.Decide(state, command), cancellationToken));
        return await session.AnswerPlan(stream, decision, cancellationToken);
    }
}
