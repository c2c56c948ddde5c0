using System.ComponentModel.DataAnnotations;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Engagements;
using Marten;

namespace CarbonMarket.Verification.Reports;

public static class GiveStatements
{
    public sealed record NewStatement
    {
        /// <summary>The item's id.</summary>
        [Required]
        public Guid? ReportId { get; init; }

        /// <summary>positive, qualified or adverse.</summary>
        [Required]
        public string? Conclusion { get; init; }

        /// <summary>What the verifier found: whole tonnes of CO2 equivalent.</summary>
        [Required]
        public decimal? VerifiedTonnes { get; init; }

        /// <summary>The version that was verified; left out: the one that is filed.</summary>
        public long? ReportVersion { get; init; }
    }

    public static void Map(RouteGroupBuilder market) => market.MapPost("/statements/batch", Handle)
        .RequireAuthorization(Roles.Verifier)
        .WithTags("Emission reports")
        .WithName("give-statements")
        .WithSummary("Give verifier's statements (核查意见) on reports")
        .WithDescription(
            "A repeat with the same content changes nothing. Items are rejected with unknown-report, conflict-of-interest (the "
            + "verifier filed it), version-superseded, statement-given, report-returned, report-accepted, report-reopened. Where the "
            + "regulator appoints verifiers, reports of others than the caller's entities are unknown-report, and items are rejected "
            + "also with verifier-dismissed, verification-late, "
            + "verification-concluded, team-missing, plan-missing, starred-items-open, site-visit-missing, request-open, findings-open, "
            + "positive-with-uncorrected, estimate-missing, figure-not-conservative, conflict-compiled, conflict-group, "
            + "conflict-rotation. 400 invalid-input names every fault.")
        .Produces<BatchAnswer<BatchResult>>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<IResult> Handle(
        Batch<NewStatement> batch, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = batch.Check(item => item.ReportId, (found, item, path) =>
        {
            found.RequireId(item.ReportId, $"{path}.reportId");
            found.Require(Words.Parse<Conclusion>(item.Conclusion) is not null, $"{path}.conclusion", "unknown-conclusion", "positive, qualified or adverse.");
            found.RequireTonnes(item.VerifiedTonnes, $"{path}.verifiedTonnes");
            found.Require(item.ReportVersion is null or >= 1, $"{path}.reportVersion", "invalid-version", "Versions count from 1.");
        });
        if (faults.Any)
            return faults.ToProblem();
        var asked = Asked.Of(context, clock);
        List<ReportCommand.GiveStatement> statements =
        [
            .. batch.Items!.Select(item => new ReportCommand.GiveStatement(
                asked.Pack.Market, item.ReportId!.Value, item.ReportVersion, asked.By, Words.Parse<Conclusion>(item.Conclusion)!.Value,
                Tonnes.Of((long)item.VerifiedTonnes!.Value), asked.At)),
        ];
        if (!asked.Pack.Verification.Appointed)
            return await session.Decide([.. statements.Select(statement => (statement.ReportId, (ReportCommand)statement))], cancellationToken);
        var results = new List<BatchResult>();
        foreach (var statement in statements)
            results.Add(BatchResult.Of(statement.ReportId, await session.Conclude(asked, statement, cancellationToken)));
        return Results.Ok(new BatchAnswer<BatchResult>(results));
    }

    /// <summary>Decides each command on its report and answers in their order.</summary>
    internal static async Task<IResult> Decide(
        this IDocumentSession session, IReadOnlyList<(Guid ReportId, ReportCommand Command)> commands, CancellationToken cancellationToken)
    {
        var streamOf = await session.StreamsOf(commands.Select(item => item.ReportId), cancellationToken);
        var decisions = await session.DecideEach<(Guid ReportId, ReportCommand Command), EmissionReport, ReportEvent>(
            commands, item => streamOf(item.ReportId), (report, item) => EmissionReport.Decide(report, item.Command),
            EmissionReport.After, cancellationToken);
        return Results.Ok(new BatchAnswer<BatchResult>([.. commands.Zip(decisions, (item, decision) => BatchResult.Of(item.ReportId, decision))]));
    }
}
