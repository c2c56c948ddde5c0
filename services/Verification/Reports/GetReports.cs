using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Verification.Engagements;
using Marten;
using Marten.Linq.MatchesSql;

namespace CarbonMarket.Verification.Reports;

/// <param name="ReportId">Made by the emitter; names the report.</param>
/// <param name="ParticipantId">The emitter.</param>
/// <param name="Year">The year reported on.</param>
/// <param name="Status">filed, verified, adverse, accepted, returned or reopened: of the version that was filed last.</param>
/// <param name="ReportVersion">Counts the filings and determinations, from 1.</param>
/// <param name="Sources">What emits, with its tonnes; of a report from evidence the plan's streams, or its balance.</param>
/// <param name="TotalTonnes">Sum of the sources.</param>
/// <param name="Late">What was filed last came after the deadline for annual reports.</param>
/// <param name="FiledAt">Legal time at which the emitter filed last.</param>
/// <param name="Statement">On this version; null while there is none.</param>
/// <param name="Accepted">The figure that counts; an amendment replaces it once it is accepted.</param>
/// <param name="ReturnReason">Why the regulator returned it; null: it did not return this version.</param>
/// <param name="ReopenGround">Why an accepted report is to be amended.</param>
/// <param name="Determination">The regulator's own figure, as it was proposed last.</param>
/// <param name="TellBy">Last legal day to tell the accepted figure.</param>
/// <param name="Told">The result that the entity was told last.</param>
/// <param name="Objection">The one filed last.</param>
/// <param name="Basis">What the sources were computed from; null: they were given.</param>
public sealed record ReportAnswer(
    Guid ReportId, Guid ParticipantId, int Year, ReportStatus Status, long ReportVersion, IReadOnlyList<ReportAnswer.SourceAnswer> Sources,
    long TotalTonnes, bool Late, DateTimeOffset FiledAt, ReportAnswer.StatementAnswer? Statement,
    ReportAnswer.AcceptedAnswer? Accepted, string? ReturnReason, string? ReopenGround, ReportAnswer.DeterminationAnswer? Determination,
    DateOnly? TellBy, ToldResult? Told, ReportAnswer.ObjectionAnswer? Objection, ReportBasis? Basis)
{
    /// <param name="Name">A boiler, a line, a fuel.</param>
    /// <param name="Tonnes">Of CO2 equivalent.</param>
    public sealed record SourceAnswer(string Name, long Tonnes);

    /// <param name="VerifierParticipantId">The organisation that verified it.</param>
    /// <param name="Conclusion">What the verifier says of it.</param>
    /// <param name="VerifiedTonnes">Verified emissions in tCO2e.</param>
    /// <param name="At">Legal time.</param>
    public sealed record StatementAnswer(Guid VerifierParticipantId, Conclusion Conclusion, long VerifiedTonnes, DateTimeOffset At);

    /// <param name="ReportVersion">The version that it is the figure of.</param>
    /// <param name="VerifiedTonnes">The emissions that count, in tCO2e.</param>
    /// <param name="At">Legal time at which they were accepted or determined.</param>
    public sealed record AcceptedAnswer(long ReportVersion, long VerifiedTonnes, DateTimeOffset At);

    /// <param name="DeterminationId">Made by the official who proposed it.</param>
    /// <param name="ReportVersion">The version whose figure it replaces.</param>
    /// <param name="Tonnes">The conservative figure (保守核定), in tCO2e.</param>
    /// <param name="Ground">Why, and how it is reckoned.</param>
    /// <param name="Status">Whether another official has approved or rejected it.</param>
    public sealed record DeterminationAnswer(Guid DeterminationId, long ReportVersion, long Tonnes, string Ground, DeterminationStatus Status);

    /// <param name="ObjectionId">Made by the emitter; names the objection.</param>
    /// <param name="ReportVersion">The version whose result it is against.</param>
    /// <param name="Ground">In the emitter's words.</param>
    /// <param name="FiledAt">Legal time.</param>
    /// <param name="DecideBy">Last legal day for the decision.</param>
    /// <param name="Outcome">Null while it is not decided, as is all that follows.</param>
    /// <param name="Tonnes">What was determined anew.</param>
    /// <param name="Reason">The official's words to the decision.</param>
    /// <param name="Late">Decided after the last day for it.</param>
    public sealed record ObjectionAnswer(
        Guid ObjectionId, long ReportVersion, string Ground, DateTimeOffset FiledAt, DateOnly? DecideBy, ObjectionOutcome? Outcome, long? Tonnes,
        string? Reason, bool? Late);

    public static ReportAnswer Of(EmissionReport report) => new(
        report.ReportId, report.ParticipantId, report.Year.Value, report.Status, report.ReportVersion,
        [.. report.Sources.Select(source => new SourceAnswer(source.Name, source.Tonnes.Value))], report.Total.Value, report.Late,
        report.FiledAt,
        report.Statement is { } s ? new StatementAnswer(s.VerifierParticipantId, s.Conclusion, s.Verified.Value, s.At) : null,
        report.Accepted is { } a ? new AcceptedAnswer(a.ReportVersion, a.Verified.Value, a.At) : null,
        report.ReturnReason, report.ReopenGround,
        report.Determination is { } d ? new DeterminationAnswer(d.Id, d.ReportVersion, d.Figure.Value, d.Ground, d.Status) : null,
        report.TellBy, report.Told,
        report.Objection is { } o
            ? new ObjectionAnswer(o.Id, o.ReportVersion, o.Ground, o.FiledAt, o.DecideBy, o.Outcome, o.Figure?.Value, o.Reason, o.Late)
            : null,
        report.Basis);
}

