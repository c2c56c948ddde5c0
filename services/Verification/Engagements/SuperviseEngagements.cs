using System.ComponentModel.DataAnnotations;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;
using static CarbonMarket.Verification.Engagements.EngagementEdge;

namespace CarbonMarket.Verification.Engagements;

/// <summary>What the regulator does about an engagement.</summary>
public static class SuperviseEngagements
{
    // A statement is due within the year after the one reported on: what is further away is a slip of the pen.
    private const int MostYears = 2;

    public sealed record Dismissal
    {
        /// <summary>1-2000 characters.</summary>
        [Required]
        public string? Reason { get; init; }
    }

    public sealed record Extension
    {
        /// <summary>The new last legal day, today or later, later than the one that stands, and within two years.</summary>
        [Required]
        public DateOnly? StatementBy { get; init; }

        /// <summary>1-2000 characters.</summary>
        [Required]
        public string? Reason { get; init; }
    }

    public static void Map(RouteGroupBuilder engagements)
    {
        engagements.MapPost("/{engagementId:guid}/dismissal", Dismiss)
            .RequireAuthorization(Roles.Regulator)
            .WithName("dismiss-verifier")
            .WithSummary("Dismiss the appointed verifier; another one may be appointed")
            .WithDescription("Findings and requests stay; team, plan and visits are the next verifier's own. Dismissing again changes nothing.")
            .Produces<EngagementAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        engagements.MapPost("/{engagementId:guid}/extension", Extend)
            .RequireAuthorization(Roles.Regulator)
            .WithName("extend-statement-time")
            .WithSummary("Give the verifier more time for its statement (延期)")
            .WithDescription("Days on which the verifier waited for information come on top. The same day again changes nothing. 422 extension-not-later.")
            .Produces<EngagementAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    /// <param name="engagementId">As the appointment was answered with.</param>
    internal static Task<IResult> Dismiss(
        Guid engagementId, Dismissal request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (asked, faults) = (Asked.Of(context, clock), new Faults());
        faults.RequireText(request.Reason, LongestText, "$.reason");
        return session.Answer(
            engagementId, asked, faults, () => new EngagementCommand.Dismiss(request.Reason!, asked.Day, asked.At), cancellationToken);
    }

    /// <param name="engagementId">As the appointment was answered with.</param>
    internal static Task<IResult> Extend(
        Guid engagementId, Extension request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (asked, faults) = (Asked.Of(context, clock), new Faults());
        var latest = asked.Day.AddYears(MostYears);
        faults.Require(request.StatementBy <= latest, "$.statementBy", "invalid-day", $"A day until {latest:yyyy-MM-dd}.");
        faults.RequireText(request.Reason, LongestText, "$.reason");
        return session.Answer(
            engagementId, asked, faults,
            () => new EngagementCommand.Extend(request.StatementBy!.Value, request.Reason!, asked.Day, asked.At), cancellationToken);
    }
}
