using System.Globalization;
using CarbonMarket.Allocation.Plans;
using CarbonMarket.Calculation;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CsCheck;

namespace CarbonMarket.Allocation.Computing;

/// <summary>Worked examples of the allocation plans, entity by entity, and what holds of all of them.</summary>
public sealed class AllocationRunSpecs
{
    private const string CoalOver = "coal-conventional-over-300mw";
    private const string CoalTo = "coal-conventional-to-300mw";
    private const string Unconventional = "coal-unconventional";

    private static readonly UnitInput Chp = Year.Unit(CoalOver, ("generation", 3_200_000, "MWh"), ("heat", 1_500_000, "GJ"), ("loadFactor", 62.5m, "%"));

    [Fact]
    public void A_heat_and_power_plant_gets_its_benchmark_with_load_correction_less_what_was_issued_before()
    {
        var figure = Year.Of(2024, Stage.Final, Year.Entity(2_741_318, Chp) with { Before = 1_881_889, BeforePlan = Guid.Empty }).Figure();
        (figure.UnitTotal, figure.Allowances, figure.Issued, figure.Returned).ShouldBe((2_821_548, 2_821_548, 939_659, 0));
        figure.Units.Single().Traces.Length.ShouldBe(1);
        figure.Traces.Length.ShouldBe(2);
    }

    [Fact]
    public void Its_pre_allocation_is_seven_tenths_of_last_years_emissions() =>
        Year.Of(2024, Stage.PreAllocation, Year.Entity(null, Year.Unit(CoalOver, ("previousVerified", 2_688_413, "tCO2")))).Figure().Issued.ShouldBe(1_881_889);

    [Fact]
    public void The_province_may_set_the_share_lower() => (Year.Of(2025, Stage.PreAllocation, Year.Entity(null, Year.Unit(CoalOver, ("previousVerified", 1001, "tCO2"))))
        with { Share = 0.4m }).Figure().Issued.ShouldBe(400);

    [Theory]
    [InlineData(null)]
    [InlineData("0.4")]
    public void What_is_new_waits_for_its_final_figure_whatever_share_the_province_set(string? share)
    {
        var plant = Year.Entity(null, Year.Unit(CoalOver, ("previousVerified", 1000, "tCO2")), Year.Unit(CoalOver) with { InstallationId = Number(1), SpecialCase = "new" });
        var pre = Year.Of(2025, Stage.PreAllocation, plant) with { Share = share is null ? null : decimal.Parse(share, CultureInfo.InvariantCulture) };
        pre.Figure().Units.Select(unit => unit.Allowances).ShouldBe([share is null ? 500 : 400, 0]);
    }

    [Fact]
    public void A_shortage_above_a_fifth_is_topped_up()
    {
        var figure = Year.Of(2024, Stage.Final, Year.Entity(1_020_000, Year.Unit(Unconventional, ("generation", 900_000, "MWh"), ("heat", 600_000, "GJ")))).Figure();
        (figure.UnitTotal, figure.Allowances).ShouldBe((803_940, 816_000));
    }

    [Fact]
    public void A_gas_unit_gets_at_least_what_it_emitted()
    {
        var figure = Year.Of(2024, Stage.Final, Year.Entity(181_500, Year.Unit("gas", ("generation", 500_000, "MWh"), ("heat", 200_000, "GJ")))).Figure();
        (figure.UnitTotal, figure.Units.Single().Traces.Length).ShouldBe((181_500, 2));
    }

    [Fact]
    public void Low_load_is_corrected_by_the_draft_of_2025() =>
        Year.Of(2025, Stage.Final, Year.Entity(900_000, Year.Unit(CoalTo, ("generation", 1_000_000, "MWh"), ("heat", 0, "GJ"), ("loadFactor", 45, "%"))))
            .Figure().Allowances.ShouldBe(902_761);

