using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A stream's samples are taken on one basis throughout a year: as fired (入炉) or as received (入厂) [V:S7].</summary>
internal sealed class SampleBasisDiffers : ICheck
{
    public string Code => "sample-basis-differs";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year)
    {
        var tests = year.Tests().ToDictionary(tested => (tested.Month, tested.Sha256), tested => tested.Test);
        return from series in year.Figures()
               let shown = series.Months.Where(one => tests.ContainsKey((one.Month, one.Figure.Evidence))).Select(one => (one.Month, tests[(one.Month, one.Figure.Evidence)].Basis)).ToList()
               let bases = shown.Select(one => one.Basis).Distinct().Order().ToList()
               where bases.Count > 1
               select new CheckResult(
                   Code, $"{series.Input} of stream {series.Stream} is sampled as fired in some months and as received in others.", Severity,
                   $"inputs/{series.Stream}/{series.Input}",
                   Values([.. bases.Select(basis => (Words.Of(basis), (object?)string.Join(", ", shown.Where(one => one.Basis == basis).Select(one => one.Month))))]));
    }
}
