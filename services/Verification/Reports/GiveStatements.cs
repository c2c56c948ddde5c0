using System.ComponentModel.DataAnnotations;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Verification.Reports;

public static class GiveStatements
{
    public sealed record Item
    {
        /// <summary>The item's id.</summary>
        [Required]
        public Guid? ReportId { get; init; }

        /// <summary>positive or adverse.</summary>
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
            + "verifier filed it), version-superseded, statement-given, report-returned. 400 invalid-input names every fault.")
        .Produces<BatchAnswer<BatchResult>>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<IResult> Handle(
        Batch<Item> batch, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = batch.Check(item => item.ReportId, (found, item, path) =>
        {
            found.RequireId(item.ReportId, $"{path}.reportId");
            found.Require(Parse(item.Conclusion) is not null, $"{path}.conclusion", "unknown-conclusion", "positive or adverse.");
            found.RequireTonnes(item.VerifiedTonnes, $"{path}.verifiedTonnes");
            found.Require(item.ReportVersion is null or >= 1, $"{path}.reportVersion", "invalid-version", "Versions count from 1.");
        });
        if (faults.Any)
            return faults.ToProblem();
        var (market, verifier, at) = (context.Market().Market, context.User.ParticipantId(), clock.GetUtcNow());
        return await session.Decide(
            [.. batch.Items!.Select(item => (item.ReportId!.Value, (ReportCommand)new ReportCommand.GiveStatement(
                market, item.ReportId.Value, item.ReportVersion, verifier, Parse(item.Conclusion)!.Value,
                Tonnes.Of((long)item.VerifiedTonnes!.Value), at)))],
            cancellationToken);
    }

    /// <summary>Decides each command on its report and answers in their order.</summary>
    internal static async Task<IResult> Decide(
        this IDocumentSession session, IReadOnlyList<(Guid ReportId, ReportCommand Command)> commands, CancellationToken cancellationToken)
    {
        var decisions = await session.DecideEach<(Guid ReportId, ReportCommand Command), EmissionReport, ReportEvent>(
            commands, item => item.ReportId, (report, item) => EmissionReport.Decide(report, item.Command),
            EmissionReport.After, cancellationToken);
        return Results.Ok(new BatchAnswer<BatchResult>([.. commands.Zip(decisions, (item, decision) => BatchResult.Of(item.ReportId, decision))]));
    }

    private static Conclusion? Parse(string? text) => text switch
    {
        "positive" => Conclusion.Positive,
        "adverse" => Conclusion.Adverse,
        _ => null,
    };
}
