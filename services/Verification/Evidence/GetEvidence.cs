using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.Verification.Engagements;
using Marten;

namespace CarbonMarket.Verification.Evidence;

/// <param name="MonthId">Follows from the participant, the year and the month.</param>
/// <param name="ParticipantId">The emitter.</param>
/// <param name="Year">Compliance year.</param>
/// <param name="Month">1 to 12.</param>
/// <param name="MonthVersion">Counts the filings of the month, from 1.</param>
/// <param name="PlanVersion">The version of the plan that the figures were checked against.</param>
/// <param name="Files">The files that show the figures.</param>
/// <param name="Figures">What was measured, each figure bound to the file that shows it.</param>
/// <param name="Late">This version came after the last day.</param>
/// <param name="FiledAt">Legal time at which this version was filed.</param>
/// <param name="Units">What generating units did; empty: nothing is told.</param>
/// <param name="Stocks">What stock books say; empty: nothing is told.</param>
/// <param name="CrossReadings">What other sources say of the same figures; empty: none is told.</param>
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

    /// <param name="participantId">Of this emitter only; left out: of all that the caller may see.</param>
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
