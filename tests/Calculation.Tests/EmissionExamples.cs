using static CarbonMarket.Calculation.Tests.Reckoning;

namespace CarbonMarket.Calculation.Tests;

/// <summary>The worked examples of monitoring and of energy, to the last digit, from the shipped packs.</summary>
public sealed class EmissionExamples
{
    private static readonly (string Word, string Said)[] None = [];
    private static readonly (string Word, string Said)[] Calorific = [("valueBasis", "calorific-value")];

    [Fact]
    public void Coal_of_measured_carbon_content()
    {
        Emissions.Work("power-coal-carbon-content", 2025, None, ("quantity", "1,250,000.00 t"), ("carbonContent", "0.5312 tC/t"), ("oxidationRate", "99 %"))
            .Measure.ShouldBe(Measure.Of(2_410_320.00m, "tCO2"));
        Emissions.Work("combustion-carbon-content", 2025, Of(("fuel", "bituminous")), ("quantity", "1,250,000.00 t"), ("carbonContent", "0.5312 tC/t"))
            .Result.ShouldBe(2_410_320.00m);
    }

    [Fact]
    public void Fuels_of_which_nothing_was_measured_burn_by_their_published_defaults()
    {
        var coal = Emissions.Work("combustion-ncv", 2024, Of(("fuel", "bituminous")), ("quantity", "1,000.00 t"));
        coal.Result.ShouldBe(2_255.71m);
        coal.Inputs.Where(input => input.Basis == "published-default").Select(input => input.Name).ShouldBe(["ncv", "carbonPerEnergy", "oxidationRate"]);
        coal.Factors.Select(factor => factor.Source).ShouldContain("[V:S8] table A.1");
        Emissions.Work("combustion-ncv", 2024, Of(("fuel", "diesel")), ("quantity", "120.50 t")).Result.ShouldBe(373.06m);
        Emissions.Work("gas-combustion-ncv", 2024, Of(("fuel", "natural-gas")), ("quantity", "350.00 10⁴Nm³")).Result.ShouldBe(7_577.55m);
    }

    [Fact]
    public void Limestone_gives_off_carbon_dioxide() =>
        Emissions.Work("material-emissions", 2024, Of(("material", "limestone")), ("quantity", "50,000 t")).Result.ShouldBe(22_000);

    [Theory]
    [InlineData("甘肃", 4_471)]
    [InlineData("全国", 5_306)]
    [InlineData("西北", 5_543)]
    public void Purchased_power_emits_by_year_area_and_variant(string area, int emissions) =>
        Emissions.Work("purchased-electricity", 2023, Of(("area", area), ("variant", "average")), ("electricity", "10,000 MWh")).Result.ShouldBe(emissions);

    [Fact]
    public void Energy_of_an_enterprise_in_standard_coal_by_calorific_value()
    {
        var coal = Energy.Work("fuel-energy", 2025, Of(("fuel", "raw-coal")), ("quantity", "20,000 t"));
        var power = Energy.Work("electricity-energy", 2025, Calorific, ("electricity", "30,000 MWh"));
        var gas = Energy.Work("gas-energy", 2025, None, ("quantity", "2,000,000 Nm3"));
        var heat = Energy.Work("heat-energy", 2025, Calorific, ("heat", "100,000 GJ"));
        new[] { coal, power, gas, heat }.Select(trace => trace.Result).ShouldBe([14_286, 3_687, 2_660, 3_412]);
        Energy.Work("comprehensive-energy", 2025, Calorific, ("consumed", "14286 tce; 3687 tce; 2660 tce; 3412 tce"), ("delivered", ""), ("greenPower", ""), ("rawMaterial", ""))
            .Result.ShouldBe(24_045);
    }

    [Fact]
    public void Green_power_and_raw_material_are_counted_out() =>
        Energy.Work("comprehensive-energy", 2025, Calorific,
            ("consumed", "20,000 tce; 4,045 tce"), ("delivered", "45 tce"), ("greenPower", "1,229 tce"), ("rawMaterial", "2,771 tce")).Result.ShouldBe(20_000);

    [Fact]
    public void The_coal_equivalent_of_power_is_published_each_year_and_never_taken_from_the_other_basis()
    {
        var basis = Of(("valueBasis", "coal-equivalent"));
        Energy.Try("electricity-energy", 2025, basis, ("electricity", "30,000 MWh")).Faults.ShouldHaveSingleItem().Field.ShouldBe("coefficient");
        Energy.Work("electricity-energy", 2025, basis, ("electricity", "30,000 MWh"), ("coefficient", "302.5 gce/kWh")).Result.ShouldBe(9_075);
    }

    [Fact]
    public void Pilots_sell_increments_by_their_formulas()
    {
        Energy.Work("increment-henan", 2022, None,
            ("energy", "50,000 tce"), ("coefficient", "0.3"), ("intensity", "1.8 tce/10^4CNY"), ("average", "0.9 tce/10^4CNY")).Result.ShouldBe(30_000);
        Energy.Work("increment-price-shizuishan", 2025, None, ("coefficient", "0.3"), ("intensity", "3.20 tce/10^4CNY"))
            .Measure.ShouldBe(Measure.Of(32.14m, "CNY/tce"));
        Energy.Work("increment-zhejiang", 2019, None, ("energy", "7,000 tce"), ("intensity", "0.61 tce/10^4CNY")).Result.ShouldBe(7_000);
        Energy.Work("increment-zhejiang", 2019, None, ("energy", "7,000 tce"), ("intensity", "0.6 tce/10^4CNY")).Result.ShouldBe(0);
    }

