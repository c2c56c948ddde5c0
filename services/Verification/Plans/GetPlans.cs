using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Verification.Engagements;
using Marten;

namespace CarbonMarket.Verification.Plans;

/// <param name="PlanId">Follows from the participant and the year.</param>
/// <param name="ParticipantId">The emitter.</param>
/// <param name="Year">Compliance year.</param>
/// <param name="PlanVersion">Counts the filings of the year's plan, from 1.</param>
/// <param name="Pack">The method pack that the methods are of.</param>
/// <param name="PackVersion">The version of the method pack.</param>
/// <param name="Meters">Measuring instruments, by code.</param>
/// <param name="Streams">What is burned, used or bought, by code.</param>
/// <param name="Inputs">How each input of each stream's method is determined.</param>
/// <param name="Reason">What changed since the version before; null: none is given.</param>
/// <param name="FiledAt">Legal time at which this version was filed.</param>
/// <param name="Balance">The method that puts the streams together; null: they are added up.</param>
/// <param name="Late">The year's first version came after its day.</param>
/// <param name="Units">Generating units, by code; empty: the entity has none.</param>
public sealed record PlanAnswer(
    Guid PlanId, Guid ParticipantId, int Year, long PlanVersion, string Pack, string PackVersion, IReadOnlyList<Meter> Meters,
    IReadOnlyList<StreamPlan> Streams, IReadOnlyList<PlannedInput> Inputs, string? Reason, bool Late, DateTimeOffset FiledAt,
    string? Balance, IReadOnlyList<GeneratingUnit> Units)
{
    public static PlanAnswer Of(QualityPlan plan) => new(
        plan.Id, plan.ParticipantId, plan.Year.Value, plan.PlanVersion, plan.Pack, plan.PackVersion, plan.Content.Meters, plan.Content.Streams,
        plan.Content.Inputs, plan.Reason, plan.Late, plan.FiledAt, plan.Content.Balance, plan.Content.Units ?? []);
}

public static class GetPlans
{
    public static void Map(RouteGroupBuilder plans)
    {
        plans.MapGet("/", List)
            .WithName("list-quality-plans")
            .WithSummary("Quality-control plans as they stand; an emitter sees its own only, an appointed verifier those of its entities")
            .Produces<Page<PlanAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        plans.MapGet("/{planId:guid}/versions", Versions)
            .WithName("list-quality-plan-versions")
            .WithSummary("Every version of one quality-control plan, in their order")
            .Produces<Page<PlanAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal static async Task<IResult> List(
        HttpContext context, IQuerySession session, CancellationToken cancellationToken, Guid? after = null, int? limit = null)
    {
        var market = context.Market().Market;
        var plans = (await session.Seen<QualityPlan>(context, cancellationToken)).Where(plan => plan.Market == market);
        return await plans.Page(after, limit, plan => plan.Id, PlanAnswer.Of, cancellationToken);
    }

    /// <param name="planId">As the list of plans names it.</param>
    internal static async Task<IResult> Versions(
        Guid planId, HttpContext context, IQuerySession session, CancellationToken cancellationToken, long? after = null, int? limit = null)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        var plan = await session.LoadAsync<QualityPlan>(planId, cancellationToken);
        if (plan is null || plan.Market != context.Market().Market || !await session.Sees(context, plan.ParticipantId, plan.Year, cancellationToken))
            return Problem.NotFound("unknown-quality-plan", $"There is no plan {planId} that you may see.");
        var history = await session.Events.FetchStreamAsync(planId, fromVersion: (after ?? 0) + 1, token: cancellationToken);
        return Results.Ok(Paging.Of(
            history.Select(recorded => PlanAnswer.Of(QualityPlan.After(null, (PlanEvent)recorded.Data))), limit, version => version.PlanVersion));
    }

    /// <summary>What is said to whoever files or asks for evidence of a year without a plan.</summary>
    internal static IResult Missing(int year) => Problem.Refused(
        "quality-plan-missing", $"The quality-control plan for {year} comes first; its streams and inputs are what evidence is of.");
}