    [Theory]
    [InlineData("steel", 4_000_000, "1.52", "1.60", 4_030_000)]
    [InlineData("cement", 1_234_567, "0.867", "0.80", 1_219_057)]
    [InlineData("cement", 1_234_567, "0.98", "0.80", 1_197_529)]
    public void Industry_is_allocated_by_intensity_against_the_balance_value(string industry, long verified, string intensity, string balance, long allowances) =>
        Year.Of(2025, Stage.Final, Year.Entity(verified, Year.Unit(industry, ("intensity", decimal.Parse(intensity, CultureInfo.InvariantCulture), "tCO2/t")))).Balanced(industry, decimal.Parse(balance, CultureInfo.InvariantCulture))
            .Figure().Allowances.ShouldBe(allowances);

    [Fact]
    public void Without_a_published_balance_value_there_is_no_final_figure() =>
        Year.Of(2025, Stage.Final, Year.Entity(4_000_000, Year.Unit("steel", ("intensity", 1.52m, "tCO2/t")))).Obstacles().ShouldBe(["balance-value-not-published"]);

    [Fact]
    public void In_2024_industry_is_allocated_what_was_verified() =>
        Year.Of(2024, Stage.Final, Year.Entity(1_234_567, Year.Unit("cement"))).Figure().Allowances.ShouldBe(1_234_567);

    [Fact]
    public void Energy_quota_is_pre_issued_by_six_tenths_and_trued_up()
    {
        var mill = Year.Unit("energy-benchmark", ("expected", 10_000, "tce"), ("output", 30_000, "t"), ("benchmark", 0.3m, "tce/t"));
        var pre = Year.Of(2025, Stage.PreAllocation, Year.Entity(null, mill)) with { Instrument = "TCE-2025" };
        pre.Figure().Issued.ShouldBe(6000);
        var final = Year.Of(2025, Stage.Final, Year.Entity(null, mill) with { Before = 6000, BeforePlan = Guid.Empty }) with { Instrument = "TCE-2025" };
        final.Figure().Issued.ShouldBe(3000);
    }

    [Fact]
    public void Units_reported_together_take_the_least_favourable_category()
    {
        var merged = Chp with { Categories = [CoalOver, CoalTo] };
        Year.Of(2024, Stage.Final, Year.Entity(2_741_318, merged)).Figure().Units.Single().Category.ShouldBe(CoalOver);
        Year.Of(2024, Stage.Final, Year.Entity(2_741_318, merged with { Categories = [Unconventional, CoalTo] })).Figure().Units.Single().Category.ShouldBe(CoalTo);
    }

    [Theory]
    [InlineData(2024, "biomass", Treatment.NotAllocated, 0)]
    [InlineData(2025, "biomass", Treatment.AsVerified, 500_000)]
    [InlineData(2024, "new", Treatment.NotAllocated, 0)]
    [InlineData(2025, "closed", Treatment.AsVerified, 500_000)]
    public void What_a_special_case_gets_depends_on_the_year(int year, string specialCase, Treatment treatment, long allowances)
    {
        var figure = Year.Of(year, Stage.Final, Year.Entity(500_000, Chp with { SpecialCase = specialCase })).Figure();
        (figure.Units.Single().Treatment, figure.Allowances).ShouldBe((treatment, allowances));
    }

    [Fact]
    public void A_final_figure_below_the_pre_allocation_is_returned_and_never_negative()
    {
        var figure = Year.Of(2024, Stage.Final, Year.Entity(2_741_318, Chp) with { Before = 3_000_000 }).Figure();
        (figure.Issued, figure.Returned).ShouldBe((0, 178_452));
    }

    [Fact]
    public void What_is_withheld_is_computed_and_not_issued()
    {
        var figure = Year.Of(2024, Stage.Final, Year.Entity(2_741_318, Chp) with { Withheld = "frozen by a court" }).Figure();
        (figure.Allowances, figure.Issued, figure.Withheld).ShouldBe((2_821_548, 0, 2_821_548));
    }

