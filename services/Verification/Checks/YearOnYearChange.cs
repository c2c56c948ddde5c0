using System.Collections.Immutable;
using CarbonMarket.Verification.Reports;
using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A source, or the whole, emits much more or much less than in the year before: why is to be said [V:S7].</summary>
internal sealed class YearOnYearChange : ICheck
{
    private const string Total = "total";

    public string Code => "year-on-year-change";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year)
    {
        if (year is not { Limits.YearOnYearPercent: { } limit, ReportBefore: { Accepted: not null } before, Sources.IsEmpty: false })
            yield break;
        var now = Placed(year.Sources);
        foreach (var (path, was) in Placed(before.Sources))
        {
            // What there was not, or is no more, is a change of the plan, which says why.
            if (was == 0 || !now.TryGetValue(path, out var tonnes))
                continue;
            var percent = decimal.Round(100m * (tonnes - was) / was, 2, MidpointRounding.AwayFromZero);
            if (Math.Abs(percent) > limit)
                yield return new CheckResult(
                    Code, $"{path} emitted {was} t in {before.Year} and {tonnes} t in {year.Plan.Year}: {percent} %.", Severity,
                    path, Values(("before", was), ("now", tonnes), ("changePercent", percent), ("limit", limit)));
        }
    }

    /// <summary>Tonnes by path: a source may be called like the total.</summary>
    private static ImmutableSortedDictionary<string, long> Placed(ImmutableArray<ReportSource> sources) => sources
        .ToImmutableSortedDictionary(source => $"sources/{source.Name}", source => source.Tonnes.Value, StringComparer.Ordinal)
        .Add(Total, sources.Sum(source => source.Tonnes.Value));
}
