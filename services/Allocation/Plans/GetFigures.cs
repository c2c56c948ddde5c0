using System.Globalization;
using CarbonMarket.Allocation.Computing;
using CarbonMarket.Calculation;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.Plans;

/// <param name="PlanId">The plan, as it was named when it was drafted.</param>
/// <param name="Identical">Whether everything came out as it is stored.</param>
/// <param name="Figures">Entities that were computed.</param>
/// <param name="Differing">Participants whose figures differ; the first hundred.</param>
public sealed record ReplayAnswer(Guid PlanId, bool Identical, int Figures, IReadOnlyList<Guid> Differing);

/// <summary>What a computed plan came to, and how: figures, traces, and the whole computed again.</summary>
public static class GetFigures
{
    private const int MostNamed = 100;

    public static void Map(RouteGroupBuilder plans)
    {
        plans.MapGet("/{planId:guid}/figures", List)
            .WithName("list-plan-figures")
            .WithSummary("Figures of a computed plan, entity by entity and installation by installation")
            .WithDescription("Officials see every plan, everybody a published one; a participant sees its own figures once the plan is approved.")
            .Produces<Page<EntityFigure>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        plans.MapGet("/{planId:guid}/traces/{hash}", GetTrace)
            .WithName("get-plan-trace")
            .WithSummary("The trace (计算过程) of one figure: JSON, or a page where text/html is accepted")
            .WithDescription(
                "By the SHA-256 that the figures name. Computed again from what the plan has stored and from the packs, and served only if it "
                + "comes to the same hash. verify-trace checks it from the command line. format: json or html.")
            .Produces<string>(StatusCodes.Status200OK, "application/json", "text/html")
            .ProducesProblem(StatusCodes.Status404NotFound);
        plans.MapGet("/{planId:guid}/replay", Replay)
            .RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Operator, Roles.Auditor))
            .WithName("replay-plan")
            .WithSummary("Compute the whole plan again from its event and the packs, and compare")
            .Produces<ReplayAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <param name="planId">The plan, as it was named when it was drafted.</param>
    internal static async Task<IResult> List(
        Guid planId, HttpContext context, IQuerySession session, CancellationToken cancellationToken, Guid? after = null, int? limit = null)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        return await Find(planId, context, session, cancellationToken) is { } plan
            ? Results.Ok(Paging.Of(Seen(plan, context).Where(figure => after is not { } last || figure.ParticipantId.CompareTo(last) > 0), limit, figure => figure.ParticipantId))
            : Unknown(planId);
    }

    /// <param name="planId">The plan, as it was named when it was drafted.</param>
    /// <param name="hash">SHA-256 of the trace, as the figures name it.</param>
    /// <param name="format">json or html; left out: as the header Accept says.</param>
    internal static async Task<IResult> GetTrace(
        Guid planId, string hash, HttpContext context, IQuerySession session, PolicyPackCatalog catalog, CancellationToken cancellationToken, string? format = null)
    {
        var faults = new Faults();
        faults.Require(format is null or "json" or "html", "format", "unknown-value", "json or html.");
        if (faults.Any)
            return faults.ToProblem();
        if (await Find(planId, context, session, cancellationToken) is not { } plan)
            return Unknown(planId);
        var holder = Seen(plan, context).FirstOrDefault(figure => figure.Traces.Contains(hash, StringComparer.Ordinal) || figure.Units.Any(unit => unit.Traces.Contains(hash, StringComparer.Ordinal)));
        var input = plan.Computation!.Input;
        var trace = holder is null ? null : input.RunOf(catalog).Compute(input.Entities.First(entity => entity.ParticipantId == holder.ParticipantId))
            .Traces.FirstOrDefault(trace => trace.Hash() == hash);
        if (trace is null)
            return Problem.NotFound("unknown-trace", $"Plan {planId} has no trace {hash} that you may see.");
        return format == "html" || (format is null && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
            ? Results.Content(TracePage.Render(trace, MethodPacks.Find(trace.Pack, trace.PackVersion)!, CultureInfo.CurrentUICulture.Name), "text/html; charset=utf-8")
            : Results.Content(trace.ToJson(), "application/json; charset=utf-8");
    }

    /// <param name="planId">The plan, as it was named when it was drafted.</param>
    internal static async Task<IResult> Replay(
        Guid planId, HttpContext context, IQuerySession session, PolicyPackCatalog catalog, CancellationToken cancellationToken)
    {
        if (await Find(planId, context, session, cancellationToken) is not { } plan)
            return Unknown(planId);
        var (input, figures) = (plan.Computation!.Input, plan.Computation.Figures.ToDictionary(figure => figure.ParticipantId));
        var differing = input.RunOf(catalog).Entities().Zip(input.Entities)
            .Where(pair => pair.First.Figure?.SaysTheSame(figures.GetValueOrDefault(pair.Second.ParticipantId)) is not true)
            .Select(pair => pair.Second.ParticipantId).ToList();
        return Results.Ok(new ReplayAnswer(planId, differing.Count == 0 && figures.Count == input.Entities.Length, figures.Count, [.. differing.Take(MostNamed)]));
    }

    private static async Task<AllocationPlan?> Find(Guid planId, HttpContext context, IQuerySession session, CancellationToken cancellationToken)
    {
        var plan = await session.Plan(planId, cancellationToken);
        var seen = plan?.Computation is not null && plan.Market == context.Market().Market
            && (context.User.SeesEverything() || plan.IsPublished || (plan.IsApproved && Seen(plan, context).Any()));
        return seen ? plan : null;
    }

    private static IEnumerable<EntityFigure> Seen(AllocationPlan plan, HttpContext context) =>
        plan.Computation!.Figures.Where(figure => plan.IsPublished || context.User.MaySee(figure.ParticipantId));

    private static IResult Unknown(Guid planId) => Problem.NotFound("unknown-plan", $"There is no computed plan {planId} that you may see.");
}
