using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Verification.Checks;

namespace CarbonMarket.Verification.Reports;

/// <summary>A part of the entity's emissions: a boiler, a line, a fuel.</summary>
public sealed record ReportSource(string Name, Tonnes Tonnes);

/// <summary>The evidence that a version's sources were computed from, so that they can be computed again.</summary>
/// <param name="PlanVersion">Version of the year's quality-control plan.</param>
/// <param name="MonthVersions">Of the twelve months in their order.</param>
/// <param name="TraceSha256">Of the total's trace, which names those of its parts.</param>
/// <param name="Checks">What the automated checks found when the version was filed, with the emitter's answers; null: it was filed before there were checks.</param>
/// <param name="MoreWarnings">How many warnings they found besides, which were neither told nor answered; null: none.</param>
public sealed record ReportBasis(
    long PlanVersion, ImmutableArray<long> MonthVersions, string TraceSha256, ImmutableArray<CheckResult>? Checks = null, int? MoreWarnings = null)
{
    internal int Errors => Checks?.Count(check => check.Severity == Severity.Error) ?? 0;

    internal int Unanswered => Checks?.Count(check => check.IsUnanswered) ?? 0;
}

public enum Conclusion
{
    /// <summary>The figure may be relied on.</summary>
    Positive,

    /// <summary>It may, but for what the verifier names: where something was not corrected it is reckoned conservatively.</summary>
    Qualified,

    /// <summary>It may not; the report must be filed anew.</summary>
    Adverse,
}

public abstract partial record ReportCommand(DateTimeOffset At)
{
    /// <param name="Late">Whether the report's deadline has passed.</param>
    /// <param name="YearIsOver">Whether the year reported on has ended.</param>
    /// <param name="Covered">Whether the participant must account for the year.</param>
    /// <param name="ReplacesVersion">The version this filing is to follow; null: whichever was filed last.</param>
    /// <param name="Basis">Null: the sources were given, not computed.</param>
    /// <param name="MayAmend">Whether an accepted report may be amended before it is reopened.</param>
    public sealed record Submit(
        string Market, Guid ReportId, Guid ParticipantId, ComplianceYear Year, ImmutableArray<ReportSource> Sources,
        bool Covered, bool YearIsOver, bool Late, DateTimeOffset At, long? ReplacesVersion = null,
        bool MayAmend = true, ReportBasis? Basis = null) : ReportCommand(At);

    /// <param name="ReportVersion">The version that was verified; null: whichever is filed.</param>
    public sealed record GiveStatement(
        string Market, Guid ReportId, long? ReportVersion, Guid VerifierParticipantId, Conclusion Conclusion, Tonnes Verified,
        DateTimeOffset At) : ReportCommand(At);

    /// <param name="TellBy">Last legal day to tell the entity; null: none.</param>
    /// <param name="DecidedBy">The official.</param>
    public sealed record Accept(
        string Market, Guid ReportId, long? ReportVersion, DateTimeOffset At, DateOnly? TellBy = null, string? DecidedBy = null) : ReportCommand(At);

    public sealed record Return(string Market, Guid ReportId, long? ReportVersion, string Reason, DateTimeOffset At) : ReportCommand(At);
}

// Stored for ever: change only by adding.
public abstract partial record ReportEvent
{
    private ReportEvent()
    {
    }

    /// <param name="Total">Sum of the sources.</param>
    /// <param name="Late">Filed after the deadline for annual reports.</param>
    public sealed record ReportFiled(
        string Market, Guid ReportId, Guid ParticipantId, ComplianceYear Year, long ReportVersion,
        ImmutableArray<ReportSource> Sources, Tonnes Total, bool Late, DateTimeOffset At, ReportBasis? Basis = null) : ReportEvent;

    public sealed record StatementGiven(
        string Market, Guid ReportId, Guid ParticipantId, ComplianceYear Year, long ReportVersion, Guid VerifierParticipantId,
        Conclusion Conclusion, Tonnes Verified, DateTimeOffset At) : ReportEvent;

    public sealed record ReportAccepted(
        string Market, Guid ReportId, Guid ParticipantId, ComplianceYear Year, long ReportVersion, Tonnes Verified,
        DateTimeOffset At, DateOnly? TellBy = null, string? DecidedBy = null) : ReportEvent;

    public sealed record ReportReturned(
        string Market, Guid ReportId, Guid ParticipantId, ComplianceYear Year, long ReportVersion, string Reason,
        DateTimeOffset At) : ReportEvent;
}
