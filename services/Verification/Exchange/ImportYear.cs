using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;
using Marten;

namespace CarbonMarket.Verification.Exchange;

/// <param name="Year">Compliance year.</param>
/// <param name="Months">Those that the file fills in, as they stand now.</param>
public sealed record YearImported(int Year, IReadOnlyList<MonthAnswer> Months);

public static class ImportYear
{
    public static void Map(RouteGroupBuilder evidence) => evidence.MapPut("/{year:int}/workbook", Handle)
        .RequireAuthorization(Roles.Emitter)
        .Accepts<Stream>(WorkbookReader.MediaType, CsvSheets.MediaType)
        .WithName("import-evidence")
        .WithSummary("File or mend months of the caller's evidence by a spreadsheet (电子表格报送): XLSX or CSV")
        .WithDescription(
            $"The body is a workbook or CSV file as the template has it, of 1 to {SheetLimits.LargestUpload} bytes. Each month that something is filled in for is filed "
            + "as by JSON, and all of them or none: 400 invalid-input names every fault by sheet and cell (Figures!E14; Csv!I14 in CSV), also month-not-over. The same "
            + "content again changes nothing. 415 for content of another kind. 422 quality-plan-missing.")
        .Produces<YearImported>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="year">Compliance year.</param>
    internal static async Task<IResult> Handle(
        int year, HttpContext context, IDocumentSession session, EvidenceFiles files, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (pack, participant, faults) = (context.Market(), context.User.ParticipantId(), new Faults(SheetLimits.MostFaults));
        faults.RequireYear(year, pack.Compliance.FirstYear, "year");
        var content = await Upload.Read(context.Request, SheetLimits.LargestUpload, cancellationToken);
        faults.Require(content is { Length: > 0 }, "body", "file-size", $"A file has 1 to {SheetLimits.LargestUpload} bytes.");
        if (faults.Any)
            return faults.ToProblem();
        if (await session.LoadAsync<QualityPlan>(QualityPlan.IdOf(pack.Market, participant, ComplianceYear.Of(year)), cancellationToken) is not { } plan)
            return GetPlans.Missing(year);
        var draft = Read(content!.Value, context.Request.ContentType, year, faults);
        draft.Check(faults, plan, await files.Kept(pack.Market, participant, draft.Files, cancellationToken));
        if (faults.Any)
            return faults.ToProblem();
        var commands = draft.Commands(pack, plan, clock.GetUtcNow());
        var decisions = await session.DecideEach<SubmitMonth, MonthlyEvidence, MonthEvent>(
            commands, command => command.MonthId, MonthlyEvidence.Decide, (_, @event) => MonthlyEvidence.After(@event), cancellationToken, allOrNothing: true);
        foreach (var (command, decision) in commands.Zip(decisions))
        {
            if (decision is Decision<MonthEvent>.Rejected rejected)
                faults.Add(draft.PlaceOf(command.Month), rejected.Code, rejected.Reason);
        }

        if (faults.Any)
            return faults.ToProblem();
        var filed = await session.LoadManyAsync<MonthlyEvidence>(cancellationToken, commands.Select(command => command.MonthId));
        return Results.Ok(new YearImported(year, [.. filed.OrderBy(month => month.Month).Select(MonthAnswer.Of)]));
    }

    /// <summary>What the file says, and all that keeps it from being read.</summary>
    internal static YearDraft Read(ReadOnlyMemory<byte> content, string? mediaType, int year, Faults faults) => YearDraft.Read(
        mediaType?.StartsWith(CsvSheets.MediaType, StringComparison.OrdinalIgnoreCase) == true
            ? CsvSheets.Read(content, faults)
            : WorkbookReader.Read(content, EvidenceTables.Sheets, faults),
        year, faults);
}
