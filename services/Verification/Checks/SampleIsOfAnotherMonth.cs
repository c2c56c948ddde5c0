using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>The sample behind a month's figure was not taken in that month.</summary>
internal sealed class SampleIsOfAnotherMonth : ICheck
{
    public string Code => "sample-of-another-month";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from tested in year.Tests()
        where (tested.Test.SampledOn.Year, tested.Test.SampledOn.Month) != (year.Plan.Year.Value, tested.Month)
        select new CheckResult(
            Code, $"The sample that is filed for month {tested.Month} was taken on {tested.Test.SampledOn:O}.", Severity, tested.Path,
            Values(("month", tested.Month), ("sampledOn", tested.Test.SampledOn.ToString("O"))));
}
