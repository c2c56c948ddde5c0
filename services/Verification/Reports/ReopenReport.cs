using System.ComponentModel.DataAnnotations;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Verification.Reports;

public static class ReopenReport
{
    public sealed record Request
    {
        /// <summary>Why, 1-2000 characters.</summary>
        [Required]
        public string? Ground { get; init; }

        /// <summary>The accepted version.</summary>
        [Required]
        public long? ReportVersion { get; init; }
    }

    public static void Map(RouteGroupBuilder reports) => DetermineReport.Describe(reports.MapPost("/{reportId:guid}/reopening", Handle))
        .WithName("reopen-report")
        .WithSummary("Reopen an accepted report, also after allocation; its figure stands until the amendment is accepted")
        .WithDescription(
            "The emitter files the amendment, which is verified and accepted like the report, or the regulator determines the figure. "
            + "Reopening again changes nothing. 422 not-accepted, version-superseded, objection-pending (that is decided first).");

    /// <param name="reportId">The report, as the emitter named it.</param>
    internal static Task<IResult> Handle(
        Guid reportId, Request request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireText(request.Ground, ReportEdge.LongestText, "$.ground");
        faults.Require(request.ReportVersion is >= 1, "$.reportVersion", "invalid-version", "Versions count from 1.");
        return session.Answer(
            faults,
            () => new ReportCommand.Reopen(
                context.Market().Market, reportId, request.ReportVersion, request.Ground!, context.Actor().Subject, clock.GetUtcNow()),
            cancellationToken);
    }
}
