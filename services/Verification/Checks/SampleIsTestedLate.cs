using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A sample was tested later than the pack's days after it was taken [V:S7].</summary>
internal sealed class SampleIsTestedLate : ICheck
{
    public string Code => "sample-tested-late";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from tested in year.Tests()
        let days = tested.Test.TestedOn.DayNumber - tested.Test.SampledOn.DayNumber
        where days > year.Limits.SampleTestDays
        select new CheckResult(
            Code, $"The sample of {tested.Test.SampledOn:O} was tested after {days} days.", Severity, tested.Path,
            Values(("sampledOn", tested.Test.SampledOn.ToString("O")), ("testedOn", tested.Test.TestedOn.ToString("O")), ("days", days), ("limit", year.Limits.SampleTestDays)));
}
