using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Verification.Interests;
using CarbonMarket.Verification.Reports;

namespace CarbonMarket.Verification.Engagements;

/// <summary>Who verifies whose report for which year.</summary>
public sealed record Mandate(string Market, Guid EngagementId, Guid ParticipantId, ComplianceYear Year, Guid VerifierParticipantId);

/// <param name="Code">The item's number in the plan.</param>
/// <param name="Starred">Must be done before a statement is given (标*项).</param>
public sealed record PlanItem(string Code, string Description, bool Starred);

/// <summary>Kinds of findings (不符合项), as the guide lists them.</summary>
public enum FindingCategory
{
    Basics,
    Boundary,
    Method,
    Data,
    QualityAndFiling,
    PlanExecution,
    OnSite,
    Other,
}

public enum FindingConclusion
{
    /// <summary>整改符合.</summary>
    Corrected,

    /// <summary>整改不符合.</summary>
    Insufficient,

    /// <summary>未整改.</summary>
    NotCorrected,
}

/// <summary>A finding that an earlier year left open.</summary>
public sealed record EarlierFinding(Guid FindingId, ComplianceYear Year, FindingCategory Category, string Description, FindingConclusion? Conclusion);

/// <summary>The version of the report that is being verified.</summary>
public sealed record FiledVersion(long ReportVersion, ImmutableArray<ReportSource> Sources);

/// <param name="Day">The legal day of <paramref name="At"/>.</param>
public abstract record EngagementCommand(DateOnly Day, DateTimeOffset At)
{
    /// <param name="StatementBy">Last legal day for the statement; null: none.</param>
    /// <param name="Earlier">What the year before left open.</param>
    public sealed record Appoint(
        Mandate Mandate, Ties Ties, DateOnly? StatementBy, ImmutableArray<EarlierFinding> Earlier, DateOnly Day, DateTimeOffset At)
        : EngagementCommand(Day, At);

    public sealed record Dismiss(string Reason, DateOnly Day, DateTimeOffset At) : EngagementCommand(Day, At);

    public sealed record Extend(DateOnly StatementBy, string Reason, DateOnly Day, DateTimeOffset At) : EngagementCommand(Day, At);

    /// <summary>What the verifier does; all of it in its time.</summary>
    /// <param name="By">The verifier.</param>
    public abstract record Work(Guid By, DateOnly Day, DateTimeOffset At) : EngagementCommand(Day, At);

    public sealed record NameTeam(string Lead, ImmutableArray<string> Members, Guid By, DateOnly Day, DateTimeOffset At) : Work(By, Day, At);

    public sealed record MakePlan(ImmutableArray<PlanItem> Items, Guid By, DateOnly Day, DateTimeOffset At) : Work(By, Day, At);

    public sealed record TickItem(string Code, string Note, Guid By, DateOnly Day, DateTimeOffset At) : Work(By, Day, At);

    public sealed record VisitSite(Guid VisitId, DateOnly From, DateOnly To, string Note, Guid By, DateOnly Day, DateTimeOffset At) : Work(By, Day, At);

    public sealed record AskFor(Guid RequestId, string Question, Guid By, DateOnly Day, DateTimeOffset At) : Work(By, Day, At);

    /// <param name="Version">Null: nothing is filed.</param>
    /// <param name="Source">The report's source it is about; null: none that is reported.</param>
    /// <param name="CorrectBy">Last legal day to correct it; null: none.</param>
    public sealed record RaiseFinding(
        Guid FindingId, FindingCategory Category, string Description, string Parameter, string? Source, FiledVersion? Version,
        DateOnly? CorrectBy, Guid By, DateOnly Day, DateTimeOffset At) : Work(By, Day, At);

    public sealed record ConcludeFinding(Guid FindingId, FindingConclusion Conclusion, string Note, Guid By, DateOnly Day, DateTimeOffset At)
        : Work(By, Day, At);

