using System.ComponentModel.DataAnnotations;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Engagements;
using Marten;
using static CarbonMarket.Verification.Reports.ReportEdge;

namespace CarbonMarket.Verification.Reports;

/// <summary>The emitter's objection (异议) to its result, and the regulator's decision on it.</summary>
public static class ObjectToResult
{
    public sealed record ObjectionRequest
    {
        /// <summary>1-2000 characters.</summary>
        [Required]
        public string? Ground { get; init; }
    }

    public sealed record DecisionRequest
    {
        /// <summary>upheld or rejected.</summary>
        [Required]
        public string? Outcome { get; init; }

        /// <summary>What is determined anew where it is upheld: whole tonnes of CO2 equivalent.</summary>
        public decimal? Tonnes { get; init; }

        /// <summary>1-2000 characters.</summary>
        [Required]
        public string? Reason { get; init; }
    }

    public static void Map(RouteGroupBuilder reports)
    {
        reports.MapPut("/{reportId:guid}/objections/{objectionId:guid}", File)
            .RequireAuthorization(Roles.Emitter)
            .WithName("object-to-result")
            .WithSummary("Object (异议) to the result of one's own report")
            .WithDescription(
                "Once for each result, within the pack's working days after it was told. The same again changes nothing. 422 "
                + "not-accepted, result-not-told, objection-filed, objection-late (names the last day). 409 id-reused.")
            .Produces<ReportAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        DetermineReport.Describe(reports.MapPost("/{reportId:guid}/objections/{objectionId:guid}/decision", Decide))
            .WithName("decide-objection")
            .WithSummary("Decide an objection: uphold it with a figure determined anew, or reject it")
            .WithDescription(
                "By an official who had no part in the result, else 422 four-eyes. What is decided after the pack's working days is marked "
                + "late and counts. The same again changes nothing. 422 unknown-objection, objection-decided.");
    }

    /// <param name="reportId">The report, as the emitter named it.</param>
    /// <param name="objectionId">Made by the caller; names the objection.</param>
    internal static Task<IResult> File(
        Guid reportId, Guid objectionId, ObjectionRequest request, HttpContext context, IDocumentSession session, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (asked, faults) = (Asked.Of(context, clock), new Faults());
        faults.RequireText(request.Ground, LongestText, "$.ground");
        return session.Answer(
            faults,
            () => new ReportCommand.FileObjection(
                asked.Pack.Market, reportId, objectionId, asked.By, request.Ground!, asked.Day, asked.Pack.DecideBy(asked.Day), asked.At),
            cancellationToken);
    }

    /// <param name="reportId">The report, as the emitter named it.</param>
    /// <param name="objectionId">The objection, as the emitter named it.</param>
    internal static Task<IResult> Decide(
        Guid reportId, Guid objectionId, DecisionRequest request, HttpContext context, IDocumentSession session, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (asked, faults, outcome) = (Asked.Of(context, clock), new Faults(), Words.Parse<ObjectionOutcome>(request.Outcome));
        faults.Require(outcome is not null, "$.outcome", "unknown-outcome", Words.OneOf<ObjectionOutcome>());
        if (outcome == ObjectionOutcome.Upheld)
            faults.RequireTonnes(request.Tonnes, "$.tonnes");
        else
            faults.Require(request.Tonnes is null, "$.tonnes", "invalid-tonnes", "A figure only where the objection is upheld.");
        faults.RequireText(request.Reason, LongestText, "$.reason");
        return session.Answer(
            faults,
            () => new ReportCommand.DecideObjection(
                asked.Pack.Market, reportId, objectionId, outcome!.Value, request.Tonnes is { } tonnes ? Tonnes.Of((long)tonnes) : null,
                request.Reason!, context.Actor().Subject, asked.Day, asked.Pack.TellBy(asked.Day), asked.At),
            cancellationToken);
    }
}
