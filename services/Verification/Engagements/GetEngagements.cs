using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Reports;
using Marten;
using Marten.Linq.MatchesSql;

namespace CarbonMarket.Verification.Engagements;

/// <param name="EngagementId">Follows from the entity and the year.</param>
/// <param name="ParticipantId">The entity whose report is verified.</param>
/// <param name="Year">The year reported on.</param>
/// <param name="VerifierParticipantId">The organisation that verifies it.</param>
/// <param name="Stage">appointed, staffed, planned, concluded or dismissed.</param>
/// <param name="AppointedAt">Legal time.</param>
/// <param name="StatementBy">Last legal day for the statement as it was set.</param>
/// <param name="LastDay">The same with the days on which the verifier waited; null: none, or it waits now.</param>
/// <param name="Team">The verifier's team (核查组); null: it is not named yet.</param>
/// <param name="Plan">Items of the verification plan (核查计划); empty: it is not made yet.</param>
/// <param name="SiteVisits">Visits on site that are recorded, in the order of recording.</param>
/// <param name="Requests">What the verifier asked the entity for, also an earlier verifier of the year.</param>
/// <param name="Findings">What does not comply (不符合项), also of an earlier verifier of the year.</param>
/// <param name="EarlierFindings">What earlier years left open.</param>
/// <param name="Concluded">The last statement.</param>
/// <param name="DismissedBecause">In the regulator's words; null: it is not dismissed.</param>
public sealed record EngagementAnswer(
    Guid EngagementId, Guid ParticipantId, int Year, Guid VerifierParticipantId, EngagementStage Stage, DateTimeOffset AppointedAt,
    DateOnly? StatementBy, DateOnly? LastDay, EngagementAnswer.TeamAnswer? Team, IReadOnlyList<EngagementAnswer.ItemAnswer> Plan,
    IReadOnlyList<SiteVisit> SiteVisits, IReadOnlyList<InformationRequest> Requests, IReadOnlyList<EngagementAnswer.FindingAnswer> Findings,
    IReadOnlyList<EngagementAnswer.EarlierAnswer> EarlierFindings, EngagementAnswer.StatementAnswer? Concluded, string? DismissedBecause)
{
    /// <param name="Lead">The team's lead (核查组长), by name.</param>
    /// <param name="Members">The others, by name.</param>
    public sealed record TeamAnswer(string Lead, IReadOnlyList<string> Members);

    /// <param name="Code">The item's number.</param>
    /// <param name="Description">What is to be done.</param>
    /// <param name="Starred">Must be done before the statement (标*项).</param>
    /// <param name="Done">What was noted when it was done; null: it is not.</param>
    public sealed record ItemAnswer(string Code, string Description, bool Starred, string? Done);

    /// <param name="FindingId">Made by the verifier; names the finding.</param>
    /// <param name="Category">What kind of thing does not comply.</param>
    /// <param name="Description">In the verifier's words.</param>
    /// <param name="Parameter">The parameter it is about.</param>
    /// <param name="Source">The report's source it is about; null: none that is reported.</param>
    /// <param name="ReportVersion">The version of the report on which it was raised.</param>
    /// <param name="CorrectBy">Last legal day for the correction.</param>
    /// <param name="Cause">In the entity's words; null until it answers.</param>
    /// <param name="CorrectiveAction">How it is corrected (整改), in the entity's words; null until it answers.</param>
    /// <param name="Conclusion">
    /// Whether it is corrected; null while the verifier has not said so, or since the entity answered again.
    /// </param>
    /// <param name="Note">The verifier's words to its conclusion; null while there is none.</param>
    /// <param name="EstimateTonnes">What is reckoned with, because it was not corrected.</param>
    /// <param name="EstimateBasis">How that is reckoned; null: nothing is.</param>
    public sealed record FindingAnswer(
        Guid FindingId, FindingCategory Category, string Description, string Parameter, string? Source, long ReportVersion, DateOnly? CorrectBy,
        string? Cause, string? CorrectiveAction, FindingConclusion? Conclusion, string? Note, long? EstimateTonnes, string? EstimateBasis);

    /// <param name="FindingId">As the verifier of that year named it.</param>
    /// <param name="Year">The year whose report it was found in.</param>
    /// <param name="Category">What kind of thing does not comply.</param>
    /// <param name="Description">In the words of the verifier of that year.</param>
    /// <param name="Conclusion">insufficient or not-corrected; null: nobody concluded on it.</param>
    public sealed record EarlierAnswer(Guid FindingId, int Year, FindingCategory Category, string Description, FindingConclusion? Conclusion)
    {
        public static EarlierAnswer Of(EarlierFinding finding) =>
            new(finding.FindingId, finding.Year.Value, finding.Category, finding.Description, finding.Conclusion);
    }

    /// <param name="ReportVersion">The version that it is on.</param>
    /// <param name="Conclusion">What the verifier says of it.</param>
    /// <param name="VerifiedTonnes">Verified emissions in tCO2e.</param>
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

    /// <param name="year">The year reported on; left out: every year.</param>
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

    /// <param name="engagementId">As the appointment was answered with.</param>
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
