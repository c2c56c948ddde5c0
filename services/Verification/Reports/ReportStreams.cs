using Marten;

namespace CarbonMarket.Verification.Reports;

/// <summary>
/// Where a report is by the id that its emitter made. Before <see cref="EmissionReport.StreamId"/> every report was in the stream
/// of that very id: those are found there, and none is added to them.
/// </summary>
internal static class ReportStreams
{
    /// <summary>The stream of each report, also of one that is still to be filed.</summary>
    public static async Task<Func<Guid, Guid>> StreamsOf(
        this IQuerySession session, IEnumerable<Guid> reportIds, CancellationToken cancellationToken)
    {
        Guid[] kept = [.. reportIds.Distinct().Where(reportId => EmissionReport.StreamId(reportId) != reportId)];
        // Another report may be in the stream that a report's id is asked for: it is found by its own id only.
        var before = kept.Length == 0
            ? []
            : (await session.LoadManyAsync<EmissionReport>(cancellationToken, kept)).Where(report => report.ReportId == report.Id).Select(report => report.Id).ToHashSet();
        return reportId => before.Contains(reportId) ? reportId : EmissionReport.StreamId(reportId);
    }

    public static async Task<Guid> StreamOf(this IQuerySession session, Guid reportId, CancellationToken cancellationToken) =>
        (await session.StreamsOf([reportId], cancellationToken))(reportId);

    /// <summary>Null: there is none, in any market.</summary>
    public static async Task<EmissionReport?> Report(this IQuerySession session, Guid reportId, CancellationToken cancellationToken) =>
        await session.LoadAsync<EmissionReport>(await session.StreamOf(reportId, cancellationToken), cancellationToken);
}
