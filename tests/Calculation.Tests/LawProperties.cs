using CsCheck;
using static CarbonMarket.Calculation.Tests.Reckoning;

namespace CarbonMarket.Calculation.Tests;

/// <summary>What the law says of every figure, not of one example.</summary>
public sealed class LawProperties
{
    private static readonly (string Word, string Said)[] Conventional = [("unitClass", "coal-conventional-to-300mw")];
    private static readonly Gen<decimal> Cents = Gen.Long[0, 1_000_000_000].Select(value => value / 100m);
    private static readonly Gen<decimal> Load = Gen.Int[0, 10_000].Select(value => value / 100m);
    private static readonly Gen<decimal> Intensity = Gen.Int[0, 40_000].Select(value => value / 10_000m);
    private static readonly string[] Fuels = ["anthracite", "bituminous", "lignite", "coke", "diesel", "gasoline"];

    [Fact]
    public void More_fuel_never_emits_less() => Gen.Select(Cents, Cents, Gen.Int[0, Fuels.Length - 1].Select(index => Fuels[index])).Sample((one, other, fuel) =>
        Burned(Math.Min(one, other), fuel) <= Burned(Math.Max(one, other), fuel));

    [Fact]
    public void More_power_or_heat_never_earns_less() => Gen.Select(Cents, Cents, Load, Gen.Int[2023, 2026]).Sample((one, other, load, year) =>
        Unit(year, Math.Min(one, other), load) <= Unit(year, Math.Max(one, other), load));

    [Fact]
    public void The_load_correction_never_rises_with_load_and_is_never_below_one() => Gen.Select(Load, Load, Gen.Int[2023, 2026]).Sample((one, other, year) =>
    {
        var (low, high) = (Correction(year, Math.Min(one, other)), Correction(year, Math.Max(one, other)));
        return low >= high && high >= 1;
    });

    [Fact]
    public void A_lower_intensity_never_earns_less_and_nobody_leaves_the_band() => Gen.Select(Intensity, Intensity, Gen.Int[0, 10_000_000]).Sample((one, other, verified) =>
    {
        var (clean, dirty) = (Industry(Math.Min(one, other), verified), Industry(Math.Max(one, other), verified));
        return clean >= dirty && clean <= verified * 1.03m && dirty >= Math.Floor(verified * 0.97m);
    });

    [Fact]
    public void No_entity_is_short_of_more_than_a_fifth_and_none_loses_by_the_exemption() =>
        Gen.Select(Gen.Int[0, 5_000_000].List[1, 6], Gen.Int[0, 20_000_000]).Sample((units, verified) =>
        {
            var total = units.Sum(unit => (decimal)unit);
            var final = Allowances.Work("entity-final", 2024, [], ("units", string.Join(';', units.Select(unit => $"{unit} tCO2"))), ("verified", $"{verified} tCO2")).Result;
            return final >= total && final >= Math.Floor(verified * 0.8m) && final <= Math.Max(total, verified * 0.8m);
        });

    [Fact]
    public void A_trace_recomputes_equal_wherever_it_has_been() => Gen.Select(Cents, Load, Gen.Int[2023, 2026]).Sample((figure, load, year) =>
    {
        var trace = Power(year, figure, load);
        return Recomputation.Recompute(Trace.FromJson(trace.ToJson()), Allowances) is null && trace.Hash() == Power(year, figure, load).Hash();
    });

    [Fact]
    public void A_changed_figure_of_a_step_is_always_found() => Gen.Select(Cents, Load, Gen.Int[0, 3], Gen.Int[1, 1000]).Sample((figure, load, place, change) =>
    {
        var trace = Power(2024, figure, load);
        var step = trace.Steps[place];
        var changed = trace with { Steps = trace.Steps.SetItem(place, step with { Value = step.Value + change }) };
        return Recomputation.Recompute(changed, Allowances)?.Line == $"$.steps[{place}].value";
    });

    /// <summary>Every input of every shipped method, given in every unit there is.</summary>
    [Fact]
    public void A_wrong_dimension_is_always_refused_by_the_name_of_its_input()
    {
        var units = UnitAtom.All.Keys.Select(Calculation.Unit.Parse).Append(Calculation.Unit.One).ToList();
        var refused = 0;
        foreach (var (pack, method) in MethodPacks.Shipped.SelectMany(pack => pack.Methods.Select(method => (pack, method))))
        {
            foreach (var (input, unit) in method.Inputs.SelectMany(input => units.Where(unit => !unit.SameDimension(input.Unit)).Select(unit => (input, unit))))
            {
                var fault = pack.Try(method.Id, method.Years.First ?? 2025, [], (input.Name, $"1 {unit}"))
                    .Faults.SingleOrDefault(fault => fault.Field == (input.Many ? input.Name + "[0]" : input.Name)).ShouldNotBeNull();
                fault.Given.ShouldContain(unit.Dimension);
                fault.Right.ShouldContain(input.Unit.ToString());
                refused++;
            }
        }
        refused.ShouldBeGreaterThan(2000);
    }

    [Fact]
    public void All_faults_of_a_request_are_named_at_once()
    {
        var faults = Emissions.Try("combustion-ncv", 2024, Of(("fuel", "hay"), ("colour", "red")), ("quantity", "-1 t"), ("ncv", "20 GJ"), ("moisture", "1 %")).Faults;
        faults.Select(fault => fault.Field).ShouldBe(["fuel", "colour", "moisture", "quantity", "ncv", "carbonPerEnergy", "oxidationRate"]);
        Emissions.Try("alchemy", 2024, []).Faults.ShouldHaveSingleItem().Field.ShouldBe("method");
        Allowances.Try("balance-intensity", 2024, []).Faults.ShouldHaveSingleItem().Field.ShouldBe("method");
    }

    [Fact]
    public void Figures_beyond_any_decimal_are_a_fault_and_no_crash() =>
        Emissions.Try("emission-intensity", 2024, [], ("emissions", "1 tCO2"), ("output", "0 t")).Faults.ShouldHaveSingleItem().Field.ShouldBe("intensity");

    private static decimal Burned(decimal tonnes, string fuel) => Emissions.Work("combustion-ncv", 2024, Of(("fuel", fuel)), ("quantity", $"{tonnes} t")).Result;

    private static Trace Power(int year, decimal figure, decimal load) => Allowances.Work(
        "power-unit-conventional-coal", year, Conventional, ("generation", $"{figure} MWh"), ("heat", $"{figure} GJ"), ("loadFactor", $"{load} %"));

    private static decimal Unit(int year, decimal figure, decimal load) => Power(year, figure, load).Result;

    private static decimal Correction(int year, decimal load) => Power(year, 1, load).Step("loadCorrection");

    private static decimal Industry(decimal intensity, int verified) => Allowances.Work(
        "balance-intensity", 2025, Of(("industry", "cement")), ("verified", $"{verified} tCO2"), ("intensity", $"{intensity} tCO2/t"), ("balance", "0.8 tCO2/t")).Result;
}
