using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Kernel;
using CarbonMarket.Verification.Reports;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Verification.Engagements.EngagementEvent>;
using static CarbonMarket.Verification.Engagements.EngagementCommand;
using static CarbonMarket.Verification.Engagements.EngagementEvent;

namespace CarbonMarket.Verification.Engagements;

public enum EngagementStage
{
    /// <summary>The verifier is appointed.</summary>
    Appointed,

    /// <summary>Its team is named.</summary>
    Staffed,

    /// <summary>Its plan is made; it works.</summary>
    Planned,

    /// <summary>It has given its statement on a version of the report; a later version is verified anew.</summary>
    Concluded,

    /// <summary>The regulator has dismissed it; another one may be appointed.</summary>
    Dismissed,
}

/// <param name="ReportVersion">The version the statement is on.</param>
public sealed record ConcludedVerification(long ReportVersion, Conclusion Conclusion, Tonnes Verified);

public sealed record Team(string Lead, ImmutableArray<string> Members);

/// <summary>
/// One verifier's work on one entity's report for a year (核查任务): appointed, staffed, planned, concluded by a statement.
/// One for each entity and year; what was found stays when another verifier takes over.
/// </summary>
/// <param name="StatementBy">Last legal day for the statement before pauses; null: none.</param>
/// <param name="Earlier">What earlier years left open and nobody has closed since.</param>
public sealed partial record Engagement(
    Guid Id, string Market, Guid ParticipantId, ComplianceYear Year, Guid VerifierParticipantId, DateOnly? StatementBy,
    ImmutableArray<EarlierFinding> Earlier, DateTimeOffset AppointedAt)
{
    private const int MostItems = 200;
    private const int MostRequests = 100;

    public Team? Team { get; init; }

    public ImmutableArray<PlanItem> Plan { get; init; } = [];

    public ImmutableArray<TickedItem> Ticked { get; init; } = [];

    public ImmutableArray<SiteVisit> Visits { get; init; } = [];

    public ImmutableArray<InformationRequest> Requests { get; init; } = [];

    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>The last statement; null: none yet.</summary>
    public ConcludedVerification? Concluded { get; init; }

    /// <summary>Why the verifier was dismissed; null: it was not.</summary>
    public string? DismissedBecause { get; init; }

    public EngagementStage Stage => this switch
    {
        { DismissedBecause: not null } => EngagementStage.Dismissed,
        { Concluded: not null } => EngagementStage.Concluded,
        { Plan.IsEmpty: false } => EngagementStage.Planned,
        { Team: not null } => EngagementStage.Staffed,
        _ => EngagementStage.Appointed,
    };

    private Mandate Mandate => new(Market, Id, ParticipantId, Year, VerifierParticipantId);

    public static Guid IdOf(string market, Guid participantId, ComplianceYear year) =>
        DeterministicGuid.From(participantId, $"verification:engagement:{market}", year.Value);

    /// <summary>The last legal day for the statement; null: none, or the verifier's time stands still.</summary>
    public DateOnly? LastDay() => StatementTime.LastDay(StatementBy, Requests);

    /// <summary>What the next year's verifier is shown.</summary>
    public ImmutableArray<EarlierFinding> Unclosed() =>
    [
        .. Earlier,
        .. Findings.Where(finding => finding.Conclusion != FindingConclusion.Corrected)
            .Select(finding => new EarlierFinding(finding.Id, Year, finding.Category, finding.Description, finding.Conclusion)),
    ];

    /// <summary>Arms stand in order of precedence.</summary>
    public static Decision<EngagementEvent> Decide(Engagement? engagement, EngagementCommand command) => (engagement, command) switch
    {
        ({ DismissedBecause: null } e, Appoint c) when e.VerifierParticipantId == c.Mandate.VerifierParticipantId => Accept(),
        ({ DismissedBecause: null } e, Appoint) =>
            Reject("verifier-appointed", $"Verifier {e.VerifierParticipantId} is appointed for {e.Year}; it is dismissed first."),
        (_, Appoint c) => c.Ties.Conflict<EngagementEvent>(c.Mandate.VerifierParticipantId, c.Mandate.ParticipantId)
            ?? Accept(new VerifierAppointed(c.Mandate, c.StatementBy, c.Earlier, c.At)),
        (null, _) => Unknown(),
        ({ } e, Dismiss c) => e.DismissedBecause is null ? Accept(new VerifierDismissed(e.Mandate, c.Reason, c.At)) : Accept(),
        ({ } e, Extend c) => e.OnExtend(c),
        ({ } e, Work c) when e.VerifierParticipantId != c.By => Unknown(),
        ({ } e, Work c) => e.OnWork(c),
        ({ } e, Answer c) when e.ParticipantId != c.By => Unknown(),
        ({ } e, AnswerRequest c) => e.OnAnswer(c),
        ({ } e, Correct c) => e.OnCorrect(c),
        _ => throw new UnreachableException(command.ToString()),
    };

    public static Engagement After(Engagement? engagement, EngagementEvent @event) => @event switch
    {
        VerifierAppointed e => new(
            e.Mandate.EngagementId, e.Mandate.Market, e.Mandate.ParticipantId, e.Mandate.Year, e.Mandate.VerifierParticipantId, e.StatementBy,
            // What an earlier verifier of the year has closed stays closed.
            engagement?.Earlier ?? e.Earlier, e.At)
        {
            Requests = engagement?.Requests ?? [], Findings = engagement?.Findings ?? [], Concluded = engagement?.Concluded,
        },
        VerifierDismissed e => engagement! with { DismissedBecause = e.Reason },
        StatementTimeExtended e => engagement! with { StatementBy = e.StatementBy },
        TeamNamed e => engagement! with { Team = new Team(e.Lead, e.Members) },
        PlanMade e => engagement! with
        {
            Plan = e.Items, Ticked = [.. engagement.Ticked.Where(ticked => Same(engagement.Plan, e.Items, ticked.Code))],
        },
        PlanItemDone e => engagement! with
        {
            Ticked = [.. engagement.Ticked.Where(ticked => ticked.Code != e.Code), new TickedItem(e.Code, e.Note)],
        },
        SiteVisited e => engagement! with { Visits = engagement.Visits.Add(new SiteVisit(e.VisitId, e.From, e.To, e.Note)) },
        InformationRequested e => engagement! with { Requests = engagement.Requests.Add(new InformationRequest(e.RequestId, e.Question, e.Day, null, null)) },
        InformationGiven e => engagement! with
        {
            Requests = [.. engagement.Requests.Select(request =>
                request.Id == e.RequestId ? request with { Answer = e.Text, AnsweredOn = e.Day } : request)],
        },
        EarlierFindingClosed e => engagement! with { Earlier = [.. engagement.Earlier.Where(finding => finding.FindingId != e.FindingId)] },
        VerificationConcluded e => engagement! with { Concluded = new ConcludedVerification(e.ReportVersion, e.Conclusion, e.Verified) },
        _ => engagement!.AfterFinding(@event),
    };

    private static Decision<EngagementEvent> Unknown() => Reject("unknown-engagement", "There is no such engagement of yours.");

    private static bool Same(ImmutableArray<PlanItem> one, ImmutableArray<PlanItem> other, string code) =>
        one.FirstOrDefault(item => item.Code == code) is { } item && other.Contains(item);

    private Decision<EngagementEvent> OnExtend(Extend c) => this switch
    {
        { StatementBy: { } by } when by == c.StatementBy => Accept(),
        { StatementBy: { } by } when by > c.StatementBy =>
            Reject("extension-not-later", $"The statement is due by {by:yyyy-MM-dd}; an extension ends later than that."),
        _ when c.StatementBy < c.Day => Reject("extension-not-later", $"{c.StatementBy:yyyy-MM-dd} is over; an extension ends today, {c.Day:yyyy-MM-dd}, or later."),
        _ => Accept(new StatementTimeExtended(Mandate, c.StatementBy, c.Reason, c.At)),
    };

    private Decision<EngagementEvent> OnWork(Work command) => command switch
    {
        _ when DismissedBecause is not null => Reject("verifier-dismissed", $"The verifier was dismissed: {DismissedBecause}"),
        Conclude c when Concluded?.ReportVersion == c.Version.ReportVersion => OnRepeatedConclusion(c),
        _ when command.Day > LastDay() => Reject(
            "verification-late", $"The last day for the statement was {LastDay():yyyy-MM-dd}; today is {command.Day:yyyy-MM-dd}."),
        NameTeam c => Team is { } team && team.Lead == c.Lead && team.Members.SequenceEqual(c.Members)
            ? Accept()
            : Accept(new TeamNamed(Mandate, c.Lead, c.Members, c.At)),
        _ when Team is null => Reject("team-missing", "A team is named before anything else is done."),
        MakePlan c => OnPlan(c),
        _ when Plan.IsEmpty => Reject("plan-missing", "A verification plan is made before it is carried out."),
        TickItem c => OnTick(c),
        VisitSite c => OnVisit(c),
        AskFor c => OnAsk(c),
        CloseEarlier c => Earlier.Any(finding => finding.FindingId == c.FindingId)
            ? Accept(new EarlierFindingClosed(Mandate, c.FindingId, c.Note, c.At))
            : Accept(),
        RaiseFinding c => OnRaise(c),
        ConcludeFinding c => OnConclude(c),
        Estimate c => OnEstimate(c),
        Conclude c => OnConclude(c),
        _ => throw new UnreachableException(command.ToString()),
    };

    private Decision<EngagementEvent> OnPlan(MakePlan c) => c switch
    {
        _ when Plan.SequenceEqual(c.Items) => Accept(),
        _ when Plan.FirstOrDefault(item => item.Starred && !c.Items.Contains(item)) is { } dropped =>
            Reject("starred-item-dropped", $"Item {dropped.Code} is starred and stays in the plan as it is."),
        _ => Accept(new PlanMade(Mandate, c.Items, c.At)),
    };

    private Decision<EngagementEvent> OnTick(TickItem c) => c switch
    {
        _ when Plan.All(item => item.Code != c.Code) => Reject("unknown-item", $"The plan has no item {c.Code}."),
        _ when Ticked.Contains(new TickedItem(c.Code, c.Note)) => Accept(),
        _ => Accept(new PlanItemDone(Mandate, c.Code, c.Note, c.At)),
    };

    private Decision<EngagementEvent> OnVisit(VisitSite c) => Visits.FirstOrDefault(visit => visit.Id == c.VisitId) switch
    {
        { } known => known == new SiteVisit(c.VisitId, c.From, c.To, c.Note) ? Accept() : Reused(c.VisitId),
        _ when c.To < c.From || c.To > c.Day =>
            Reject("visit-days", $"A visit from {c.From:yyyy-MM-dd} to {c.To:yyyy-MM-dd} ends after it begins, and not after today, {c.Day:yyyy-MM-dd}."),
        _ when Visits.Length >= MostItems => Full("site visits", MostItems),
        _ => Accept(new SiteVisited(Mandate, c.VisitId, c.From, c.To, c.Note, c.At)),
    };

    private Decision<EngagementEvent> OnAsk(AskFor c) => Requests.FirstOrDefault(request => request.Id == c.RequestId) switch
    {
        { } known => known.Question == c.Question ? Accept() : Reused(c.RequestId),
        _ when Requests.Length >= MostRequests => Full("requests", MostRequests),
        _ => Accept(new InformationRequested(Mandate, c.RequestId, c.Question, c.Day, c.At)),
    };

    private Decision<EngagementEvent> OnAnswer(AnswerRequest c) => Requests.FirstOrDefault(request => request.Id == c.RequestId) switch
    {
        null => Reject("unknown-request", $"No request {c.RequestId} was made."),
        { Answer: null } => Accept(new InformationGiven(Mandate, c.RequestId, c.Text, c.Day, c.At)),
        { } known => known.Answer == c.Text ? Accept() : Reject("request-answered", $"Request {c.RequestId} was answered on {known.AnsweredOn:yyyy-MM-dd}."),
    };

    private static Decision<EngagementEvent> Reused(Guid id) => Reject("id-reused", $"{id} is that of another; a changed one needs an id of its own.");

    private static Decision<EngagementEvent> Full(string what, int most) => Reject("engagement-full", $"An engagement has at most {most} {what}.");
}
