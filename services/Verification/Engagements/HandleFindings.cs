using System.ComponentModel.DataAnnotations;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;
using static CarbonMarket.Verification.Engagements.EngagementEdge;

namespace CarbonMarket.Verification.Engagements;

/// <summary>Findings: raised, corrected in time, concluded upon, estimated where they stay.</summary>
public static class HandleFindings
{
    public sealed record FindingRequest
    {
        /// <summary>basics, boundary, method, data, quality-and-filing, plan-execution, on-site or other.</summary>
        [Required]
        public string? Category { get; init; }

        /// <summary>1-2000 characters.</summary>
        [Required]
        public string? Description { get; init; }

        /// <summary>The parameter it is about, 1-200 characters.</summary>
        [Required]
        public string? Parameter { get; init; }

        /// <summary>The report's source it is about; left out: none that is reported.</summary>
        public string? Source { get; init; }
    }

    public sealed record Correction
    {
        /// <summary>1-2000 characters.</summary>
        [Required]
        public string? Cause { get; init; }

        /// <summary>1-2000 characters.</summary>
        [Required]
        public string? CorrectiveAction { get; init; }
    }

    public sealed record FindingConclusionRequest
    {
        /// <summary>corrected, insufficient or not-corrected.</summary>
        [Required]
        public string? Conclusion { get; init; }

        /// <summary>1-2000 characters.</summary>
        [Required]
        public string? Note { get; init; }
    }

    public sealed record EstimateRequest
    {
        /// <summary>Of the finding's source, not below what is reported; of what is missing, where it is about none.</summary>
        [Required]
        public decimal? Tonnes { get; init; }

        /// <summary>How it is reckoned, 1-2000 characters.</summary>
        [Required]
        public string? Basis { get; init; }
    }

    public sealed record Closure
    {
        /// <summary>1-2000 characters.</summary>
        [Required]
        public string? Note { get; init; }
    }

    public static void Map(RouteGroupBuilder engagements)
    {
        PrepareVerification.Describe(
                engagements.MapPut("/{engagementId:guid}/findings/{findingId:guid}", Raise), "raise-finding", "Raise a finding (不符合项)",
                " 422 team-missing, plan-missing, nothing-filed, verification-concluded, unknown-source, engagement-full. 409 id-reused.")
            .ProducesProblem(StatusCodes.Status409Conflict);
        engagements.MapPut("/{engagementId:guid}/findings/{findingId:guid}/correction", Correct)
            .RequireAuthorization(Roles.Emitter)
            .WithName("correct-finding")
            .WithSummary("Say what caused a finding and how it is corrected (整改)")
            .WithDescription(
                "May be said anew until the verifier has concluded that it is corrected or is not, and within the pack's days. "
                + "422 unknown-finding, finding-concluded, correction-late.")
            .Produces<EngagementAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        PrepareVerification.Describe(
            engagements.MapPut("/{engagementId:guid}/findings/{findingId:guid}/conclusion", Conclude), "conclude-finding",
            "Conclude whether a finding is corrected (整改符合、整改不符合、未整改)",
            " 422 team-missing, plan-missing, unknown-finding, correction-missing, correction-window-open.");
        PrepareVerification.Describe(
            engagements.MapPut("/{engagementId:guid}/findings/{findingId:guid}/estimate", Estimate), "estimate-finding",
            "Reckon conservatively (保守性原则) with what was not corrected",
            " 422 team-missing, plan-missing, unknown-finding, nothing-filed, estimate-not-due, verification-concluded, estimate-below-reported.");
        PrepareVerification.Describe(
            engagements.MapPut("/{engagementId:guid}/earlier-findings/{findingId:guid}/closure", CloseEarlier), "close-earlier-finding",
            "Close a finding that an earlier year left open", " 422 team-missing, plan-missing.");
    }

    /// <param name="engagementId">As the appointment was answered with.</param>
    /// <param name="findingId">Made by the caller; names the finding.</param>
    internal static Task<IResult> Raise(
        Guid engagementId, Guid findingId, FindingRequest request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (asked, faults) = (Asked.Of(context, clock), new Faults());
        var category = Words.Parse<FindingCategory>(request.Category);
        faults.Require(category is not null, "$.category", "unknown-category", Words.OneOf<FindingCategory>());
        faults.RequireText(request.Description, LongestText, "$.description");
        faults.RequireText(request.Parameter, LongestName, "$.parameter");
        if (request.Source is not null)
            faults.RequireText(request.Source, LongestName, "$.source");
        return session.Answer(
            engagementId, asked, faults,
            version => new EngagementCommand.RaiseFinding(
                findingId, category!.Value, request.Description!, request.Parameter!, request.Source, version, asked.Pack.CorrectBy(asked.Day),
                asked.By, asked.Day, asked.At),
            cancellationToken);
    }

    /// <param name="engagementId">As the appointment was answered with.</param>
    /// <param name="findingId">The finding, as the verifier named it.</param>
    internal static Task<IResult> Correct(
        Guid engagementId, Guid findingId, Correction request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (asked, faults) = (Asked.Of(context, clock), new Faults());
        faults.RequireText(request.Cause, LongestText, "$.cause");
        faults.RequireText(request.CorrectiveAction, LongestText, "$.correctiveAction");
        return session.Answer(
            engagementId, asked, faults,
            () => new EngagementCommand.Correct(findingId, request.Cause!, request.CorrectiveAction!, asked.By, asked.Day, asked.At), cancellationToken);
    }

    /// <param name="engagementId">As the appointment was answered with.</param>
    /// <param name="findingId">The finding, as it was named when it was raised.</param>
    internal static Task<IResult> Conclude(
        Guid engagementId, Guid findingId, FindingConclusionRequest request, HttpContext context, IDocumentSession session, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (asked, faults) = (Asked.Of(context, clock), new Faults());
        var conclusion = Words.Parse<FindingConclusion>(request.Conclusion);
        faults.Require(conclusion is not null, "$.conclusion", "unknown-conclusion", Words.OneOf<FindingConclusion>());
        faults.RequireText(request.Note, LongestText, "$.note");
        return session.Answer(
            engagementId, asked, faults,
            () => new EngagementCommand.ConcludeFinding(findingId, conclusion!.Value, request.Note!, asked.By, asked.Day, asked.At), cancellationToken);
    }

    /// <param name="engagementId">As the appointment was answered with.</param>
    /// <param name="findingId">The finding, as it was named when it was raised.</param>
    internal static Task<IResult> Estimate(
        Guid engagementId, Guid findingId, EstimateRequest request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (asked, faults) = (Asked.Of(context, clock), new Faults());
        faults.RequireTonnes(request.Tonnes, "$.tonnes");
        faults.RequireText(request.Basis, LongestText, "$.basis");
        return session.Answer(
            engagementId, asked, faults,
            version => new EngagementCommand.Estimate(
                findingId, version, Tonnes.Of((long)request.Tonnes!.Value), request.Basis!, asked.By, asked.Day, asked.At),
            cancellationToken);
    }

    /// <param name="engagementId">As the appointment was answered with.</param>
    /// <param name="findingId">The finding, as the verifier of the earlier year named it.</param>
    internal static Task<IResult> CloseEarlier(
        Guid engagementId, Guid findingId, Closure request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (asked, faults) = (Asked.Of(context, clock), new Faults());
        faults.RequireText(request.Note, LongestText, "$.note");
        return session.Answer(
            engagementId, asked, faults,
            () => new EngagementCommand.CloseEarlier(findingId, request.Note!, asked.By, asked.Day, asked.At), cancellationToken);
    }
}
