using Marten;

namespace CarbonMarket.Allocation.Plans;

/// <summary>
/// Where a plan is by the id that an official made. Before <see cref="AllocationPlan.StreamId"/> every plan was in the stream of that
/// very id: those are found there, and none is added to them.
/// </summary>
internal static class PlanStreams
{
    /// <summary>The stream of the plan, also of one that is still to be drafted.</summary>
    public static async Task<Guid> StreamOfPlan(this IQuerySession session, Guid planId, CancellationToken cancellationToken) =>
        // Another plan may be in the stream that a plan's id is asked for: it is found by its own id only.
        AllocationPlan.StreamId(planId) == planId || (await session.LoadAsync<PlanSummary>(planId, cancellationToken) is { } before && before.PlanId == before.Id)
            ? planId
            : AllocationPlan.StreamId(planId);

    /// <summary>Null: there is none, in any market.</summary>
    public static async Task<AllocationPlan?> Plan(this IQuerySession session, Guid planId, CancellationToken cancellationToken) =>
        await session.Events.AggregateStreamAsync<AllocationPlan>(await session.StreamOfPlan(planId, cancellationToken), token: cancellationToken);
}