    /// <param name="Version">Null: nothing is filed.</param>
    /// <param name="Tonnes">Of the finding's source; of what is missing, where it is about none.</param>
    public sealed record Estimate(Guid FindingId, FiledVersion? Version, Tonnes Tonnes, string Basis, Guid By, DateOnly Day, DateTimeOffset At)
        : Work(By, Day, At);

    public sealed record CloseEarlier(Guid FindingId, string Note, Guid By, DateOnly Day, DateTimeOffset At) : Work(By, Day, At);

    public sealed record Conclude(
        FiledVersion Version, Conclusion Conclusion, Tonnes Verified, Ties Ties, bool SiteVisitRequired, Guid By, DateOnly Day,
        DateTimeOffset At) : Work(By, Day, At);

    /// <summary>What the entity does.</summary>
    /// <param name="By">The entity.</param>
    public abstract record Answer(Guid By, DateOnly Day, DateTimeOffset At) : EngagementCommand(Day, At);

    public sealed record AnswerRequest(Guid RequestId, string Text, Guid By, DateOnly Day, DateTimeOffset At) : Answer(By, Day, At);

    public sealed record Correct(Guid FindingId, string Cause, string CorrectiveAction, Guid By, DateOnly Day, DateTimeOffset At) : Answer(By, Day, At);
}

// Stored for ever: change only by adding.
public abstract record EngagementEvent
{
    private EngagementEvent()
    {
    }

    public sealed record VerifierAppointed(Mandate Mandate, DateOnly? StatementBy, ImmutableArray<EarlierFinding> Earlier, DateTimeOffset At) : EngagementEvent;

    public sealed record VerifierDismissed(Mandate Mandate, string Reason, DateTimeOffset At) : EngagementEvent;

    public sealed record StatementTimeExtended(Mandate Mandate, DateOnly StatementBy, string Reason, DateTimeOffset At) : EngagementEvent;

    public sealed record TeamNamed(Mandate Mandate, string Lead, ImmutableArray<string> Members, DateTimeOffset At) : EngagementEvent;

    public sealed record PlanMade(Mandate Mandate, ImmutableArray<PlanItem> Items, DateTimeOffset At) : EngagementEvent;

    public sealed record PlanItemDone(Mandate Mandate, string Code, string Note, DateTimeOffset At) : EngagementEvent;

    public sealed record SiteVisited(Mandate Mandate, Guid VisitId, DateOnly From, DateOnly To, string Note, DateTimeOffset At) : EngagementEvent;

    public sealed record InformationRequested(Mandate Mandate, Guid RequestId, string Question, DateOnly Day, DateTimeOffset At) : EngagementEvent;

    public sealed record InformationGiven(Mandate Mandate, Guid RequestId, string Text, DateOnly Day, DateTimeOffset At) : EngagementEvent;

    public sealed record FindingRaised(
        Mandate Mandate, Guid FindingId, FindingCategory Category, string Description, string Parameter, string? Source, long ReportVersion,
        DateOnly? CorrectBy, DateTimeOffset At) : EngagementEvent;

    public sealed record FindingAnswered(Mandate Mandate, Guid FindingId, string Cause, string CorrectiveAction, DateTimeOffset At) : EngagementEvent;

    public sealed record FindingConcluded(Mandate Mandate, Guid FindingId, FindingConclusion Conclusion, string Note, DateTimeOffset At) : EngagementEvent;

    /// <param name="Reported">Of the finding's source in the version verified; nothing where it is about none.</param>
    public sealed record FindingEstimated(
        Mandate Mandate, Guid FindingId, long ReportVersion, Tonnes Reported, Tonnes Tonnes, string Basis, DateTimeOffset At) : EngagementEvent;

    public sealed record EarlierFindingClosed(Mandate Mandate, Guid FindingId, string Note, DateTimeOffset At) : EngagementEvent;

    public sealed record VerificationConcluded(
        Mandate Mandate, long ReportVersion, Conclusion Conclusion, Tonnes Verified, DateTimeOffset At) : EngagementEvent;
}
