using CarbonMarket.Allocation.Computing;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.AcceptedEmissions;

/// <summary>An entity whose accepted emissions were changed after its final figure was approved.</summary>
/// <param name="ComputedWith">Version of the report the final figure was computed with.</param>
/// <param name="ReportVersion">The version that counts now.</param>
/// <param name="DueBy">Last legal day to determine the allocation anew; left out: the rules set none.</param>
public sealed record RedeterminationAnswer(Guid ParticipantId, long? ComputedWith, long ReportVersion, Tonnes Verified, DateTimeOffset AcceptedAt, DateOnly? DueBy, bool Overdue);

public static class GetRedeterminations
{
    public static void Map(RouteGroupBuilder market) => market.MapGet("/redeterminations", List)
        .RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Operator, Roles.Auditor))
        .WithTags("Allocation plans")
        .WithName("list-redeterminations")
        .WithSummary("Whose allocation is to be determined anew (重新核定), and by when")
        .WithDescription("Their reports were amended and accepted after the final plan; an adjustment takes them off. By year and instrument.")
        .Produces<Page<RedeterminationAnswer>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    internal static async Task<IResult> List(
        HttpContext context, IQuerySession session, TimeProvider clock, int year, string instrument, CancellationToken cancellationToken, Guid? after = null, int? limit = null)
    {
        var (pack, at) = (context.Market(), clock.GetUtcNow());
        var faults = Paging.Check(limit);
        faults.RequireYear(year, pack.Compliance.FirstYear, "year");
        if (faults.Any)
            return faults.ToProblem();
        var computed = new Dictionary<Guid, long?>();
        foreach (var plan in await session.ApprovedPlans(pack.Market, year, instrument, cancellationToken))
        {
            foreach (var figure in plan.Computation is { Input.Stage: not Stage.PreAllocation } final ? final.Figures : [])
                computed[figure.ParticipantId] = figure.ReportVersion;
        }
        var known = await session.LoadManyAsync<AcceptedFigures>(
            cancellationToken, computed.Keys.Select(participant => AcceptedFigures.StreamId(pack.Market, participant)).ToArray());
        var days = (int?)pack.Parameter("allocation-redetermination-days")?.On(pack.LegalDay(at))?.Value;
        var due = from figures in known
                  let figure = figures.In(year)
                  where figure is not null && figure.ReportVersion > (computed[figures.ParticipantId] ?? 0)
                  let last = days is { } count ? pack.AfterWorkingDays(pack.LegalDay(figure.At), count) : (DateOnly?)null
                  orderby figures.ParticipantId
                  select new RedeterminationAnswer(
                      figures.ParticipantId, computed[figures.ParticipantId], figure.ReportVersion, figure.Verified, figure.At, last, pack.LegalDay(at) > last);
        return Results.Ok(Paging.Of(due.Where(each => after is not { } seen || each.ParticipantId.CompareTo(seen) > 0), limit, each => each.ParticipantId));
    }
}
