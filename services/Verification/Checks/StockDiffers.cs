using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>What was measured is not what left the stock by its book (购销存平衡) [V:S7]: two sources of one figure that contradict each other.</summary>
internal sealed class StockDiffers : ICheck
{
    public string Code => "stock-differs";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from one in year.Stocks()
        let used = one.Used
        where used is not null && IsApart(used.Value, one.Measured, year.Limits.StockTolerancePercent)
        select new CheckResult(
            Code, $"{one.Stock.Input} of stream {one.Stock.Stream} in month {one.Month} was measured as {one.Measured} {one.Unit}; by the stock book it is {used} {one.Unit}.",
            Severity, $"months/{one.Month}/{one.Stock.Stream}/{one.Stock.Input}",
            Values(("measured", one.Measured), ("byStock", used), ("unit", one.Unit), ("limit", year.Limits.StockTolerancePercent)));
}
