using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>Statistics, an invoice, the grid's settlement or the control system say another figure than was filed [V:S7].</summary>
internal sealed class CrossSourceDiffers : ICheck
{
    public string Code => "cross-source-differs";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from one in year.CrossReadings()
        let said = one.Said
        where said is not null && IsApart(said.Value, one.Filed, year.Limits.CrossSourceTolerancePercent)
        select new CheckResult(
            Code, $"{one.Reading.Input} of {one.Reading.Of} in month {one.Month} is filed as {one.Filed} {one.Unit}; by {Words.Of(one.Reading.Source)} it is {said} {one.Unit}.",
            Severity, $"months/{one.Month}/crossReadings/{one.Reading.Of}/{one.Reading.Input}/{Words.Of(one.Reading.Source)}",
            Values(("filed", one.Filed), ("bySource", said), ("unit", one.Unit), ("limit", year.Limits.CrossSourceTolerancePercent)));
}
