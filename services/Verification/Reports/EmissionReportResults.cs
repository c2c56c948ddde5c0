using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Kernel;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Verification.Reports.ReportEvent>;
using static CarbonMarket.Verification.Reports.ReportCommand;
using static CarbonMarket.Verification.Reports.ReportEvent;

namespace CarbonMarket.Verification.Reports;

/// <summary>
/// What becomes of the report after verification: the regulator determines a figure of its own (two officials, never below
/// what was reported or verified), tells the entity, decides its objection, reopens what was accepted.
/// </summary>
public sealed partial record EmissionReport
{
    private const int MostExplanations = 500;

    /// <summary>The last one proposed.</summary>
    public Determination? Determination { get; init; }

    /// <summary>The last result the entity was told.</summary>
    public ToldResult? Told { get; init; }

    /// <summary>The last one filed.</summary>
    public Objection? Objection { get; init; }

    /// <summary>Last legal day to tell the accepted figure; null: none.</summary>
    public DateOnly? TellBy { get; init; }

    /// <summary>The officials whose decision the accepted figure is.</summary>
    public ImmutableArray<string> DecidedBy { get; init; } = [];

    /// <summary>Why it was reopened; null where it is not.</summary>
    public string? ReopenGround { get; init; }

    /// <summary>Of the version filed last.</summary>
    public ImmutableArray<Explanation> Explanations { get; init; } = [];

    /// <summary>What was verified of the version filed last, kept when another figure was determined; null: nothing, or an objection to it was upheld.</summary>
    public Tonnes? VerifiedBefore { get; init; }

    /// <summary>What a conservative figure is never below: what was reported and what was verified.</summary>
    private Tonnes Floor => (Statement?.Verified ?? VerifiedBefore) is { } verified && verified > Total ? verified : Total;

    private Decision<ReportEvent> OnResult(ResultCommand command) => command switch
    {
        ProposeDetermination c => OnPropose(c),
        ApproveDetermination c => OnApprove(c),
        RejectDetermination c => OnReject(c),
        Reopen c => OnReopen(c),
        Tell c => OnTell(c),
        FileObjection c => OnObjection(c),
        DecideObjection c => OnDecision(c),
        Explain c => OnExplain(c),
        _ => throw new UnreachableException(command.ToString()),
    };

    private EmissionReport AfterResult(ReportEvent @event) => @event switch
    {
        DeterminationProposed e => this with
        {
            Determination = new Determination(e.DeterminationId, e.ReportVersion, e.Figure, e.Ground, e.ProposedBy, DeterminationStatus.Proposed),
        },
        DeterminationRejected => this with { Determination = Determination! with { Status = DeterminationStatus.Rejected } },
        ReportDetermined e => this with
        {
            Status = ReportStatus.Accepted, ReportVersion = e.ReportVersion, Statement = null, ReturnReason = null, ReopenGround = null,
            Accepted = new AcceptedFigure(e.ReportVersion, e.Verified, e.At), TellBy = e.TellBy, DecidedBy = [.. e.DecidedBy], Explanations = [],
            Determination = Determination?.Id == e.DeterminationId ? Determination with { Status = DeterminationStatus.Approved } : Determination,
            // Only an upheld objection lowers a figure.
            VerifiedBefore = Objection?.Id == e.DeterminationId ? null : Statement?.Verified ?? VerifiedBefore,
        },
        ReportReopened e => this with { Status = ReportStatus.Reopened, ReopenGround = e.Ground },
        ResultTold e => this with { Told = new ToldResult(e.ReportVersion, e.Day, e.Late, e.ObjectBy) },
        ObjectionFiled e => this with { Objection = new Objection(e.ObjectionId, e.ReportVersion, e.Ground, e.DecideBy, e.At, null, null, null, null) },
        ObjectionDecided e => this with
        {
            Objection = Objection! with { Outcome = e.Outcome, Figure = e.Figure, Reason = e.Reason, Late = e.Late },
        },
        DifferenceExplained e => this with
        {
            Explanations = [.. Explanations.Where(known => known.Field != e.Field || known.ByParticipantId != e.ByParticipantId),
                new Explanation(e.Field, e.Reason, e.ByParticipantId)],
        },
        _ => throw new UnreachableException(@event.ToString()),
    };

