using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.Plans;

public static class GetPlans
{
    public static void Map(RouteGroupBuilder plans)
    {
        plans.MapGet("/", List)
            .RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Operator, Roles.Auditor))
            .WithName("list-plans")
            .WithSummary("The market's allocation plans, without their lines")
            .Produces<Page<PlanAnswer>>();
        plans.MapGet("/{planId:guid}", One)
            .RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Operator, Roles.Auditor))
            .WithName("get-plan")
            .WithSummary("One allocation plan with its lines")
            .Produces<PlanAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal static Task<IResult> List(
        HttpContext context, IQuerySession session, CancellationToken cancellationToken, Guid? after = null, int? limit = null)
    {
        var market = context.Market().Market;
        return session.Query<PlanSummary>().Where(plan => plan.Market == market)
            .Page(after, limit, plan => plan.Id, PlanAnswer.Of, cancellationToken);
    }

    /// <param name="planId">The plan, as it was named when it was drafted.</param>
    internal static async Task<IResult> One(Guid planId, HttpContext context, IQuerySession session, CancellationToken cancellationToken)
    {
        var market = context.Market().Market;
        var plan = await session.Plan(planId, cancellationToken);
        return plan is null || plan.Market != market
            ? Problem.NotFound("unknown-plan", $"{market} has no plan {planId}.")
            : Results.Ok(PlanAnswer.Of(plan));
    }
}
