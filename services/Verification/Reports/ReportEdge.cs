using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Problems;
using Marten;

namespace CarbonMarket.Verification.Reports;

/// <summary>How every request about what becomes of one report is answered.</summary>
internal static class ReportEdge
{
    public const int LongestText = 2000;

    /// <summary>404 where the decider knows no such report of the caller's; otherwise what stands then.</summary>
    public static async Task<IResult> Answer(
        this IDocumentSession session, Faults faults, Func<ReportCommand.ResultCommand> command, CancellationToken cancellationToken)
    {
        if (faults.Any)
            return faults.ToProblem();
        var given = command();
        var stream = await session.StreamOf(given.ReportId, cancellationToken);
        var decision = await session.AgainAfterClash(() => session.Decide<EmissionReport, ReportEvent>(
            stream, report => EmissionReport.Decide(report, given), cancellationToken));
        if (decision is Decision<ReportEvent>.Rejected { Code: "unknown-report" })
            return Unknown(given.ReportId);
        var stands = await session.LoadAsync<EmissionReport>(stream, cancellationToken);
        return decision.ToHttp(() => Results.Ok(ReportAnswer.Of(stands!)));
    }

    public static IResult Unknown(Guid reportId) => Problem.NotFound("unknown-report", $"There is no report {reportId} that you may see.");
}