public static class GetReports
{
    public static void Map(RouteGroupBuilder reports)
    {
        reports.MapGet("/", List)
            .WithName("list-reports")
            .WithSummary("Emission reports, by year and status; an emitter sees its own only, an appointed verifier those of its entities")
            .Produces<Page<ReportAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        reports.MapGet("/{reportId:guid}", One)
            .WithName("get-report")
            .WithSummary("One emission report")
            .Produces<ReportAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <param name="year">The year reported on; left out: every year.</param>
    /// <param name="status">filed, verified, adverse, accepted, returned or reopened; left out: whatever it is.</param>
    internal static async Task<IResult> List(
        HttpContext context, IQuerySession session, CancellationToken cancellationToken,
        int? year = null, string? status = null, Guid? after = null, int? limit = null)
    {
        var (market, faults) = (context.Market().Market, new Faults());
        var wanted = Parse(status);
        faults.Require(status is null || wanted is not null, "status", "unknown-status", "filed, verified, adverse, accepted, returned or reopened.");
        faults.Require(year is null || ComplianceYear.IsValid(year.Value), "year", "invalid-year", "A year.");
        if (faults.Any)
            return faults.ToProblem();
        var reports = (await session.Seen<EmissionReport>(context, cancellationToken)).Where(report => report.Market == market);
        if (year is { } of)
            reports = reports.Where(report => report.MatchesSql("(d.data ->> 'year')::int = ?", of));
        if (wanted is { } only)
            reports = reports.Where(report => report.Status == only);
        return await reports.Page(after, limit, report => report.Id, ReportAnswer.Of, cancellationToken);
    }

    /// <param name="reportId">The report, as the emitter named it.</param>
    internal static async Task<IResult> One(Guid reportId, HttpContext context, IQuerySession session, CancellationToken cancellationToken) =>
        await session.SeenReport(reportId, context, cancellationToken) is { } report ? Results.Ok(ReportAnswer.Of(report)) : ReportEdge.Unknown(reportId);

    /// <summary>Null where there is none, or none that the caller may see: who may not see a report learns nothing of whether there is one.</summary>
    internal static async Task<EmissionReport?> SeenReport(
        this IQuerySession session, Guid reportId, HttpContext context, CancellationToken cancellationToken) =>
        await session.Report(reportId, cancellationToken) is { } report && report.Market == context.Market().Market
            && await session.Sees(context, report.ParticipantId, report.Year, cancellationToken)
            ? report
            : null;

    // By name only: Enum.TryParse would take numbers and lists of names too.
    private static ReportStatus? Parse(string? text) => Enum.GetValues<ReportStatus>()
        .Where(status => status.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)).Select(status => (ReportStatus?)status).FirstOrDefault();
}
