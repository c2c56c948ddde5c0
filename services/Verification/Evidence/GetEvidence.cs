using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.Verification.Engagements;
using Marten;

namespace CarbonMarket.Verification.Evidence;

/// <param name="PlanVersion">The version of the plan that the figures were checked against.</param>
/// <param name="Late">This version came after the last day.</param>
public sealed record MonthAnswer(
    Guid MonthId, Guid ParticipantId, int Year, int Month, long MonthVersion, long PlanVersion, IReadOnlyList<Exhibit> Files,
    IReadOnlyList<MonthFigure> Figures, bool Late, DateTimeOffset FiledAt, IReadOnlyList<UnitMonth> Units, IReadOnlyList<StockMonth> Stocks,
    IReadOnlyList<CrossReading> CrossReadings)
{
    public static MonthAnswer Of(MonthlyEvidence month) => new(
        month.Id, month.ParticipantId, month.Year.Value, month.Month, month.MonthVersion, month.PlanVersion, month.Content.Files, month.Content.Figures,
        month.Late, month.FiledAt, month.Content.Units ?? [], month.Content.Stocks ?? [], month.Content.CrossReadings ?? []);
}

public static class GetEvidence
{
    public static void Map(RouteGroupBuilder evidence) => evidence.MapGet("/", List)
        .WithName("list-monthly-evidence")
        .WithSummary("Evidence of months as it stands; an emitter sees its own only, an appointed verifier that of its entities")
        .Produces<Page<MonthAnswer>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    internal static async Task<IResult> List(
        HttpContext context, IQuerySession session, CancellationToken cancellationToken, Guid? participantId = null, Guid? after = null, int? limit = null)
    {
        var market = context.Market().Market;
        var months = (await session.Seen<MonthlyEvidence>(context, cancellationToken)).Where(month => month.Market == market);
        if (participantId is { } only)
            months = months.Where(month => month.ParticipantId == only);
        return await months.Page(after, limit, month => month.Id, MonthAnswer.Of, cancellationToken);
    }
}
