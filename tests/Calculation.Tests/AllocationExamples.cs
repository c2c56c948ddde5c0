using static CarbonMarket.Calculation.Tests.Reckoning;

namespace CarbonMarket.Calculation.Tests;

/// <summary>The worked examples of allocation, to the last digit, from the shipped pack.</summary>
public sealed class AllocationExamples
{
    private static readonly (string Word, string Said)[] None = [];

    [Fact]
    public void A_large_unit_of_2024_sells_heat_and_runs_at_low_load()
    {
        var unit = Allowances.Work(
            "power-unit-conventional-coal", 2024, Of(("unitClass", "coal-conventional-over-300mw")),
            ("generation", "3,200,000 MWh"), ("heat", "1,500,000 GJ"), ("loadFactor", "62.5 %"));
        unit.Step("loadCorrection").ShouldBe(1.053492m);
        unit.Steps.Single(step => step.Name == "electricityAllowances").Exact.ShouldBe(2_666_598.9504m);
        unit.Step("electricityAllowances").ShouldBe(2_666_598);
        unit.Step("heatAllowances").ShouldBe(154_950);
        unit.Measure.ShouldBe(Measure.Of(2_821_548, "tCO2"));

        var before = Allowances.Work("pre-allocation", 2024, None, ("previousVerified", "2,688,413 tCO2"));
        before.Result.ShouldBe(1_881_889);
        Allowances.Work("final-issue", 2024, None, ("final", "2,821,548 tCO2"), ("preAllocated", "1,881,889 tCO2")).Result.ShouldBe(939_659);
        var entity = Allowances.Work("entity-final", 2024, None, ("units", "2,821,548 tCO2"), ("verified", "2,741,318 tCO2"));
        (entity.Result - 2_741_318).ShouldBe(80_230);
        (entity.Step("topUp"), entity.Step("shortage")).ShouldBe((0, 0));
    }

    [Fact]
    public void A_fluidised_bed_of_2024_is_topped_up_to_four_fifths_of_its_emissions()
    {
        var unit = Allowances.Work(
            "power-unit-other", 2024, Of(("unitClass", "coal-unconventional")), ("generation", "900,000 MWh"), ("heat", "600,000 GJ"));
        (unit.Step("electricityAllowances"), unit.Step("heatAllowances"), unit.Result).ShouldBe((741_960, 61_980, 803_940));
        var entity = Allowances.Work("entity-final", 2024, None, ("units", "803,940 tCO2"), ("verified", "1,020,000 tCO2"));
        (entity.Step("guaranteed"), entity.Step("topUp"), entity.Result).ShouldBe((816_000, 12_060, 816_000));
        (entity.Step("shortage"), entity.Step("shortageRate")).ShouldBe((204_000, 20.00m));
    }

    [Fact]
    public void A_gas_unit_of_2024_gets_what_it_emitted()
    {
        var unit = Allowances.Work("power-unit-other", 2024, Of(("unitClass", "gas")), ("generation", "500,000 MWh"), ("heat", "200,000 GJ"));
        (unit.Step("electricityAllowances"), unit.Step("heatAllowances"), unit.Result).ShouldBe((164_400, 10_660, 175_060));
        var final = Allowances.Work("gas-unit-final", 2024, None, ("initial", "175,060 tCO2"), ("verified", "181,500 tCO2"));
        (final.Result, final.Result - unit.Result).ShouldBe((181_500, 6_440));
    }

    [Fact]
    public void A_small_unit_of_2025_runs_below_half_load()
    {
        var unit = Allowances.Work(
            "power-unit-conventional-coal", 2025, Of(("unitClass", "coal-conventional-to-300mw")),
            ("generation", "1,000,000 MWh"), ("heat", "0 GJ"), ("loadFactor", "45 %"));
        unit.Step("loadCorrection").ShouldBe(1.126059m);
        unit.Result.ShouldBe(902_761);
    }

    [Theory]
    [InlineData("steel", "4,000,000", "1.5200", "1.6000", "0.05", "0.0075", 4_030_000)]
    [InlineData("cement", "1,234,567", "0.8670", "0.8000", "-0.08375", "-0.0125625", 1_219_057)]
    [InlineData("cement", "1,234,567", "0.9800", "0.8000", "-0.225", "-0.03", 1_197_529)]
    [InlineData("aluminium", "1,000,000", "1.2000", "1.5000", "0.2", "0.03", 1_030_000)]
    [InlineData("aluminium", "1,000,000", "1.8000", "1.5000", "-0.2", "-0.03", 970_000)]
    public void Industry_is_measured_against_its_balance_value(
        string industry, string verified, string intensity, string balance, string distance, string rate, int allowances)
    {
        var trace = Allowances.Work(
            "balance-intensity", 2025, Of(("industry", industry)),
            ("verified", verified + " tCO2"), ("intensity", intensity + " tCO2/t"), ("balance", balance + " tCO2/t"));
        (trace.Step("distance"), trace.Step("rate"), trace.Result).ShouldBe((Number(distance), Number(rate), allowances));
    }

    [Fact]
    public void The_load_correction_of_2025_follows_the_draft()
    {
        Correction(2025, "40 %").ShouldBe(1.160254m);
        Correction(2026, "45 %").ShouldBe(1.126059m);
        Correction(2025, "50 %").ShouldBe(1);
    }

    [Fact]
    public void The_load_correction_of_2023_falls_to_one_at_65_percent_whether_said_as_percent_or_as_fraction()
    {
        Correction(2023, "64.999999 %").ShouldBe(1.045678m);
        Correction(2023, "65 %").ShouldBe(1);
        Correction(2023, "0.625").ShouldBe(1.053492m);
        Correction(2023, "62.5 %").ShouldBe(1.053492m);
    }

    [Fact]
    public void An_industrial_entity_of_2024_gets_what_it_emitted() =>
        Allowances.Work("as-verified", 2024, None, ("verified", "4,000,000 tCO2")).Result.ShouldBe(4_000_000);

    [Fact]
    public void Before_2023_the_benchmark_is_of_net_supply_and_generation_is_not_asked_for()
    {
        var scope = Of(("unitClass", "coal-conventional-over-300mw"));
        Allowances.Work("power-unit-conventional-coal", 2021, scope, ("netSupply", "1,000 MWh"), ("heat", "10 GJ"), ("correction", "1")).Result.ShouldBe(822);
        Allowances.Try("power-unit-conventional-coal", 2021, scope, ("generation", "1,000 MWh"), ("heat", "10 GJ"), ("correction", "1"))
            .Faults.Select(fault => fault.Field).ShouldBe(["generation", "netSupply"]);
    }

    [Fact]
    public void A_province_may_lower_the_pre_allocation_of_2025_but_not_raise_it()
    {
        Allowances.Work("pre-allocation", 2025, None, ("previousVerified", "1001 tCO2")).Result.ShouldBe(500);
        Allowances.Work("pre-allocation", 2025, None, ("previousVerified", "1001 tCO2"), ("share", "40 %")).Result.ShouldBe(400);
        Allowances.Try("pre-allocation", 2025, None, ("previousVerified", "1001 tCO2"), ("share", "60 %")).Faults.ShouldHaveSingleItem().Field.ShouldBe("share");
    }

    private static decimal Correction(int year, string load) => Allowances.Work(
        "power-unit-conventional-coal", year, Of(("unitClass", "coal-conventional-over-300mw")), ("generation", "1 MWh"), ("heat", "0 GJ"), ("loadFactor", load))
        .Step("loadCorrection");
}
