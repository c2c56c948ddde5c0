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
        var now = Named(year.Sources.Select(source => (source.Name, source.Tonnes.Value)));
        foreach (var (name, was) in Named(before.Sources.Select(source => (source.Name, source.Tonnes.Value))))
        {
            // What there was not, or is no more, is a change of the plan, which says why.
            if (was == 0 || !now.TryGetValue(name, out var tonnes))
                continue;
            var percent = decimal.Round(100m * (tonnes - was) / was, 2, MidpointRounding.AwayFromZero);
            if (Math.Abs(percent) > limit)
                yield return new CheckResult(
                    Code, $"{name} emitted {was} t in {before.Year} and {tonnes} t in {year.Plan.Year}: {percent} %.", Severity,
                    name == Total ? name : $"sources/{name}", Values(("before", was), ("now", tonnes), ("changePercent", percent), ("limit", limit)));
        }
    }

    private static SortedDictionary<string, long> Named(IEnumerable<(string Name, long Tonnes)> sources)
    {
        var named = new SortedDictionary<string, long>(sources.ToDictionary(source => source.Name, source => source.Tonnes, StringComparer.Ordinal), StringComparer.Ordinal);
        named[Total] = named.Values.Sum();
        return named;
    }
}
