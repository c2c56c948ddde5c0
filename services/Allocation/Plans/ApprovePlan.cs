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
            + "422 participant-not-covered: somebody has left the list or was excluded since the draft.")
        .Produces<PlanAnswer>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    internal static async Task<IResult> Handle(
        Guid planId, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var market = context.Market().Market;
        var plan = await session.Events.AggregateStreamAsync<AllocationPlan>(planId, token: cancellationToken);
        if (plan is null || plan.Market != market)
            return Problem.NotFound("unknown-plan", $"{market} has no plan {planId}.");
        var (subject, at) = (context.Actor().Subject, clock.GetUtcNow());
        var decision = await session.AgainAfterClash(async () =>
        {
            var owing = await session.Owing(market, plan.Year, plan.Lines.Select(line => line.ParticipantId), cancellationToken);
            return await session.Decide<AllocationPlan, AllocationPlanEvent>(
                planId, state => AllocationPlan.Decide(state, new AllocationPlanCommand.Approve(owing, subject, at)), cancellationToken);
        });
        return await session.AnswerPlan(planId, decision, cancellationToken);
    }
}
