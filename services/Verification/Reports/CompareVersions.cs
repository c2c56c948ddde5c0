using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Calculations;
using CarbonMarket.Verification.Engagements;
using Marten;

namespace CarbonMarket.Verification.Reports;

/// <param name="ReportVersion">Counts the filings and determinations, from 1.</param>
/// <param name="Author">emitter or regulator.</param>
/// <param name="At">Legal time at which it was filed or determined.</param>
/// <param name="Fields">By name: each source, the total, what was verified and accepted.</param>
public sealed record VersionAnswer(long ReportVersion, VersionAuthor Author, DateTimeOffset At, IReadOnlyDictionary<string, long> Fields)
{
    public static VersionAnswer Of(ReportedVersion version) => new(version.Number, version.Author, version.At, version.Fields);
}

/// <param name="ReportId">Made by the emitter; names the report.</param>
/// <param name="From">The version that the other is compared with.</param>
/// <param name="To">The version that is compared with it.</param>
/// <param name="Fields">Every field of either version, in the order of their names.</param>
/// <param name="Figures">Measured figures behind the tonnes that differ, the first 1000; null where either version was not filed from evidence.</param>
/// <param name="FiguresDiffering">How many there are; null where either version was not filed from evidence.</param>
public sealed record DifferencesAnswer(
    Guid ReportId, long From, long To, IReadOnlyList<FieldDifference> Fields, IReadOnlyList<FigureDifference>? Figures, int? FiguresDiffering);

/// <summary>Every version of a report is kept; any two are compared field by field (一致、变化幅度、差异原因).</summary>
public static class CompareVersions
{
    private const int LongestField = 220;

    public sealed record ExplanationRequest
    {
        /// <summary>The version filed last.</summary>
        [Required]
        public long? ReportVersion { get; init; }

        /// <summary>sources/ and the source's name, total, verified or accepted.</summary>
        [Required]
        public string? Field { get; init; }

        /// <summary>1-2000 characters.</summary>
        [Required]
        public string? Reason { get; init; }
    }

    public static void Map(RouteGroupBuilder reports)
    {
        reports.MapGet("/{reportId:guid}/versions", Versions)
            .WithName("list-report-versions")
            .WithSummary("Every version of a report with its fields")
            .Produces<Page<VersionAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        reports.MapGet("/{reportId:guid}/differences", Differences)
            .WithName("compare-report-versions")
            .WithSummary("What tells one version of a report from another, field by field")
            .WithDescription(
                "from and to are versions. Each field is same, changed, added or removed, by how much, and why, as far as somebody said so. Of versions "
                + "filed from evidence also the measured figures that differ, or are shown by another file.")
            .Produces<DifferencesAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        reports.MapPost("/{reportId:guid}/explanations", Explain)
            .RequireAuthorization(policy => policy.RequireRole(Roles.Emitter, Roles.Verifier))
            .WithName("explain-difference")
            .WithSummary("Say why a field of the last version is not what it was (差异原因)")
            .WithDescription(
                "By the emitter, or by the verifier that is appointed or gave the statement. Said anew, it replaces what the same one said. 422 "
                + "version-superseded, unknown-field, explanations-full.")
            .Produces<ReportAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    /// <param name="reportId">The report, as the emitter named it.</param>
    internal static async Task<IResult> Versions(
        Guid reportId, HttpContext context, IQuerySession session, CancellationToken cancellationToken, long? after = null, int? limit = null)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        return await session.SeenReport(reportId, context, cancellationToken) is { } report
            ? Results.Ok(Paging.Of(
                (await session.VersionsOf(report, cancellationToken)).Where(version => version.Number > (after ?? 0)).Select(VersionAnswer.Of), limit,
                version => version.ReportVersion))
            : ReportEdge.Unknown(reportId);
    }

    /// <param name="reportId">The report, as the emitter named it.</param>
    /// <param name="from">The version that the other is compared with, from 1.</param>
    /// <param name="to">The version that is compared with it, from 1.</param>
    internal static async Task<IResult> Differences(
        Guid reportId, long from, long to, HttpContext context, IQuerySession session, CancellationToken cancellationToken)
    {
        if (await session.SeenReport(reportId, context, cancellationToken) is not { } report)
            return ReportEdge.Unknown(reportId);
        var (versions, faults) = (await session.VersionsOf(report, cancellationToken), new Faults());
        foreach (var (name, number) in new[] { ("from", from), ("to", to) })
            faults.Require(versions.Any(version => version.Number == number), name, "invalid-version", $"A version from 1 to {versions[^1].Number}.");
        if (faults.Any)
            return faults.ToProblem();
        var (before, after) = (versions.Single(version => version.Number == from), versions.Single(version => version.Number == to));
        var figures = await session.Figures(report, before, after, cancellationToken);
        return Results.Ok(new DifferencesAnswer(
            reportId, from, to, ReportVersions.Between(before, after), figures?.Take(FigureDifferences.MostListed).ToList(), figures?.Length));
    }

    private static async Task<ImmutableArray<FigureDifference>?> Figures(
        this IQuerySession session, EmissionReport report, ReportedVersion from, ReportedVersion to, CancellationToken cancellationToken)
    {
        if (from.Basis is not { } before || to.Basis is not { } after)
            return null;
        return FigureDifferences.Between(await session.MonthsOf(report, before, cancellationToken), await session.MonthsOf(report, after, cancellationToken));
    }

    /// <param name="reportId">The report, as the emitter named it.</param>
    internal static async Task<IResult> Explain(
        Guid reportId, ExplanationRequest request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (asked, faults) = (Asked.Of(context, clock), new Faults());
        faults.Require(request.ReportVersion is >= 1, "$.reportVersion", "invalid-version", "Versions count from 1.");
        faults.RequireText(request.Field, LongestField, "$.field");
        faults.RequireText(request.Reason, ReportEdge.LongestText, "$.reason");
        var verifies = context.User.IsInRole(Roles.Verifier) && await session.Verifies(reportId, asked, cancellationToken);
        return await session.Answer(
            faults,
            () => new ReportCommand.Explain(
                asked.Pack.Market, reportId, request.ReportVersion!.Value, request.Field!, request.Reason!, asked.By, verifies, asked.At),
            cancellationToken);
    }

    private static async Task<bool> Verifies(this IQuerySession session, Guid reportId, Asked asked, CancellationToken cancellationToken)
    {
        if (await session.Report(reportId, cancellationToken) is not { } report)
            return false;
        var engagement = await session.LoadAsync<Engagement>(
            Engagement.IdOf(report.Market, report.ParticipantId, report.Year), cancellationToken);
        return report.Statement?.VerifierParticipantId == asked.By
            || engagement is { DismissedBecause: null } && engagement.VerifierParticipantId == asked.By;
    }

    private static async Task<ImmutableArray<ReportedVersion>> VersionsOf(
        this IQuerySession session, EmissionReport report, CancellationToken cancellationToken)
    {
        var history = await session.Events.FetchStreamAsync(report.Id, token: cancellationToken);
        return ReportVersions.Of(history.Select(recorded => (ReportEvent)recorded.Data));
    }
}
