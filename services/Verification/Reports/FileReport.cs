using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;

using CarbonMarket.Verification.Calculations;
using CarbonMarket.Verification.Checks;
using CarbonMarket.Verification.Coverage;
using CarbonMarket.Verification.Plans;
using Marten;

namespace CarbonMarket.Verification.Reports;

public static class FileReport
{
    private const int MostSources = 100;
    private const int LongestCode = 50;
    private const int LongestPath = 200;
    private const int LongestAnswer = 1000;

    public sealed record Request
    {
        /// <summary>The year reported on; it must be over.</summary>
        [Required]
        public int? Year { get; init; }

        /// <summary>1-100, each name once; the total is their sum. Left out with fromEvidence.</summary>
        public IReadOnlyList<Source>? Sources { get; init; }

        /// <summary>true: the sources are the streams of the quality-control plan, computed from the year's evidence.</summary>
        public bool? FromEvidence { get; init; }

        /// <summary>
        /// The version this one is to follow; left out: whichever was filed last. Needed to file the same figures again
        /// after a return or an adverse statement.
        /// </summary>
        public long? ReplacesVersion { get; init; }

        /// <summary>With fromEvidence: what the emitter says to each warning of the automated checks. 0-500; what answers nothing is left out.</summary>
        public IReadOnlyList<AnswerItem>? Answers { get; init; }
    }

    public sealed record AnswerItem
    {
        /// <summary>Code of the check: constant-months.</summary>
        [Required]
        public string? Code { get; init; }

        /// <summary>As the check names it: months/3-6/S1/quantity.</summary>
        [Required]
        public string? Path { get; init; }

        /// <summary>1-1000 characters.</summary>
        [Required]
        public string? Text { get; init; }
    }

    public sealed record Source
    {
        /// <summary>What emits: a boiler, a line, a fuel. 1-200 characters.</summary>
        [Required]
        public string? Name { get; init; }

        /// <summary>Whole tonnes of CO2 equivalent, not below zero.</summary>
        [Required]
        public decimal? Tonnes { get; init; }
    }

    public static void Map(RouteGroupBuilder reports) => reports.MapPut("/{reportId:guid}", Handle)
        .RequireAuthorization(Roles.Emitter)
        .WithName("file-report")
        .WithSummary("File the caller's annual emissions report (年度排放报告), restate or amend it")
        .WithDescription(
            "The caller makes the id; a participant has one report a year. The same content again changes nothing, other content is "
            + "the next version: before verification, after an adverse statement or a return, and as an amendment of an accepted "
            + "report. Whoever maintains the figures of a version that was returned or got an adverse statement files them "
            + "again with replacesVersion; sent once more, that request changes nothing, and without it the same figures are "
            + "422 report-unchanged. 422 entity-not-covered (also while the list of covered entities is still on its way), "
            + "year-not-over, report-verified, report-not-reopened (an accepted report is amended once it is reopened, where the "
            + "pack says so), report-exists, version-superseded (replacesVersion is not the last), "
            + "unknown-report (nothing to replace), quality-plan-missing, evidence-incomplete (figures are missing or cannot be "
            + "computed: get-emissions-of-evidence names them), checks-failed and warnings-unanswered (the automated checks found errors, "
            + "or warnings without an answer; checks and moreWarnings say what was found, as check-evidence does). 409 id-reused.")
        .Produces<ReportAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="reportId">Made by the caller; names the report.</param>
    internal static async Task<IResult> Handle(
        Guid reportId, Request request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var pack = context.Market();
        var faults = Check(request, pack.Compliance.FirstYear);
        faults.RequireId(reportId, "reportId");
        if (faults.Any)
            return faults.ToProblem();
        var (year, at, participant) = (ComplianceYear.Of(request.Year!.Value), clock.GetUtcNow(), context.User.ParticipantId());
        var computed = request.FromEvidence == true ? await session.Compute(pack.Market, participant, year, cancellationToken) : null;
        if (request.FromEvidence == true && computed is null)
            return Problem.Refused("quality-plan-missing", $"There is no quality-control plan for {year}, and nothing is computed without.");
        if (computed is { Year.Total: null } partial)
            return Problem.Refused(
                "evidence-incomplete", $"{partial.Year.Missing.Length} figures of {year} are missing, {partial.Year.Faults.Length} cannot be computed.");
        ImmutableArray<ReportSource> sources = computed?.Sources() ?? [.. request.Sources!.Select(source => new ReportSource(source.Name!, Tonnes.Of((long)source.Tonnes!.Value)))];
        var command = new ReportCommand.Submit(
            pack.Market, reportId, participant, year, sources, Covered: false,
            YearIsOver: pack.LegalDay(at).Year > year.Value, Late: at >= pack.ReportDeadline(year), at, request.ReplacesVersion,
            MayAmend: !pack.Verification.AmendedOnceReopened, await Basis(session, pack, computed, request.Answers, cancellationToken));
        var decision = await session.AgainAfterClash(() => File(session, command, computed, cancellationToken));
        var report = decision is Decision<ReportEvent>.Accepted
            ? await session.Report(reportId, cancellationToken)
            : null;
        return decision is Decision<ReportEvent>.Rejected { Code: EmissionReport.ChecksFailed or EmissionReport.WarningsUnanswered } refused
            ? Problem.Refused(
                refused.Code, refused.Reason, ("checks", command.Basis!.Checks!.Value.Select(CheckResultAnswer.Of)), ("moreWarnings", command.Basis.MoreWarnings ?? 0))
            : decision.ToHttp(() => Results.Ok(ReportAnswer.Of(report!)));
    }

