using System.ComponentModel.DataAnnotations;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Engagements;
using Marten;
using static CarbonMarket.Verification.Reports.ReportEdge;

namespace CarbonMarket.Verification.Reports;

/// <summary>The regulator determines a figure itself: one official proposes it, another one approves.</summary>
public static class DetermineReport
{
    public sealed record Proposal
    {
        /// <summary>The figure: whole tonnes of CO2 equivalent, not below what was reported or verified.</summary>
        [Required]
        public decimal? Tonnes { get; init; }

        /// <summary>Why, and how it is reckoned; 1-2000 characters.</summary>
        [Required]
        public string? Ground { get; init; }

        /// <summary>The version whose figure is replaced; left out: the one that is filed.</summary>
        public long? ReportVersion { get; init; }
    }

    public sealed record Rejection
    {
        /// <summary>1-2000 characters.</summary>
        [Required]
        public string? Reason { get; init; }
    }

    public static void Map(RouteGroupBuilder reports)
    {
        Describe(reports.MapPut("/{reportId:guid}/determinations/{determinationId:guid}", Propose))
            .WithName("propose-determination")
            .WithSummary("Propose a conservative figure (保守核定) in place of a report's")
            .WithDescription(
                "Another official approves it. 422 report-accepted (reopen it first), determined-below-reported, determination-pending, "
                + "objection-pending, version-superseded. 409 id-reused.")
            .ProducesProblem(StatusCodes.Status409Conflict);
        Describe(reports.MapPost("/{reportId:guid}/determinations/{determinationId:guid}/approval", Approve))
            .WithName("approve-determination")
            .WithSummary("Approve a proposed figure; it counts from then on, as a version of its own")
            .WithDescription(
                "By another official than the one who proposed it, else 422 four-eyes. 422 unknown-determination, determination-rejected, "
                + "version-superseded (the report was filed anew since), report-accepted, determined-below-reported, objection-pending.");
        Describe(reports.MapPost("/{reportId:guid}/determinations/{determinationId:guid}/rejection", Reject))
            .WithName("reject-determination")
            .WithSummary("Reject a proposed figure, or take one's own back")
            .WithDescription("422 unknown-determination, determination-approved.");
    }

    internal static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint
        .RequireAuthorization(Roles.Regulator)
        .Produces<ReportAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="reportId">The report, as the emitter named it.</param>
    /// <param name="determinationId">Made by the caller; names the proposed figure.</param>
    internal static Task<IResult> Propose(
        Guid reportId, Guid determinationId, Proposal request, HttpContext context, IDocumentSession session, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (asked, faults) = (Asked.Of(context, clock), new Faults());
        faults.RequireTonnes(request.Tonnes, "$.tonnes");
        faults.RequireText(request.Ground, LongestText, "$.ground");
        faults.RequireVersion(request.ReportVersion);
        return session.Answer(
            faults,
            () => new ReportCommand.ProposeDetermination(
                asked.Pack.Market, reportId, determinationId, request.ReportVersion, Tonnes.Of((long)request.Tonnes!.Value), request.Ground!,
                context.Actor().Subject, asked.At),
            cancellationToken);
    }

    /// <param name="reportId">The report, as the emitter named it.</param>
    /// <param name="determinationId">The proposed figure, as it was named when it was proposed.</param>
    internal static Task<IResult> Approve(
        Guid reportId, Guid determinationId, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var asked = Asked.Of(context, clock);
        return session.Answer(
            new Faults(),
            () => new ReportCommand.ApproveDetermination(
                asked.Pack.Market, reportId, determinationId, context.Actor().Subject, asked.Pack.TellBy(asked.Day), asked.At),
            cancellationToken);
    }

    /// <param name="reportId">The report, as the emitter named it.</param>
    /// <param name="determinationId">The proposed figure, as it was named when it was proposed.</param>
    internal static Task<IResult> Reject(
        Guid reportId, Guid determinationId, Rejection request, HttpContext context, IDocumentSession session, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireText(request.Reason, LongestText, "$.reason");
        return session.Answer(
            faults,
            () => new ReportCommand.RejectDetermination(
                context.Market().Market, reportId, determinationId, context.Actor().Subject, request.Reason!, clock.GetUtcNow()),
            cancellationToken);
    }
}