    [Fact]
    public void What_is_withheld_in_trust_is_issued_to_the_province_at_the_final_stage_only()
    {
        var plant = Year.Entity(2_741_318, Chp) with { Withheld = "arrears", InTrust = true };
        var final = Year.Of(2024, Stage.Final, plant with { Before = 100 }).Figure();
        (final.Issued, final.InTrust, final.Withheld, final.Change).ShouldBe((0, 2_821_448, 0, 2_821_448));
        var pre = Year.Of(2024, Stage.PreAllocation, plant with { Units = [Year.Unit(CoalOver, ("previousVerified", 1000, "tCO2"))] }).Figure();
        (pre.Issued, pre.InTrust, pre.Withheld).ShouldBe((0, 0, 700));
        var lower = Year.Of(2024, Stage.Final, plant with { Before = 3_000_000 }).Figure();
        (lower.Returned, lower.InTrust).ShouldBe((178_452, 0));
    }

    [Theory]
    [InlineData(2024, 0)]
    [InlineData(2025, 500_000)]
    public void What_a_shut_unit_is_still_allocated_goes_to_the_province_where_the_regulator_says_so(int year, long inTrust)
    {
        var shut = Year.Entity(500_000, Chp with { SpecialCase = "closed" }) with { Withheld = "shut in July", InTrust = true };
        var figure = Year.Of(year, Stage.Final, shut).Figure();
        (figure.Issued, figure.Withheld, figure.InTrust).ShouldBe((0, 0, inTrust));
    }

    [Fact]
    public void What_is_still_issued_for_a_unit_that_was_shut_goes_to_the_province_by_itself()
    {
        var shut = Year.Entity(500_000, Chp with { SpecialCase = "closed", InTrust = true });
        var figure = Year.Of(2025, Stage.Final, shut with { Before = 200_000 }).Figure();
        (figure.Allowances, figure.Issued, figure.InTrust, figure.Change).ShouldBe((500_000, 0, 300_000, 300_000), "what it had before the final allocation stays with it");
        AllocationPlan.LinesOf([figure]).ShouldHaveSingleItem().ShouldBe(new PlanLine(figure.ParticipantId, Quantity.Of(300_000), InTrust: true));
        Year.Of(2025, Stage.Final, shut with { Before = 600_000 }).Figure().ShouldSatisfyAllConditions(
            lower => lower.Returned.ShouldBe(100_000, "it owes what was too much"), lower => lower.InTrust.ShouldBe(0));
        Year.Of(2025, Stage.Final, shut with { Withheld = "frozen by a court" }).Figure().ShouldSatisfyAllConditions(
            withheld => withheld.Withheld.ShouldBe(500_000), withheld => withheld.InTrust.ShouldBe(0));
    }

    [Fact]
    public void Who_runs_another_unit_on_is_issued_what_is_not_the_shut_ones()
    {
        UnitInput Line(int number, decimal verified) => Year.Unit("cement", ("verified", verified, "tCO2")) with { InstallationId = new Guid(number, 0, 0, new byte[8]), SpecialCase = "closed" };
        EntityInput Works(decimal shut, long before, long beforeInTrust) => Year.Entity(shut + 700, Line(1, shut) with { InTrust = true }, Line(2, 700)) with { Before = before, BeforeInTrust = beforeInTrust };
        var final = Year.Of(2025, Stage.Final, Works(300, 400, 0)).Figure();
        (final.Issued, final.InTrust).ShouldBe((300, 300));
        AllocationPlan.LinesOf([final]).Select(line => (line.Quantity.Value, line.InTrust)).ShouldBe([(300, false), (300, true)]);
        var little = Year.Of(2025, Stage.Final, Works(300, 900, 0)).Figure();
        (little.Issued, little.InTrust).ShouldBe((0, 100), "the province never gets more than is issued");
        var adjusted = Year.Of(2025, Stage.Adjustment, Works(350, 1_000, 300) with { HasFinal = true }).Figure();
        (adjusted.Issued, adjusted.InTrust).ShouldBe((0, 50));
    }

