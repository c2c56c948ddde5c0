using CarbonMarket.Calculation;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Verification.Calculations;
using Marten;

namespace CarbonMarket.Verification.Reports;

public static class GetReportTrace
{
    public static void Map(RouteGroupBuilder reports) => reports.MapGet("/{reportId:guid}/traces/{sha256}", Handle)
        .WithName("get-report-trace")
        .WithSummary("How a figure of the version filed last came about (计算过程)")
        .WithDescription(
            "By the hash of the total's trace, which the report's basis names, or of one of the parts that trace names. Worked out again from the "
            + "versions of plan and months that the report was computed from, whatever they became since. 404 unknown-trace.")
        .Produces<Trace>()
        .ProducesProblem(StatusCodes.Status404NotFound);

    /// <param name="reportId">The report, as the emitter named it.</param>
    /// <param name="sha256">Of the trace, as the report's basis names that of the total.</param>
    internal static async Task<IResult> Handle(
        Guid reportId, string sha256, HttpContext context, IQuerySession session, CancellationToken cancellationToken) =>
        await session.SeenReport(reportId, context, cancellationToken) is { Basis: { } basis } report
            && (await session.Recompute(report, basis, cancellationToken)).Find(sha256) is { } trace
            ? Results.Text(trace.ToJson(), "application/json")
            : Problem.NotFound("unknown-trace", $"Report {reportId} has no trace {sha256} that you may see.");
}