    private Decision<ReportEvent> OnPropose(ProposeDetermination c) => Determination switch
    {
        { } d when d.Id == c.DeterminationId => d.Says(c)
            ? Accept()
            : Reject("id-reused", $"Determination {c.DeterminationId} was proposed otherwise; another one needs an id of its own."),
        _ when IsSuperseded(c.ReportVersion) => Superseded(c.ReportVersion!.Value),
        _ when Undeterminable(c.Figure) is { } refusal => refusal,
        { Status: DeterminationStatus.Proposed } d when d.ReportVersion == ReportVersion =>
            Reject("determination-pending", $"{d.ProposedBy} has proposed {d.Figure}; it is approved or rejected first."),
        _ => Accept(new DeterminationProposed(
            Market, ReportId, ParticipantId, Year, ReportVersion, c.DeterminationId, c.Figure, c.Ground, c.By, c.At)),
    };

    private Decision<ReportEvent> OnApprove(ApproveDetermination c) => Determination switch
    {
        not { } => UnknownDetermination(),
        { } d when d.Id != c.DeterminationId => UnknownDetermination(),
        { Status: DeterminationStatus.Approved } => Accept(),
        { Status: DeterminationStatus.Rejected } => Reject("determination-rejected", $"Determination {c.DeterminationId} was rejected."),
        { } d when d.ProposedBy == c.By => Reject("four-eyes", $"{c.By} proposed the figure; another official must approve it."),
        { } d when IsSuperseded(d.ReportVersion) => Superseded(d.ReportVersion),
        { } d when Undeterminable(d.Figure) is { } refusal => refusal,
        { } d => Accept(Determined(d.Id, d.Figure, d.Ground, [d.ProposedBy, c.By], c.TellBy, c.At)),
    };

    private Decision<ReportEvent> OnReject(RejectDetermination c) => Determination switch
    {
        not { } => UnknownDetermination(),
        { } d when d.Id != c.DeterminationId => UnknownDetermination(),
        { Status: DeterminationStatus.Rejected } => Accept(),
        { Status: DeterminationStatus.Approved } => Reject("determination-approved", $"Determination {c.DeterminationId} was approved and counts."),
        _ => Accept(new DeterminationRejected(Market, ReportId, ParticipantId, Year, c.DeterminationId, c.Reason, c.By, c.At)),
    };

    private Decision<ReportEvent> OnReopen(Reopen c) => Status switch
    {
        _ when IsSuperseded(c.ReportVersion) => Superseded(c.ReportVersion!.Value),
        ReportStatus.Reopened => Accept(),
        not ReportStatus.Accepted => Reject("not-accepted", $"Version {ReportVersion} is not accepted; there is nothing to reopen."),
        _ when Objection is { IsPending: true } pending => Pending(pending),
        _ => Accept(new ReportReopened(Market, ReportId, ParticipantId, Year, ReportVersion, c.Ground, c.By, c.At)),
    };

    private Decision<ReportEvent> OnTell(Tell c) => Accepted switch
    {
        null => Reject("not-accepted", "No figure is accepted yet; there is no result to tell."),
        { } a when c.ReportVersion is { } meant && meant != a.ReportVersion =>
            Reject("version-superseded", $"The result is that of version {a.ReportVersion}, not of {meant}."),
        { } a when Told?.ReportVersion == a.ReportVersion => Accept(),
        { } a => Accept(new ResultTold(Market, ReportId, ParticipantId, Year, a.ReportVersion, c.Day, Late: c.Day > TellBy, c.ObjectBy, c.At)),
    };

    private Decision<ReportEvent> OnObjection(FileObjection c) => Objection switch
    {
        _ when c.ParticipantId != ParticipantId => Reject("unknown-report", "There is no such report of this participant."),
        { } o when o.Id == c.ObjectionId => o.Ground == c.Ground
            ? Accept()
            : Reject("id-reused", $"Objection {c.ObjectionId} was filed with another ground."),
        _ when Accepted is null => Reject("not-accepted", "No figure is accepted yet; there is no result to object to."),
        _ when Told?.ReportVersion != Accepted.ReportVersion =>
            Reject("result-not-told", $"The result of version {Accepted.ReportVersion} has not been told yet; time to object begins when it is."),
        { } o when o.ReportVersion == Accepted.ReportVersion =>
            Reject("objection-filed", $"Objection {o.Id} against version {o.ReportVersion} was filed at {o.FiledAt:O}; there is one."),
        _ when c.Day > Told.ObjectBy => Reject("objection-late", $"The last day to object was {Told.ObjectBy:yyyy-MM-dd}; today is {c.Day:yyyy-MM-dd}."),
        _ => Accept(new ObjectionFiled(
            Market, ReportId, ParticipantId, Year, Accepted.ReportVersion, c.ObjectionId, c.Ground, c.DecideBy, c.At)),
    };

