using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Reports;
using Marten;
using Marten.Linq.MatchesSql;

namespace CarbonMarket.Verification.Engagements;

/// <param name="Stage">appointed, staffed, planned, concluded or dismissed.</param>
/// <param name="StatementBy">Last legal day for the statement as it was set.</param>
/// <param name="LastDay">The same with the days on which the verifier waited; null: none, or it waits now.</param>
/// <param name="EarlierFindings">What earlier years left open.</param>
/// <param name="Concluded">The last statement.</param>
public sealed record EngagementAnswer(
    Guid EngagementId, Guid ParticipantId, int Year, Guid VerifierParticipantId, EngagementStage Stage, DateTimeOffset AppointedAt,
    DateOnly? StatementBy, DateOnly? LastDay, EngagementAnswer.TeamAnswer? Team, IReadOnlyList<EngagementAnswer.ItemAnswer> Plan,
    IReadOnlyList<SiteVisit> SiteVisits, IReadOnlyList<InformationRequest> Requests, IReadOnlyList<EngagementAnswer.FindingAnswer> Findings,
    IReadOnlyList<EngagementAnswer.EarlierAnswer> EarlierFindings, EngagementAnswer.StatementAnswer? Concluded, string? DismissedBecause)
{
    public sealed record TeamAnswer(string Lead, IReadOnlyList<string> Members);

    /// <param name="Done">What was noted when it was done; null: it is not.</param>
    public sealed record ItemAnswer(string Code, string Description, bool Starred, string? Done);

    /// <param name="Source">The report's source it is about; null: none that is reported.</param>
    /// <param name="CorrectBy">Last legal day for the correction.</param>
    /// <param name="EstimateTonnes">What is reckoned with, because it was not corrected.</param>
    public sealed record FindingAnswer(
        Guid FindingId, FindingCategory Category, string Description, string Parameter, string? Source, long ReportVersion, DateOnly? CorrectBy,
        string? Cause, string? CorrectiveAction, FindingConclusion? Conclusion, string? Note, long? EstimateTonnes, string? EstimateBasis);

    public sealed record EarlierAnswer(Guid FindingId, int Year, FindingCategory Category, string Description, FindingConclusion? Conclusion)
    {
        public static EarlierAnswer Of(EarlierFinding finding) =>
            new(finding.FindingId, finding.Year.Value, finding.Category, finding.Description, finding.Conclusion);
    }

    public sealed record StatementAnswer(long ReportVersion, Conclusion Conclusion, long VerifiedTonnes);

    public static EngagementAnswer Of(Engagement e) => new(
        e.Id, e.ParticipantId, e.Year.Value, e.VerifierParticipantId, e.Stage, e.AppointedAt, e.StatementBy, e.LastDay(),
        e.Team is { } team ? new TeamAnswer(team.Lead, team.Members) : null,
        [.. e.Plan.Select(item => new ItemAnswer(item.Code, item.Description, item.Starred, e.Ticked.FirstOrDefault(ticked => ticked.Code == item.Code)?.Note))],
        e.Visits, e.Requests,
        [.. e.Findings.Select(f => new FindingAnswer(
            f.Id, f.Category, f.Description, f.Parameter, f.Source, f.ReportVersion, f.CorrectBy, f.Cause, f.CorrectiveAction, f.Conclusion,
            f.Note, f.Estimate?.Tonnes.Value, f.Estimate?.Basis))],
        [.. e.Earlier.Select(EarlierAnswer.Of)],
        e.Concluded is { } c ? new StatementAnswer(c.ReportVersion, c.Conclusion, c.Verified.Value) : null,
        e.DismissedBecause);
}

public static class GetEngagements
{
    public static void Map(RouteGroupBuilder engagements)
    {
        engagements.MapGet("/", List)
            .WithName("list-engagements")
            .WithSummary("Verification engagements (核查任务), by year; verifiers and emitters see their own only")
            .Produces<Page<EngagementAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        engagements.MapGet("/{engagementId:guid}", One)
            .WithName("get-engagement")
            .WithSummary("One engagement with its team, plan, visits, requests and findings")
            .Produces<EngagementAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal static Task<IResult> List(
        HttpContext context, IQuerySession session, CancellationToken cancellationToken, int? year = null, Guid? after = null, int? limit = null)
    {
        var (market, own) = (context.Market().Market, context.User.ParticipantId());
        var faults = new Faults();
        faults.Require(year is null || ComplianceYear.IsValid(year.Value), "year", "invalid-year", "A year.");
        if (faults.Any)
            return Task.FromResult(faults.ToProblem());
        var engagements = session.Query<Engagement>().Where(engagement => engagement.Market == market);
        if (!context.User.SeesEverything())
            engagements = engagements.Where(engagement => engagement.ParticipantId == own || engagement.VerifierParticipantId == own);
        if (year is { } of)
            engagements = engagements.Where(engagement => engagement.MatchesSql("(d.data ->> 'year')::int = ?", of));
        return engagements.Page(after, limit, engagement => engagement.Id, EngagementAnswer.Of, cancellationToken);
    }

    internal static async Task<IResult> One(Guid engagementId, HttpContext context, IQuerySession session, CancellationToken cancellationToken)
    {
        var engagement = await session.LoadAsync<Engagement>(engagementId, cancellationToken);
        return engagement is not null && engagement.Market == context.Market().Market
            && (context.User.MaySee(engagement.ParticipantId) || context.User.MaySee(engagement.VerifierParticipantId))
            ? Results.Ok(EngagementAnswer.Of(engagement))
            : Unknown(engagementId);
    }

    internal static IResult Unknown(Guid engagementId) =>
        Problem.NotFound("unknown-engagement", $"There is no engagement {engagementId} that you may see.");
}
