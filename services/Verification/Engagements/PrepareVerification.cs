using System.ComponentModel.DataAnnotations;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;
using static CarbonMarket.Verification.Engagements.EngagementEdge;

namespace CarbonMarket.Verification.Engagements;

/// <summary>The verifier's team, its plan, and its visits on site.</summary>
public static class PrepareVerification
{
    private const int MostMembers = 20;
    private const int MostItems = 200;
    private const int LongestCode = 20;

    public sealed record TeamRequest
    {
        /// <summary>The team's lead (核查组长), 1-200 characters.</summary>
        [Required]
        public string? Lead { get; init; }

        /// <summary>1-20 others, each once, not the lead.</summary>
        [Required]
        public IReadOnlyList<string>? Members { get; init; }
    }

    public sealed record PlanRequest
    {
        /// <summary>1-200 items, each code once.</summary>
        [Required]
        public IReadOnlyList<PlannedItem>? Items { get; init; }
    }

    public sealed record PlannedItem
    {
        /// <summary>The item's number, 1-20 characters without a slash.</summary>
        [Required]
        public string? Code { get; init; }

        /// <summary>1-2000 characters.</summary>
        [Required]
        public string? Description { get; init; }

        /// <summary>Must be done before the statement (标*项).</summary>
        public bool Starred { get; init; }
    }

    public sealed record Done
    {
        /// <summary>What was seen, 1-2000 characters.</summary>
        [Required]
        public string? Note { get; init; }
    }

    public sealed record Visit
    {
        /// <summary>First legal day on site.</summary>
        [Required]
        public DateOnly? From { get; init; }

        /// <summary>Last legal day on site.</summary>
        [Required]
        public DateOnly? To { get; init; }

        /// <summary>What was seen and by whom, 1-2000 characters.</summary>
        [Required]
        public string? Note { get; init; }
    }

    public static void Map(RouteGroupBuilder engagements)
    {
        Describe(engagements.MapPut("/{engagementId:guid}/team", Team), "name-team", "Name the verifier's team (核查组): its lead and members", string.Empty);
        Describe(engagements.MapPut("/{engagementId:guid}/plan", Plan), "make-plan", "Make the verification plan (核查计划), or change it",
            " 422 team-missing, starred-item-dropped (a starred item stays). Items that stay as they are stay done.");
        Describe(engagements.MapPut("/{engagementId:guid}/plan/{code}/done", Tick), "tick-item", "Tick an item of the plan as done", " 422 team-missing, plan-missing, unknown-item.");
        Describe(engagements.MapPut("/{engagementId:guid}/site-visits/{visitId:guid}", VisitSite), "record-site-visit", "Record a visit on site (现场核查)",
            " 422 team-missing, plan-missing, visit-days, engagement-full. 409 id-reused.").ProducesProblem(StatusCodes.Status409Conflict);
    }

    internal static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint, string name, string summary, string refusals) => endpoint
        .RequireAuthorization(Roles.Verifier)
        .WithName(name)
        .WithSummary(summary)
        .WithDescription("By the appointed verifier, in its time. The same again changes nothing. 422 verifier-dismissed, verification-late." + refusals)
        .Produces<EngagementAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="engagementId">As the appointment was answered with.</param>
    internal static Task<IResult> Team(
        Guid engagementId, TeamRequest request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (asked, faults, members) = (Asked.Of(context, clock), new Faults(), request.Members ?? []);
        faults.RequireText(request.Lead, LongestName, "$.lead");
        faults.Require(members.Count is >= 1 and <= MostMembers, "$.members", "team-size", $"A team has 1-{MostMembers} members beside its lead, not {members.Count}.");
        var seen = new HashSet<string>(StringComparer.Ordinal) { request.Lead ?? string.Empty };
        for (var index = 0; index < Math.Min(members.Count, MostMembers); index++)
        {
            faults.RequireText(members[index], LongestName, $"$.members[{index}]");
            faults.Require(members[index] is not { } name || seen.Add(name), $"$.members[{index}]", "repeated-item", "Somebody of this name is in the team.");
        }

        return session.Answer(
            engagementId, asked, faults,
            () => new EngagementCommand.NameTeam(request.Lead!, [.. members], asked.By, asked.Day, asked.At), cancellationToken);
    }

    /// <param name="engagementId">As the appointment was answered with.</param>
    internal static Task<IResult> Plan(
        Guid engagementId, PlanRequest request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (asked, faults, items) = (Asked.Of(context, clock), new Faults(), request.Items ?? []);
        faults.Require(items.Count is >= 1 and <= MostItems, "$.items", "verification-plan-size", $"A plan has 1-{MostItems} items, not {items.Count}.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < Math.Min(items.Count, MostItems); index++)
        {
            var path = $"$.items[{index}]";
            if (!faults.Require(items[index] is not null, path, "required", "An item, not null."))
                continue;
            faults.RequireText(items[index].Code, LongestCode, $"{path}.code");
            faults.Require(items[index].Code is not { } code || (seen.Add(code) && !code.Contains('/', StringComparison.Ordinal)), $"{path}.code", "repeated-item", "A code without a slash that no other item has.");
            faults.RequireText(items[index].Description, LongestText, $"{path}.description");
        }

        return session.Answer(
            engagementId, asked, faults,
            () => new EngagementCommand.MakePlan(
                [.. items.Select(item => new PlanItem(item.Code!, item.Description!, item.Starred))], asked.By, asked.Day, asked.At), cancellationToken);
    }

    /// <param name="engagementId">As the appointment was answered with.</param>
    /// <param name="code">The item's number in the plan.</param>
    internal static Task<IResult> Tick(
        Guid engagementId, string code, Done request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (asked, faults) = (Asked.Of(context, clock), new Faults());
        faults.RequireText(request.Note, LongestText, "$.note");
        return session.Answer(
            engagementId, asked, faults, () => new EngagementCommand.TickItem(code, request.Note!, asked.By, asked.Day, asked.At), cancellationToken);
    }

    /// <param name="engagementId">As the appointment was answered with.</param>
    /// <param name="visitId">Made by the caller; names the visit.</param>
    internal static Task<IResult> VisitSite(
        Guid engagementId, Guid visitId, Visit request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (asked, faults) = (Asked.Of(context, clock), new Faults());
        faults.Require(request.From is not null, "$.from", "invalid-day", "A day.");
        faults.Require(request.To is not null, "$.to", "invalid-day", "A day.");
        faults.RequireText(request.Note, LongestText, "$.note");
        return session.Answer(
            engagementId, asked, faults,
            () => new EngagementCommand.VisitSite(visitId, request.From!.Value, request.To!.Value, request.Note!, asked.By, asked.Day, asked.At), cancellationToken);
    }
}
