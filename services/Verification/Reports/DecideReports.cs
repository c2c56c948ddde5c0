using System.ComponentModel.DataAnnotations;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Verification.Reports;

public static class DecideReports
{
    private const string Accepted = "accepted";
    private const string Returned = "returned";
    private const int LongestReason = 1000;

    public sealed record ReportDecision
    {
        /// <summary>The item's id.</summary>
        [Required]
        public Guid? ReportId { get; init; }

        /// <summary>accepted or returned.</summary>
        [Required]
        public string? Decision { get; init; }

        /// <summary>Why it is returned; 1-1000 characters.</summary>
        public string? Reason { get; init; }

        /// <summary>The version decided on; left out: the one that is filed.</summary>
        public long? ReportVersion { get; init; }
    }

    public static void Map(RouteGroupBuilder market) => market.MapPost("/decisions/batch", Handle)
        .RequireAuthorization(Roles.Regulator)
        .WithTags("Emission reports")
        .WithName("decide-reports")
        .WithSummary("Accept verified reports, or return them to the emitter")
        .WithDescription(
            "An accepted figure goes to Settlement. What is decided so already changes nothing. Items are rejected with "
            + "unknown-report, version-superseded, not-verified, adverse-statement, report-returned, report-accepted, "
            + "report-reopened (the next version is decided), objection-pending (that is decided first). 400 "
            + "invalid-input names every fault.")
        .Produces<BatchAnswer<BatchResult>>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<IResult> Handle(
        Batch<ReportDecision> batch, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = batch.Check(item => item.ReportId, (found, item, path) =>
        {
            found.RequireId(item.ReportId, $"{path}.reportId");
            found.Require(item.Decision is Accepted or Returned, $"{path}.decision", "unknown-decision", "accepted or returned.");
            if (item.Decision == Returned || item.Reason is not null)
                found.RequireText(item.Reason, LongestReason, $"{path}.reason");
            found.Require(item.ReportVersion is null or >= 1, $"{path}.reportVersion", "invalid-version", "Versions count from 1.");
        });
        return faults.Any
            ? faults.ToProblem()
            : await session.Decide(
                [.. batch.Items!.Select(item => (item.ReportId!.Value, Command(context, item, clock.GetUtcNow())))], cancellationToken);
    }

    private static ReportCommand Command(HttpContext context, ReportDecision item, DateTimeOffset at)
    {
        var pack = context.Market();
        return item.Decision == Accepted
            ? new ReportCommand.Accept(
                pack.Market, item.ReportId!.Value, item.ReportVersion, at, pack.TellBy(pack.LegalDay(at)), context.Actor().Subject)
            : new ReportCommand.Return(pack.Market, item.ReportId!.Value, item.ReportVersion, item.Reason!, at);
    }
}