    [Fact]
    public void A_quota_is_issued_to_sixty_percent_and_trued_up()
    {
        Energy.Work("quota-pre-issue", 2025, Calorific, ("expected", "10,001 tce")).Result.ShouldBe(6_000);
        Energy.Work("quota-benchmark", 2025, Calorific, ("output", "90,000 t"), ("benchmark", "0.1 tce/t")).Result.ShouldBe(9_000);
        Energy.Work("quota-historical", 2025, Calorific, ("output", "50,000 t"), ("intensity", "100 kgce/t")).Result.ShouldBe(5_000);
        Energy.Work("quota-true-up", 2025, Calorific, ("final", "5,000 tce"), ("preIssued", "6,000 tce")).Result.ShouldBe(-1_000);
    }

    [Fact]
    public void A_power_plant_that_did_not_measure_its_coal_takes_the_penalty()
    {
        var trace = Emissions.Work("power-coal-ncv", 2025, Of(("coalClass", "conventional")), ("quantity", "1,000 t"), ("oxidationRate", "99 %"));
        trace.Inputs.Where(input => input.Basis == "penalty-default").Select(input => input.Name).ShouldBe(["ncv", "carbonPerEnergy"]);
        trace.Result.ShouldBe(2_990.01m);
        Emissions.Work("power-coal-ncv", 2025, Of(("coalClass", "conventional")),
            ("quantity", "1,000 t"), ("oxidationRate", "99 %"), ("ncv", "20.000 GJ/t"), ("carbonPerEnergy", "0.02618 tC/GJ")).Result.ShouldBe(1_900.67m);
    }

    [Fact]
    public void A_meter_that_was_not_calibrated_counts_against_its_owner()
    {
        Emissions.Work("meter-correction-fuel", 2025, None, ("metered", "100,000 t"), ("deviation", "0.5 %")).Result.ShouldBe(100_500);
        Emissions.Work("meter-correction-electricity", 2025, None, ("metered", "500,000 MWh"), ("deviation", "0.5 %")).Result.ShouldBe(497_500);
    }

    [Fact]
    public void Steam_and_hot_water_are_heat()
    {
        Emissions.Work("steam-heat", 2025, None, ("quantity", "1,000 t"), ("enthalpy", "2783.74 kJ/kg")).Measure.ShouldBe(Measure.Of(2_700, "GJ"));
        Emissions.Work("hot-water-heat", 2025, None, ("quantity", "1,000 t"), ("temperature", "70 degC")).Measure.ShouldBe(Measure.Of(209.34m, "GJ"));
        Emissions.Work("purchased-heat", 2025, None, ("heat", "209.34 GJ")).Result.ShouldBe(23.03m);
    }

    [Fact]
    public void What_a_laboratory_measures_on_the_dried_sample_is_converted_to_the_coal_as_it_came()
    {
        Emissions.Work("as-received-carbon", 2025, None, ("airDriedCarbon", "0.6 tC/t"), ("airDriedMoisture", "2 %"), ("totalMoisture", "8 %")).Measure
            .ShouldBe(Measure.Of(0.56327m, "tC/t"));
        Emissions.Work(
            "as-received-ncv", 2025, None, ("airDriedGrossCalorific", "25 GJ/t"), ("airDriedHydrogen", "4 %"), ("airDriedMoisture", "2 %"), ("totalMoisture", "8 %")).Measure
            .ShouldBe(Measure.Of(22.512m, "GJ/t"));
        Emissions.Try("as-received-carbon", 2025, None, ("airDriedCarbon", "0.6 tC/t"), ("airDriedMoisture", "100 %"), ("totalMoisture", "8 %")).Faults
            .ShouldHaveSingleItem().Field.ShouldBe("airDriedMoisture");
    }

    [Fact]
    public void A_year_is_the_mean_of_its_months_by_consumption_and_a_month_that_of_its_measurements()
    {
        Emissions.Work("annual-ncv", 2025, None, ("months", "20 GJ/t; 23 GJ/t"), ("consumption", "200 t; 100 t")).Result.ShouldBe(21);
        Emissions.Work("monthly-gas-ncv", 2025, None, ("measurements", "389 GJ/10^4Nm3; 390 GJ/10^4Nm3; 390 GJ/10^4Nm3")).Result.ShouldBe(389.667m);
        Emissions.Try("annual-ncv", 2025, None, ("months", "20 GJ/t; 23 GJ/t"), ("consumption", "200 t")).Faults.ShouldHaveSingleItem().Field.ShouldBe("mean");
    }

    [Fact]
    public void A_steel_entity_balances_its_carbon()
    {
        var entity = Emissions.Work("steel-entity", 2025, None, ("fuels", "1000 tCO2; -100 tCO2"), ("carbonates", "50 tCO2"), ("electrodes", "5 tCO2"),
            ("carbonInputs", "20 tCO2"), ("carbonProducts", "75 tCO2"));
        entity.Result.ShouldBe(900);
        Emissions.Work("steel-process", 2025, None, ("inputFuels", "700 tCO2"), ("outputFuels", "100 tCO2")).Result.ShouldBe(600);
        Emissions.Work("steel-other", 2025, None, ("entity", "900 tCO2"), ("processes", "600 tCO2; 100 tCO2"), ("ownPower", "50 tCO2")).Result.ShouldBe(150);
        Emissions.Work("entity-emissions", 2025, None, ("parts", "10.25 tCO2; 0.25 tCO2")).Result.ShouldBe(11);
        Emissions.Work("emission-intensity", 2025, None, ("emissions", "1520 tCO2"), ("output", "1000 t")).Result.ShouldBe(1.5200m);
    }
}