    [Fact]
    public void Stages_follow_one_another()
    {
        Year.Of(2024, Stage.Final, Year.Entity(2_741_318, Chp) with { HasFinal = true }).Obstacles().ShouldBe(["final-stands"]);
        Year.Of(2024, Stage.Adjustment, Year.Entity(2_741_318, Chp)).Obstacles().ShouldBe(["no-final-figure"]);
    }

    [Fact]
    public void What_is_missing_or_contradicts_itself_stands_against_it()
    {
        Year.Of(2024, Stage.Final, Year.Entity(null, Chp)).Obstacles().ShouldBe(["no-accepted-figure"]);
        Year.Of(2024, Stage.Final, Year.Entity(2_741_318)).Obstacles().ShouldBe(["no-installation"]);
        Year.Of(2024, Stage.Final, Year.Entity(2_741_318, Year.Unit(CoalOver))).Obstacles().ShouldBe(["not-computable"]);
        Year.Of(2024, Stage.Final, Year.Entity(2_741_318, Year.Unit(CoalOver, ("generation", 1, "GJ"), ("heat", 1, "t"), ("loadFactor", 1, "%")))).Obstacles()
            .ShouldBe(["not-computable"]);
        Year.Of(2030, Stage.Final, Year.Entity(2_741_318, Chp)).Obstacles().ShouldBe(["no-method"]);
        Year.Of(2024, Stage.Final, Year.Entity(1001, Filed(1, 500), Filed(2, 500))).Obstacles().ShouldBe(["unit-figures-differ"]);
    }

    [Fact]
    public void The_rule_for_entities_reckons_with_the_units_that_take_part()
    {
        // 300 000 t of biomass are out in 2024: the floor is 80 % of the other 500 000 t.
        var figure = Year.Of(2024, Stage.Final, Year.Entity(800_000, Filed(1, 500_000), Filed(2, 300_000) with { SpecialCase = "biomass" })).Figure();
        (figure.UnitTotal, figure.Allowances).ShouldBe((8_244 + 0, 400_000));
    }

    [Theory]
    [InlineData(Unconventional)]
    [InlineData("gas")]
    [InlineData("cement")]
    public void An_entity_with_units_that_are_not_classified_says_what_those_that_are_have_emitted(string category)
    {
        var unit = Year.Unit(category, ("generation", 10_000, "MWh"), ("heat", 0, "GJ"));
        var works = Year.Entity(1_000_000, unit) with { HasOthers = true };
        Year.Of(2024, Stage.Final, works).Obstacles().ShouldContain("no-accepted-figure");
        Year.Of(2024, Stage.Final, works with { Units = [Verified(600_000)] }).Figure().Allowances.ShouldBe(category == Unconventional ? 480_000 : 600_000);
        Year.Of(2024, Stage.Final, works with { Units = [Verified(1_000_001)] }).Obstacles().ShouldBe(["unit-figures-differ"]);

        UnitInput Verified(decimal tonnes) => unit with { Figures = unit.Figures.Add("verified", Year.Given(tonnes, "tCO2")) };
    }

    [Fact]
    public void The_rule_for_entities_reckons_with_all_units_only_where_all_are_classified() =>
        Year.Of(2024, Stage.Final, Year.Entity(1_000_000, Filed(1, 500_000), Filed(2, 300_000)) with { HasOthers = true }).Figure().Allowances.ShouldBe(640_000);

    [Theory]
    [InlineData("50", "10^4tCO2", "300000", "tCO2")]
    [InlineData("500000", "tCO2", "30", "10^4tCO2")]
    public void The_rule_for_entities_adds_what_units_filed_in_different_units_of_measure(string one, string oneUnit, string other, string otherUnit)
    {
        // 200 000 t of biomass are out in 2024: the floor is 80 % of the other 800 000 t.
        var figure = Year.Of(2024, Stage.Final, Year.Entity(
            1_000_000, Filed(1, decimal.Parse(one, CultureInfo.InvariantCulture), oneUnit), Filed(2, decimal.Parse(other, CultureInfo.InvariantCulture), otherUnit),
            Filed(3, 200_000) with { SpecialCase = "biomass" })).Figure();
        figure.Allowances.ShouldBe(640_000);
    }

