using CarbonMarket.Verification.Evidence;
using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A laboratory's report carries neither accreditation mark, CMA or CNAS [V:S7].</summary>
internal sealed class LaboratoryIsNotAccredited : ICheck
{
    public string Code => "laboratory-not-accredited";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from tested in year.Tests()
        where tested.Test.Mark == LabMark.None
        select new CheckResult(
            Code, $"The report of {tested.Test.Laboratory} in month {tested.Month} carries no accreditation mark.", Severity, tested.Path,
            Values(("laboratory", tested.Test.Laboratory), ("mark", Words.Of(tested.Test.Mark))));
}
