using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>A unit supplied as much heat as its boiler gave, or more: some of it is always lost or becomes power [V:S7].</summary>
internal sealed class HeatSuppliedAboveBoiler : ICheck
{
    public string Code => "heat-supplied-above-boiler";

    public Severity Severity => Severity.Error;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from one in year.UnitMonths()
        where one.Said.HeatSuppliedGj > 0 && one.Said.HeatSuppliedGj >= one.Said.BoilerHeatGj
        select new CheckResult(
            Code, $"Unit {one.Unit.Code} supplied {one.Said.HeatSuppliedGj} GJ in month {one.Month}, and its boiler gave {one.Said.BoilerHeatGj} GJ.", Severity,
            $"months/{one.Month}/units/{one.Unit.Code}/heatSuppliedGj", Values(("heatSuppliedGj", one.Said.HeatSuppliedGj), ("boilerHeatGj", one.Said.BoilerHeatGj)));
}
