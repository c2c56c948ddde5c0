using CarbonMarket.Allocation.Computing;
using CarbonMarket.Allocation.Objections;
using CarbonMarket.Allocation.Plans;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.AcceptedEmissions;

/// <summary>An entity whose accepted emissions were changed after its final figure was approved, or whose objection was upheld.</summary>
/// <param name="ParticipantId">The covered entity.</param>
/// <param name="ComputedWith">Version of the report the final figure was computed with.</param>
/// <param name="ReportVersion">The version that counts now; null: none was accepted.</param>
/// <param name="Verified">Its accepted emissions of the year in tCO2e; null: none were accepted.</param>
/// <param name="AcceptedAt">Legal time at which they were accepted; null: none were.</param>
/// <param name="DueBy">Last legal day to determine the allocation anew; null: the rules set none.</param>
/// <param name="Overdue">The last day for it is over.</param>
/// <param name="ObjectedPlanId">The plan it objected to with success; null: its report was amended.</param>
public sealed record RedeterminationAnswer(
    Guid ParticipantId, long? ComputedWith, long? ReportVersion, Tonnes? Verified, DateTimeOffset? AcceptedAt, DateOnly? DueBy, bool Overdue, Guid? ObjectedPlanId = null);

public static class GetRedeterminations
{
    public static void Map(RouteGroupBuilder market) => market.MapGet("/redeterminations", List)
        .RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Operator, Roles.Auditor))
        .WithTags("Allocation plans")
        .WithName("list-redeterminations")
        .WithSummary("Whose allocation is to be determined anew (重新核定), and by when")
        .WithDescription(
            "Their reports were amended and accepted after the final plan, or their objections to a plan were upheld; the next plan of theirs that "
            + "is approved takes them off. By year and instrument.")
        .Produces<Page<RedeterminationAnswer>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="year">Compliance year.</param>
    /// <param name="instrument">As the policy pack names it.</param>
    internal static async Task<IResult> List(
        HttpContext context, IQuerySession session, TimeProvider clock, int year, string instrument, CancellationToken cancellationToken, Guid? after = null, int? limit = null)
    {
        var (pack, today) = (context.Market(), context.Market().LegalDay(clock.GetUtcNow()));
        var faults = Paging.Check(limit);
        faults.RequireYear(year, pack.Compliance.FirstYear, "year");
        if (faults.Any)
            return faults.ToProblem();
        var (market, of) = (pack.Market, ComplianceYear.Of(year));
        var plans = await session.ApprovedPlans(market, year, instrument, cancellationToken);
        var computed = new Dictionary<Guid, long?>();
        foreach (var plan in plans)
        {
            foreach (var figure in plan.Computation is { Input.Stage: not Stage.PreAllocation } final ? final.Figures : [])
                computed[figure.ParticipantId] = figure.ReportVersion;
        }
        var upheld = (await session.Query<PlanObjection>()
                .Where(objection => objection.Market == market && objection.Instrument == instrument && objection.Decision != null).ToListAsync(cancellationToken))
            .Where(objection => objection.Year == of && objection.Decision!.Outcome == ObjectionOutcome.Upheld && StillStands(objection, plans)).ToList();
        var known = (await session.LoadManyAsync<AcceptedFigures>(cancellationToken,
                computed.Keys.Union(upheld.Select(objection => objection.ParticipantId)).Select(participant => AcceptedFigures.StreamId(market, participant)).ToArray()))
            .ToDictionary(figures => figures.ParticipantId);
        var due = Amended(pack, year, computed, known.Values, today)
            .Concat(upheld.Select(objection => Objected(objection, computed, known.GetValueOrDefault(objection.ParticipantId)?.In(year), today)))
            .GroupBy(each => each.ParticipantId).Select(each => each.MinBy(one => one.DueBy ?? DateOnly.MaxValue)!).OrderBy(each => each.ParticipantId);
        return Results.Ok(Paging.Of(due.Where(each => after is not { } seen || each.ParticipantId.CompareTo(seen) > 0), limit, each => each.ParticipantId));
    }

    private static IEnumerable<RedeterminationAnswer> Amended(
        PolicyPack pack, int year, Dictionary<Guid, long?> computed, IEnumerable<AcceptedFigures> known, DateOnly today) =>
        from figures in known
        let figure = figures.In(year)
        where figure is not null && computed.TryGetValue(figures.ParticipantId, out var version) && figure.ReportVersion > (version ?? 0)
        let last = pack.AfterWorkingDays("allocation-redetermination-days", pack.LegalDay(figure.At))
        select new RedeterminationAnswer(figures.ParticipantId, computed[figures.ParticipantId], figure.ReportVersion, figure.Verified, figure.At, last, today > last);

    private static RedeterminationAnswer Objected(PlanObjection objection, Dictionary<Guid, long?> computed, AcceptedFigure? figure, DateOnly today) => new(
        objection.ParticipantId, computed.GetValueOrDefault(objection.ParticipantId), figure?.ReportVersion, figure?.Verified, figure?.At,
        objection.Decision!.DetermineBy, today > objection.Decision.DetermineBy, objection.PlanId);

    /// <summary>No plan that came after the decision has allocated the participant anew.</summary>
    private static bool StillStands(PlanObjection objection, IReadOnlyList<AllocationPlan> plans) => !plans
        .SkipWhile(plan => plan.PlanId != objection.PlanId).Skip(1)
        .Any(plan => plan.ApprovedAt >= objection.Decision!.At && plan.Participants.Contains(objection.ParticipantId));
}
