using CarbonMarket.Verification.Plans;
using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>
/// The units gave more energy than the fuel burned can have become (能量平衡) [V:S7]: power and heat of the month over fuel times net calorific
/// value. Where all units condense the limit is the lower one. Not looked at where a fuel's calorific value is not known.
/// </summary>
internal sealed class EnergyBalance : ICheck
{
    private const decimal GigajoulesPerMegawattHour = 3.6m;

    public string Code => "energy-balance";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year)
    {
        foreach (var units in year.UnitMonths().GroupBy(one => one.Month))
        {
            var limit = units.All(one => one.Unit.Kind == UnitKind.Condensing) ? year.Limits.CondensingPercent : year.Limits.CogenerationPercent;
            if (limit is null || year.FuelHeat(units.Key) is not { } fuel || fuel <= 0)
                continue;
            var percent = units.Sum(one => one.Said.GenerationMwh * GigajoulesPerMegawattHour + one.Said.HeatSuppliedGj) * 100 / fuel;
            if (percent >= limit)
                yield return new CheckResult(
                    Code, $"In month {units.Key} power and heat are {decimal.Round(percent, 2)} % of the {fuel} GJ of the fuel.", Severity, $"months/{units.Key}/units",
                    Values(("percent", decimal.Round(percent, 2)), ("fuelHeatGj", fuel), ("limit", limit)));
        }
    }
}