    /// <summary>What the year was computed from, with what the checks find in it and the emitter answers; null where it was not computed.</summary>
    private static async Task<ReportBasis?> Basis(
        IQuerySession session, PolicyPack pack, ComputedYear? computed, IReadOnlyList<AnswerItem>? given, CancellationToken cancellationToken)
    {
        if (computed is null)
            return null;
        var answers = (given ?? []).ToDictionary(answer => (answer.Code, answer.Path), answer => answer.Text);
        var found = Catalogue.Run(await session.Gather(pack, computed, cancellationToken));
        return computed.Basis() with
        {
            Checks = [.. found.Results.Select(result => result with { Answer = answers.GetValueOrDefault((result.Code, result.Path)) })],
            MoreWarnings = found.MoreWarnings > 0 ? found.MoreWarnings : null,
        };
    }

    private static async Task<Decision<ReportEvent>> File(
        IDocumentSession session, ReportCommand.Submit command, ComputedYear? computed, CancellationToken cancellationToken)
    {
        var coverage = await session.LoadAsync<CoveredYears>(
            CoveredYears.IdOf(command.Market, command.ParticipantId), cancellationToken);
        var claim = new YearClaim(YearClaim.IdOf(command.Market, command.ParticipantId, command.Year), command.ReportId);
        var holder = await session.LoadAsync<YearClaim>(claim.Id, cancellationToken);
        if (holder is not null && holder.ReportId != command.ReportId)
            return Decision<ReportEvent>.Reject(
                "report-exists", $"The participant's report for {command.Year} is {holder.ReportId}; file the next version of that one.");
        var decision = await session.Prepare<EmissionReport, ReportEvent>(
            await session.StreamOf(command.ReportId, cancellationToken),
            report => EmissionReport.Decide(report, command with { Covered = coverage?.Spans(command.Year) ?? false }),
            cancellationToken);
        if (decision is not Decision<ReportEvent>.Accepted { Events.IsEmpty: false })
            return decision;
        if (holder is null)
            session.Insert(claim);
        if (computed is not null)
            session.Keep(computed);
        await session.SaveChangesAsync(cancellationToken);
        return decision;
    }

    private static void Check(Faults faults, IReadOnlyList<AnswerItem>? answers)
    {
        var seen = new HashSet<(string?, string?)>();
        faults.Each(answers ?? [], 0, Catalogue.MostResults, "$.answers", (answer, path) =>
        {
            faults.RequireText(answer.Code, LongestCode, $"{path}.code");
            faults.RequireText(answer.Path, LongestPath, $"{path}.path");
            faults.RequireText(answer.Text, LongestAnswer, $"{path}.text");
            faults.Require(seen.Add((answer.Code, answer.Path)), path, "repeated-item", "It is answered already.");
        });
    }

    private static Faults Check(Request request, int firstYear)
    {
        var faults = new Faults();
        faults.RequireYear(request.Year, firstYear, "$.year");
        faults.Require(request.ReplacesVersion is null or >= 1, "$.replacesVersion", "invalid-version", "Versions count from 1.");
        if (request.FromEvidence == true)
        {
            faults.Require(request.Sources is null, "$.sources", "sources-given", "Sources are computed from evidence or given, not both.");
            Check(faults, request.Answers);
            return faults;
        }

        faults.Require(request.Answers is null, "$.answers", "answers-without-checks", "Answers are to the checks of evidence; a report whose sources are given has none.");
        var sources = request.Sources ?? [];
        faults.Require(sources.Count is >= 1 and <= MostSources, "$.sources", "report-size", $"A report has 1-{MostSources} sources, not {sources.Count}.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < Math.Min(sources.Count, MostSources); index++)
        {
            var path = $"$.sources[{index}]";
            if (!faults.Require(sources[index] is not null, path, "required", "A source, not null."))
                continue;
            faults.RequireText(sources[index].Name, 200, $"{path}.name");
            faults.Require(sources[index].Name is not { } name || seen.Add(name), $"{path}.name", "repeated-item", "Another source has this name.");
            faults.RequireTonnes(sources[index].Tonnes, $"{path}.tonnes");
        }

        return faults;
    }
}
