using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Kernel;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Verification.Reports.ReportEvent>;
using static CarbonMarket.Verification.Reports.ReportCommand;
using static CarbonMarket.Verification.Reports.ReportEvent;

namespace CarbonMarket.Verification.Reports;

public enum ReportStatus
{
    /// <summary>Waits for the verifier.</summary>
    Filed,

    /// <summary>Has a positive or qualified statement; waits for the regulator.</summary>
    Verified,

    /// <summary>Has an adverse statement; may be filed anew, also unchanged, or returned.</summary>
    Adverse,

    /// <summary>Counts, until an amendment is accepted.</summary>
    Accepted,

    /// <summary>Must be filed anew; who maintains its figures files the same ones.</summary>
    Returned,

    /// <summary>Was accepted and is to be amended; the accepted figure stands until the amendment is accepted.</summary>
    Reopened,
}

/// <summary>
/// One entity's annual emissions report (年度排放报告): filed, verified (核查), decided. Each filing is a version, and so is
/// a figure that the regulator determines; an accepted report that is amended goes the whole way again, and its accepted
/// figure stands until then.
/// </summary>
/// <param name="Id">Of its stream.</param>
/// <param name="ReportVersion">Counts the filings and determinations, from 1.</param>
/// <param name="Statement">On this version; null while there is none.</param>
/// <param name="Accepted">The figure that counts; null while none was ever accepted.</param>
/// <param name="ReturnReason">Why this version was returned.</param>
/// <param name="Basis">What this version was computed from; null: its sources were given.</param>
public sealed partial record EmissionReport(
    Guid Id, string Market, Guid ParticipantId, ComplianceYear Year, ReportStatus Status, long ReportVersion,
    ImmutableArray<ReportSource> Sources, Tonnes Total, bool Late, DateTimeOffset FiledAt, VerifierStatement? Statement,
    AcceptedFigure? Accepted, string? ReturnReason, ReportBasis? Basis = null)
{
    internal const string ChecksFailed = "checks-failed";
    internal const string WarningsUnanswered = "warnings-unanswered";

    /// <summary>As the emitter named it. Documents from when it was always the stream's id as well do not say it.</summary>
    public Guid ReportId { get => field == Guid.Empty ? Id : field; init; }

    public static Guid StreamId(Guid reportId) => DeterministicGuid.OfNamed(reportId, "verification:report");

    /// <summary>Arms stand in order of precedence.</summary>
    public static Decision<ReportEvent> Decide(EmissionReport? report, ReportCommand command) => (report, command) switch
    {
        ({ } r, Submit c) when !r.IsOf(c) => Reject("id-reused", $"Report {c.ReportId} is another: of {r.ParticipantId} for {r.Year}."),
        (null, Submit { ReplacesVersion: { } version }) => Reject("unknown-report", $"There is no version {version} to replace; nothing is filed yet."),
        ({ } r, Submit c) when r.IsRepeatedBy(c) => Accept(),
        ({ Status: ReportStatus.Accepted } r, Submit { MayAmend: false }) =>
            Reject("report-not-reopened", $"Version {r.ReportVersion} is accepted; it is amended once the regulator has reopened it."),
        ({ } r, Submit { ReplacesVersion: { } version }) when r.IsSuperseded(version) => r.Superseded(version),
        (_, Submit { Covered: false } c) => Reject("entity-not-covered", $"Participant {c.ParticipantId} does not account for {c.Year} in {c.Market}."),
        (_, Submit { YearIsOver: false } c) => Reject("year-not-over", $"{c.Year} has not ended; it is reported on from 1 January {c.Year.Value + 1}."),
        ({ Status: ReportStatus.Verified } r, Submit) =>
            Reject("report-verified", $"Version {r.ReportVersion} has been verified and awaits the regulator; it can no longer be restated."),
        ({ } r, Submit { ReplacesVersion: null } c) when r.Says(c) => Reject("report-unchanged",
            $"Version {r.ReportVersion} had these figures and was turned down or reopened; to file them again, say that they replace version {r.ReportVersion}."),
        (_, Submit { Basis: { Errors: > 0 and var errors } }) =>
            Reject(ChecksFailed, $"{errors} checks of the evidence found what is to be put right before it is filed."),
        (_, Submit { Basis: { Unanswered: > 0 and var unanswered } }) =>
            Reject(WarningsUnanswered, $"{unanswered} checks of the evidence found what the filing is to answer."),
        (_, Submit c) => Accept(Filed(c, (report?.ReportVersion ?? 0) + 1)),
        (null, _) => Unknown(),
        ({ } r, GiveStatement c) when r.Market != c.Market => Unknown(),
        ({ } r, GiveStatement c) => r.OnStatement(c),
        ({ } r, Accept c) when r.Market != c.Market => Unknown(),
        ({ } r, Accept c) => r.OnAccept(c),
        ({ } r, Return c) when r.Market != c.Market => Unknown(),
        ({ } r, Return c) => r.OnReturn(c),
        ({ } r, ResultCommand c) when r.Market != c.Market => Unknown(),
        ({ } r, ResultCommand c) => r.OnResult(c),
        _ => throw new UnreachableException(command.ToString()),
    };

    public static EmissionReport After(EmissionReport? report, ReportEvent @event) => @event switch
    {
        ReportFiled e => new(StreamId(e.ReportId), e.Market, e.ParticipantId, e.Year, ReportStatus.Filed, e.ReportVersion, e.Sources,
            e.Total, e.Late, e.At, Statement: null, report?.Accepted, ReturnReason: null, e.Basis)
        {
            ReportId = e.ReportId, Determination = report?.Determination, Told = report?.Told, Objection = report?.Objection, TellBy = report?.TellBy, DecidedBy = report?.DecidedBy ?? [],
        },
        StatementGiven e => report! with
        {
            Status = e.Conclusion == Conclusion.Adverse ? ReportStatus.Adverse : ReportStatus.Verified,
            Statement = new VerifierStatement(e.VerifierParticipantId, e.Conclusion, e.Verified, e.At),
        },
        ReportAccepted e => report! with
        {
            Status = ReportStatus.Accepted, Accepted = new AcceptedFigure(e.ReportVersion, e.Verified, e.At),
            TellBy = e.TellBy, DecidedBy = e.DecidedBy is { } by ? [by] : [],
        },
        ReportReturned e => report! with { Status = ReportStatus.Returned, ReturnReason = e.Reason },
        _ => report!.AfterResult(@event),
    };

    /// <summary>The same of a report that there is nowhere, that is in another market, or that the caller may not see.</summary>
    internal static Decision<ReportEvent> Unknown() => Reject("unknown-report", "There is no such report in this market.");

    private static ReportFiled Filed(Submit c, long version) => new(
        c.Market, c.ReportId, c.ParticipantId, c.Year, version, c.Sources,
        c.Sources.Aggregate(Tonnes.Zero, (sum, source) => sum + source.Tonnes), c.Late, c.At, c.Basis);

    private Decision<ReportEvent> OnStatement(GiveStatement c) => Status switch
    {
        // A body that emits may not vouch for itself.
        _ when c.VerifierParticipantId == ParticipantId =>
            Reject("conflict-of-interest", $"Participant {ParticipantId} filed the report and cannot verify it."),
        _ when IsSuperseded(c.ReportVersion) => Superseded(c.ReportVersion!.Value),
        _ when Statement is { } given => given.Says(c)
            ? Accept()
            : Reject("statement-given", $"Version {ReportVersion} has a {given.Conclusion} statement of {given.Verified} already."),
        ReportStatus.Returned => Reject("report-returned", $"Version {ReportVersion} was returned; the next version is verified."),
        ReportStatus.Accepted => Reject("report-accepted", $"Version {ReportVersion} was determined by the regulator."),
        ReportStatus.Reopened => Reject("report-reopened", $"Version {ReportVersion} was reopened; the next version is verified."),
        _ => Accept(new StatementGiven(
            Market, ReportId, ParticipantId, Year, ReportVersion, c.VerifierParticipantId, c.Conclusion, c.Verified, c.At)),
    };

    private Decision<ReportEvent> OnAccept(Accept c) => Status switch
    {
        _ when IsSuperseded(c.ReportVersion) => Superseded(c.ReportVersion!.Value),
        ReportStatus.Accepted => Accept(),
        ReportStatus.Reopened => Reject("report-reopened", $"Version {ReportVersion} was reopened; the next version is decided."),
        _ when Objection is { IsPending: true } pending => Pending(pending),
        ReportStatus.Verified => Accept(new ReportAccepted(
            Market, ReportId, ParticipantId, Year, ReportVersion, Statement!.Verified, c.At, c.TellBy, c.DecidedBy)),
        ReportStatus.Filed => Reject("not-verified", $"Version {ReportVersion} has no verifier's statement yet."),
        ReportStatus.Adverse => Reject("adverse-statement", $"The verifier's statement on version {ReportVersion} is adverse; return the report."),
        _ => Reject("report-returned", $"Version {ReportVersion} was returned; the next version is decided."),
    };

    private Decision<ReportEvent> OnReturn(Return c) => Status switch
    {
        _ when IsSuperseded(c.ReportVersion) => Superseded(c.ReportVersion!.Value),
        ReportStatus.Returned => Accept(),
        ReportStatus.Accepted => Reject("report-accepted", $"Version {ReportVersion} was accepted; an amendment is filed by the emitter."),
        ReportStatus.Reopened => Reject("report-reopened", $"Version {ReportVersion} was reopened; the next version is decided."),
        _ => Accept(new ReportReturned(Market, ReportId, ParticipantId, Year, ReportVersion, c.Reason, c.At)),
    };

    private bool IsSuperseded(long? version) => version is { } meant && meant != ReportVersion;

    private Decision<ReportEvent> Superseded(long version) =>
        Reject("version-superseded", $"Version {version} is not the one that is filed: that is version {ReportVersion}.");

    // A version that was turned down is answered, not repeated, by the same figures; who names the version before it only
    // asks once more for what this one is.
    private bool IsRepeatedBy(Submit c) => Says(c) && (c.ReplacesVersion is { } replaced && replaced == ReportVersion - 1
        || !IsSuperseded(c.ReplacesVersion) && Status is ReportStatus.Filed or ReportStatus.Verified or ReportStatus.Accepted);

    // Other evidence is another version, also where it comes to the same tonnes.
    private bool Says(Submit c) => Sources.SequenceEqual(c.Sources) && Basis?.TraceSha256 == c.Basis?.TraceSha256;

    private bool IsOf(Submit c) => Market == c.Market && ParticipantId == c.ParticipantId && Year == c.Year;
}

public sealed record VerifierStatement(Guid VerifierParticipantId, Conclusion Conclusion, Tonnes Verified, DateTimeOffset At)
{
    public bool Says(GiveStatement c) =>
        VerifierParticipantId == c.VerifierParticipantId && Conclusion == c.Conclusion && Verified == c.Verified;
}

/// <param name="ReportVersion">The version it was accepted in.</param>
public sealed record AcceptedFigure(long ReportVersion, Tonnes Verified, DateTimeOffset At);