    private Decision<ReportEvent> OnDecision(DecideObjection c) => Objection switch
    {
        not { } => UnknownObjection(),
        { } o when o.Id != c.ObjectionId => UnknownObjection(),
        { IsPending: false } o => o.Says(c) ? Accept() : Reject("objection-decided", $"Objection {o.Id} was {o.Outcome} already: {o.Reason}"),
        _ when DecidedBy.Contains(c.By, StringComparer.Ordinal) => Reject("four-eyes", $"{c.By} has decided the result objected to; another official must decide."),
        { } o when c.Outcome == ObjectionOutcome.Upheld =>
            Accept(Decided(o, c), Determined(o.Id, c.Figure!.Value, c.Reason, [c.By], c.TellBy, c.At)),
        { } o => Accept(Decided(o, c)),
    };

    private Decision<ReportEvent> OnExplain(Explain c) => c switch
    {
        _ when c.ByParticipantId != ParticipantId && !c.IsVerifier => Reject("unknown-report", "There is no such report that you file or verify."),
        _ when IsSuperseded(c.ReportVersion) => Superseded(c.ReportVersion),
        _ when !ReportVersions.Names(Sources, c.Field) => Reject(
            "unknown-field", $"Version {ReportVersion} has no field {c.Field}; it has {string.Join(", ", ReportVersions.Names(Sources))}."),
        _ when Explanations.Contains(new Explanation(c.Field, c.Reason, c.ByParticipantId)) => Accept(),
        _ when Explanations.Length >= MostExplanations => Reject("explanations-full", $"A version has at most {MostExplanations} explanations."),
        _ => Accept(new DifferenceExplained(
            Market, ReportId, ParticipantId, Year, ReportVersion, c.Field, c.Reason, c.ByParticipantId, c.At)),
    };

    private Decision<ReportEvent>? Undeterminable(Tonnes figure) => Status switch
    {
        ReportStatus.Accepted => Reject("report-accepted", $"Version {ReportVersion} was accepted; reopen it first."),
        _ when Objection is { IsPending: true } pending => Pending(pending),
        _ when figure < Floor => Reject("determined-below-reported", $"A conservative figure is not below {Floor}, which was reported or verified; {figure} is."),
        _ => null,
    };

    private ObjectionDecided Decided(Objection o, DecideObjection c) => new(
        Market, ReportId, ParticipantId, Year, o.ReportVersion, o.Id, c.Outcome, c.Figure, c.Reason, c.By, Late: c.Day > o.DecideBy, c.At);

    private ReportDetermined Determined(Guid id, Tonnes figure, string ground, string[] by, DateOnly? tellBy, DateTimeOffset at) =>
        new(Market, ReportId, ParticipantId, Year, ReportVersion + 1, id, figure, ground, by, tellBy, at);

    private static Decision<ReportEvent> Pending(Objection objection) =>
        Reject("objection-pending", $"Objection {objection.Id} against version {objection.ReportVersion} is decided first.");

    private static Decision<ReportEvent> UnknownDetermination() => Reject("unknown-determination", "No such determination of this report is the last proposed.");

    private static Decision<ReportEvent> UnknownObjection() => Reject("unknown-objection", "No such objection to this report is the last filed.");
}

public enum DeterminationStatus
{
    Proposed,
    Approved,
    Rejected,
}

/// <param name="ReportVersion">The version whose figure it replaces.</param>
public sealed record Determination(Guid Id, long ReportVersion, Tonnes Figure, string Ground, string ProposedBy, DeterminationStatus Status)
{
    public bool Says(ProposeDetermination c) => Figure == c.Figure && Ground == c.Ground;
}

/// <param name="ReportVersion">The version whose figure was told.</param>
/// <param name="Day">The legal day on which it was told.</param>
/// <param name="Late">Told after the last day for it.</param>
/// <param name="ObjectBy">Last legal day for an objection; null: none.</param>
public sealed record ToldResult(long ReportVersion, DateOnly Day, bool Late, DateOnly? ObjectBy);

/// <param name="Outcome">Null while it is pending, as is all that follows.</param>
public sealed record Objection(
    Guid Id, long ReportVersion, string Ground, DateOnly? DecideBy, DateTimeOffset FiledAt, ObjectionOutcome? Outcome, Tonnes? Figure,
    string? Reason, bool? Late)
{
    public bool IsPending => Outcome is null;

    public bool Says(DecideObjection c) => Outcome == c.Outcome && Figure == c.Figure && Reason == c.Reason;
}

/// <param name="Field">sources/ and the source's name, total, verified or accepted.</param>
/// <param name="Reason">Why it is not what it was (差异原因).</param>
/// <param name="ByParticipantId">The emitter or the verifier who said so; the empty GUID for the regulator's ground.</param>
public sealed record Explanation(string Field, string Reason, Guid ByParticipantId);