    [Fact]
    public void Every_category_finds_its_methods_in_every_of_its_years()
    {
        foreach (var category in Year.Gansu.Allocation.Categories)
        {
            var pack = MethodPacks.Newest(category.MethodPack);
            foreach (var year in Enumerable.Range(category.FirstYear, category.LastYear - category.FirstYear + 1))
            {
                foreach (var method in ((string?[])[category.Method, category.Pre, category.Floor, category.Entity, category.Issue.Method]).OfType<string>())
                    pack.Method(method, year).ShouldNotBeNull($"{category.Id} {year} {method}");
                var issue = pack.Method(category.Issue.Method, year)!;
                issue.Inputs.Select(input => input.Name).ShouldBe([category.Issue.Final, category.Issue.Before]);
                foreach (var known in Year.Gansu.Allocation.SpecialCases.Where(known => Year.Gansu.Allocation.TreatmentOf(known.Id, [category.Id], year)?.Treatment == Treatment.AsVerified))
                    pack.Method("as-verified", year).ShouldNotBeNull($"{category.Id} {year} {known.Id}");
            }
        }
    }

    [Fact]
    public void Units_make_the_entity_and_every_trace_is_computed_again_to_the_same() => Entities.Sample(
        entity =>
        {
            var input = Year.Of(2024, Stage.Final, entity);
            var (once, again) = (Year.Run(input).Entities().Single(), Year.Run(input).Entities().Single());
            if (once.Figure is not { } figure)
                return;
            figure.Units.Sum(unit => unit.Allowances).ShouldBe(figure.UnitTotal);
            figure.Allowances.ShouldBeGreaterThanOrEqualTo(figure.UnitTotal);
            (figure.Before + figure.Issued - figure.Returned).ShouldBe(figure.Allowances);
            figure.SaysTheSame(again.Figure).ShouldBeTrue();
            once.Traces.Select(trace => trace.Hash()).ShouldBe([.. figure.Units.SelectMany(unit => unit.Traces), .. figure.Traces]);
            foreach (var trace in once.Traces)
                Recomputation.Recompute(Trace.FromJson(trace.ToJson()), MethodPacks.Find(trace.Pack, trace.PackVersion)!).ShouldBeNull();
        },
        iter: 200);

    private static readonly string[] Categories = [CoalOver, CoalTo, Unconventional, "gas"];

    private static readonly Gen<EntityInput> Entities =
        from units in Gen.Select(Gen.Int[0, 3_000_000], Gen.Int[0, 2_000_000], Gen.Int[0, 100], Gen.Int[0, 3].Select(place => Categories[place]), Gen.Int[1, 4_000_000]).Array[1, 4]
        from before in Gen.Long[0, 5_000_000]
        select Year.Entity(
            units.Sum(unit => (decimal)unit.Item5),
            [
                .. units.Select((unit, number) => (unit.Item4 is CoalOver or CoalTo
                    ? Year.Unit(unit.Item4, ("generation", unit.Item1, "MWh"), ("heat", unit.Item2, "GJ"), ("loadFactor", unit.Item3, "%"), ("verified", unit.Item5, "tCO2"))
                    : Year.Unit(unit.Item4, ("generation", unit.Item1, "MWh"), ("heat", unit.Item2, "GJ"), ("verified", unit.Item5, "tCO2"))) with { InstallationId = Number(number) }),
            ]) with { Before = before };

    private static UnitInput Filed(int number, decimal verified, string unit = "tCO2") =>
        Year.Unit(Unconventional, ("generation", 10_000, "MWh"), ("heat", 0, "GJ"), ("verified", verified, unit)) with { InstallationId = Number(number) };

    private static Guid Number(int number) => new(number + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);
}
