using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Calculations;
using CarbonMarket.Verification.Engagements;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;
using Marten;

namespace CarbonMarket.Verification.Exchange;

public static class ExportYear
{
    private const string Xlsx = "xlsx";
    private const string Csv = "csv";

    public static void Map(RouteGroupBuilder evidence)
    {
        evidence.MapGet("/{year:int}/template", Template)
            .RequireAuthorization(Roles.Emitter)
            .WithName("get-evidence-template")
            .WithSummary("An empty workbook (填报模板) for the caller's evidence of a year, by its quality-control plan: XLSX or CSV")
            .WithDescription("One row for each month, stream and input that the plan measures, with unit and bounds. ?format=xlsx (as it is left out) or csv. 422 quality-plan-missing.")
            .Produces<Stream>(StatusCodes.Status200OK, WorkbookReader.MediaType, CsvSheets.MediaType)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        evidence.MapGet("/{participantId:guid}/{year:int}/workbook", Filed)
            .WithName("export-evidence")
            .WithSummary("The evidence of a year as it is filed, as a workbook (XLSX) or CSV; an emitter sees its own only, an appointed verifier those of its entities")
            .WithDescription(
                "Imported again it changes nothing. Text that a spreadsheet could take for a formula has an apostrophe before it. ?format=xlsx (as it is left out) or csv. "
                + "404 unknown-quality-plan.")
            .Produces<Stream>(StatusCodes.Status200OK, WorkbookReader.MediaType, CsvSheets.MediaType)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <param name="year">Compliance year.</param>
    /// <param name="format">xlsx or csv; left out: xlsx.</param>
    internal static async Task<IResult> Template(int year, HttpContext context, IQuerySession session, CancellationToken cancellationToken, string? format = null)
    {
        if (Check(year, format) is { Any: true } faults)
            return faults.ToProblem();
        var (market, participant) = (context.Market().Market, context.User.ParticipantId());
        return await session.LoadAsync<QualityPlan>(QualityPlan.IdOf(market, participant, ComplianceYear.Of(year)), cancellationToken) is { } plan
            ? Answer(YearSheets.Template(plan), format, $"evidence-{year}-template")
            : GetPlans.Missing(year);
    }

    /// <param name="participantId">The emitter.</param>
    /// <param name="year">Compliance year.</param>
    /// <param name="format">xlsx or csv; left out: xlsx.</param>
    internal static async Task<IResult> Filed(
        Guid participantId, int year, HttpContext context, IQuerySession session, CancellationToken cancellationToken, string? format = null)
    {
        if (Check(year, format) is { Any: true } faults)
            return faults.ToProblem();
        var (market, of) = (context.Market().Market, ComplianceYear.Of(year));
        if (!await session.Sees(context, participantId, of, cancellationToken)
            || await session.LoadAsync<QualityPlan>(QualityPlan.IdOf(market, participantId, of), cancellationToken) is not { } plan)
            return GetYear.NoPlan(participantId, year);
        var months = await session.LoadManyAsync<MonthlyEvidence>(
            cancellationToken, Enumerable.Range(1, 12).Select(month => MonthlyEvidence.IdOf(market, participantId, of, month)));
        return Answer(YearSheets.Filed(plan, months), format, $"evidence-{year}");
    }

    private static Faults Check(int year, string? format)
    {
        var faults = new Faults();
        faults.Require(ComplianceYear.IsValid(year), "year", "invalid-year", "A compliance year.");
        faults.Require(format is null or Xlsx or Csv, "format", "unknown-format", $"{Xlsx} or {Csv}.");
        return faults;
    }

    private static IResult Answer(IReadOnlyList<Sheet> sheets, string? format, string name) => format == Csv
        ? Results.File(CsvTable.Write(sheets), CsvSheets.MediaType, $"{name}.{Csv}")
        : Results.File(WorkbookWriter.Write(sheets), WorkbookReader.MediaType, $"{name}.{Xlsx}");
}
