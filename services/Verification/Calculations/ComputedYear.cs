using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;
using CarbonMarket.Verification.Reports;
using Marten;

namespace CarbonMarket.Verification.Calculations;

/// <summary>A computed year with what it was computed from.</summary>
internal sealed record ComputedYear(QualityPlan Plan, ImmutableArray<MonthlyEvidence> Months, YearOfEvidence Year)
{
    /// <summary>
    /// Each stream in whole tonnes, so that they sum to the total, which the law rounds only once: all are rounded down, and
    /// the tonnes that are then missing go to those that lost most. Of a balance no stream is a source by itself: it is the one source.
    /// </summary>
    public ImmutableArray<ReportSource> Sources()
    {
        if (Plan.Content.Balance is { } balance)
            return [new ReportSource(balance, Tonnes.Of((long)Year.Total!.Result))];
        var streams = Year.Parts.GroupBy(part => part.Stream, StringComparer.Ordinal)
            .Select(parts => (Code: parts.Key, Exact: parts.Sum(part => part.Trace.Result))).ToList();
        var missing = (int)(Year.Total!.Result - streams.Sum(stream => decimal.Floor(stream.Exact)));
        var raised = streams.OrderByDescending(stream => stream.Exact - decimal.Floor(stream.Exact)).ThenBy(stream => stream.Code, StringComparer.Ordinal)
            .Take(missing).Select(stream => stream.Code).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. streams.OrderBy(stream => stream.Code, StringComparer.Ordinal).Select(stream => new ReportSource(
                stream.Code, Tonnes.Of((long)decimal.Floor(stream.Exact) + (raised.Contains(stream.Code) ? 1 : 0)))),
        ];
    }

    public ReportBasis Basis() => new(
        Plan.PlanVersion, [.. Months.OrderBy(month => month.Month).Select(month => month.MonthVersion)], Year.Total!.Hash());
}

internal static class ComputingYears
{
    /// <summary>The year by plan and months as they stand; null where there is no plan.</summary>
    public static async Task<ComputedYear?> Compute(
        this IQuerySession session, string market, Guid participantId, ComplianceYear year, CancellationToken cancellationToken)
    {
        if (await session.LoadAsync<QualityPlan>(QualityPlan.IdOf(market, participantId, year), cancellationToken) is not { } plan)
            return null;
        var ids = Enumerable.Range(1, 12).Select(month => MonthlyEvidence.IdOf(market, participantId, year, month));
        var months = await session.LoadManyAsync<MonthlyEvidence>(cancellationToken, ids);
        return new ComputedYear(plan, [.. months], YearOfEvidence.Compute(plan, months));
    }

    /// <summary>The year of a filed version, from the versions of plan and months that it names.</summary>
    public static async Task<YearOfEvidence> Recompute(this IQuerySession session, EmissionReport report, ReportBasis basis, CancellationToken cancellationToken)
    {
        var plan = QualityPlan.IdOf(report.Market, report.ParticipantId, report.Year);
        var planned = await session.Events.FetchStreamAsync(plan, basis.PlanVersion, token: cancellationToken);
        return YearOfEvidence.Compute(QualityPlan.After(null, (PlanEvent)planned[^1].Data), await session.MonthsOf(report, basis, cancellationToken));
    }

    /// <summary>The months of a filed version as they stood then.</summary>
    public static async Task<IReadOnlyList<MonthlyEvidence>> MonthsOf(
        this IQuerySession session, EmissionReport report, ReportBasis basis, CancellationToken cancellationToken)
    {
        var months = new List<MonthlyEvidence>(basis.MonthVersions.Length);
        foreach (var (index, version) in basis.MonthVersions.Index())
        {
            var month = MonthlyEvidence.IdOf(report.Market, report.ParticipantId, report.Year, index + 1);
            months.Add(MonthlyEvidence.After((MonthEvent)(await session.Events.FetchStreamAsync(month, version, token: cancellationToken))[^1].Data));
        }

        return months;
    }
}
