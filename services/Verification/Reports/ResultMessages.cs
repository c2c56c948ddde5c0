using CarbonMarket.Kernel;

namespace CarbonMarket.Verification.Reports;

public enum ObjectionOutcome
{
    /// <summary>The figure is determined anew.</summary>
    Upheld,

    /// <summary>The figure stands.</summary>
    Rejected,
}

/// <summary>What becomes of a verified report: determined, told, objected to, reopened, explained.</summary>
public abstract partial record ReportCommand
{
    public abstract record ResultCommand(string Market, Guid ReportId, DateTimeOffset At) : ReportCommand(At);

    /// <param name="ReportVersion">The version whose figure is replaced; null: whichever is filed.</param>
    public sealed record ProposeDetermination(
        string Market, Guid ReportId, Guid DeterminationId, long? ReportVersion, Tonnes Figure, string Ground, string By, DateTimeOffset At)
        : ResultCommand(Market, ReportId, At);

    /// <param name="TellBy">Last legal day to tell the entity; null: none.</param>
    public sealed record ApproveDetermination(string Market, Guid ReportId, Guid DeterminationId, string By, DateOnly? TellBy, DateTimeOffset At)
        : ResultCommand(Market, ReportId, At);

    public sealed record RejectDetermination(string Market, Guid ReportId, Guid DeterminationId, string By, string Reason, DateTimeOffset At)
        : ResultCommand(Market, ReportId, At);

    public sealed record Reopen(string Market, Guid ReportId, long? ReportVersion, string Ground, string By, DateTimeOffset At)
        : ResultCommand(Market, ReportId, At);

    /// <param name="Day">The legal day of <paramref name="At"/>.</param>
    /// <param name="ObjectBy">Last legal day for an objection; null: none.</param>
    public sealed record Tell(string Market, Guid ReportId, long? ReportVersion, DateOnly Day, DateOnly? ObjectBy, DateTimeOffset At)
        : ResultCommand(Market, ReportId, At);

    /// <param name="DecideBy">Last legal day for the decision; null: none.</param>
    public sealed record FileObjection(
        string Market, Guid ReportId, Guid ObjectionId, Guid ParticipantId, string Ground, DateOnly Day, DateOnly? DecideBy, DateTimeOffset At)
        : ResultCommand(Market, ReportId, At);

    /// <param name="Figure">What is determined anew; null where the objection is rejected.</param>
    public sealed record DecideObjection(
        string Market, Guid ReportId, Guid ObjectionId, ObjectionOutcome Outcome, Tonnes? Figure, string Reason, string By, DateOnly Day,
        DateOnly? TellBy, DateTimeOffset At) : ResultCommand(Market, ReportId, At);

    /// <param name="IsVerifier">Whether the caller is the version's verifier.</param>
    public sealed record Explain(
        string Market, Guid ReportId, long ReportVersion, string Field, string Reason, Guid ByParticipantId, bool IsVerifier, DateTimeOffset At)
        : ResultCommand(Market, ReportId, At);
}

public abstract partial record ReportEvent
{
    /// <param name="ReportVersion">The version whose figure is to be replaced.</param>
    public sealed record DeterminationProposed(
        string Market, Guid ReportId, Guid ParticipantId, ComplianceYear Year, long ReportVersion, Guid DeterminationId, Tonnes Figure,
        string Ground, string ProposedBy, DateTimeOffset At) : ReportEvent;

    public sealed record DeterminationRejected(
        string Market, Guid ReportId, Guid ParticipantId, ComplianceYear Year, Guid DeterminationId, string Reason, string RejectedBy,
        DateTimeOffset At) : ReportEvent;

    /// <summary>The regulator's own figure (主管部门核定): it counts at once, as a version of its own.</summary>
    /// <param name="ReportVersion">Of the figure.</param>
    /// <param name="DeterminationId">Of the proposal, or of the objection that was upheld.</param>
    /// <param name="DecidedBy">The officials.</param>
    public sealed record ReportDetermined(
        string Market, Guid ReportId, Guid ParticipantId, ComplianceYear Year, long ReportVersion, Guid DeterminationId, Tonnes Verified,
        string Ground, IReadOnlyList<string> DecidedBy, DateOnly? TellBy, DateTimeOffset At) : ReportEvent;

    public sealed record ReportReopened(
        string Market, Guid ReportId, Guid ParticipantId, ComplianceYear Year, long ReportVersion, string Ground, string ReopenedBy,
        DateTimeOffset At) : ReportEvent;

    /// <summary>The entity was told the result (结果告知).</summary>
    /// <param name="Late">Told after the last day for it.</param>
    public sealed record ResultTold(
        string Market, Guid ReportId, Guid ParticipantId, ComplianceYear Year, long ReportVersion, DateOnly Day, bool Late, DateOnly? ObjectBy,
        DateTimeOffset At) : ReportEvent;

    public sealed record ObjectionFiled(
        string Market, Guid ReportId, Guid ParticipantId, ComplianceYear Year, long ReportVersion, Guid ObjectionId, string Ground,
        DateOnly? DecideBy, DateTimeOffset At) : ReportEvent;

    /// <param name="Late">Decided after the last day for it.</param>
    public sealed record ObjectionDecided(
        string Market, Guid ReportId, Guid ParticipantId, ComplianceYear Year, long ReportVersion, Guid ObjectionId, ObjectionOutcome Outcome,
        Tonnes? Figure, string Reason, string DecidedBy, bool Late, DateTimeOffset At) : ReportEvent;

    /// <summary>Why a field of a version is not what it was, in the words of the emitter or the verifier.</summary>
    public sealed record DifferenceExplained(
        string Market, Guid ReportId, Guid ParticipantId, ComplianceYear Year, long ReportVersion, string Field, string Reason,
        Guid ByParticipantId, DateTimeOffset At) : ReportEvent;
}
