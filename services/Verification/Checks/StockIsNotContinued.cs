using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A month begins with another stock than the month before ended with: something came or went that no book has [D].</summary>
internal sealed class StockIsNotContinued : ICheck
{
    public string Code => "stock-not-continued";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from one in year.Stocks()
        join before in year.Stocks()
            on (one.Month - 1, one.Stock.Stream, one.Stock.Input) equals (before.Month, before.Stock.Stream, before.Stock.Input)
        let closed = before.In(one.Unit, before.Stock.Closing)
        let opened = one.In(one.Unit, one.Stock.Opening)
        where closed is not null && opened is not null && closed != opened
        select new CheckResult(
            Code, $"Month {one.Month} begins with {opened} {one.Unit} of stream {one.Stock.Stream}, and month {before.Month} ended with {closed} {one.Unit}.", Severity,
            $"months/{one.Month}/stocks/{one.Stock.Stream}/{one.Stock.Input}", Values(("closing", closed), ("opening", opened), ("unit", one.Unit)));
}
