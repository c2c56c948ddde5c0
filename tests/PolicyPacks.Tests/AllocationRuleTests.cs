using System.Text.Json.Nodes;
using static CarbonMarket.PolicyPacks.Tests.ShippedPacks;

namespace CarbonMarket.PolicyPacks.Tests;

public sealed class AllocationRuleTests
{
    private const string Allocation = "$.versions[0].allocation";

    [Fact]
    public void Gansu_has_its_fourteen_prefectures_and_the_new_area_within_Lanzhou()
    {
        var divisions = Gansu.Allocation.Divisions;
        divisions.Count(division => division.Within == "620000").ShouldBe(14);
        divisions.Single(division => division.Code == "620100-LZXQ").Within.ShouldBe("620100");
    }

    [Theory]
    [InlineData("biomass", 2024, Treatment.NotAllocated)]
    [InlineData("biomass", 2025, Treatment.AsVerified)]
    [InlineData("below-threshold", 2024, Treatment.ByFormula)]
    [InlineData("below-threshold", 2026, Treatment.AsVerified)]
    [InlineData("unheard-of", 2026, Treatment.ByFormula)]
    [InlineData(null, 2026, Treatment.ByFormula)]
    public void A_special_case_is_treated_by_the_rules_of_its_year(string? specialCase, int year, Treatment treatment) =>
        Gansu.Allocation.Treatment(specialCase, year).ShouldBe(treatment);

    [Theory]
    [InlineData("closed", "gas", 2024, false)]
    [InlineData("closed", "gas", 2025, true)]
    [InlineData("closed", "cement", 2025, true)]
    [InlineData("closed", "energy-benchmark", 2025, false)]
    [InlineData("new", "gas", 2025, false)]
    [InlineData(null, "gas", 2025, false)]
    public void What_was_shut_before_the_final_allocation_goes_to_the_province_by_the_rules_of_its_year(string? specialCase, string category, int year, bool inTrust) =>
        (Gansu.Allocation.TreatmentOf(specialCase, [category], year) is { InTrust: true }).ShouldBe(inTrust);

    [Theory]
    [InlineData("new", 2025, true, "steel", "cement", "aluminium", "gas", "coal-unconventional")]
    [InlineData("new", 2025, false, "energy-benchmark", "energy-historical")]
    [InlineData("below-threshold", 2026, false, "energy-benchmark", "energy-historical")]
    [InlineData("new", 2024, true, "gas", "coal-conventional-over-300mw", "coal-conventional-to-300mw", "coal-unconventional")]
    [InlineData("new", 2024, false, "steel", "cement", "aluminium")]
    [InlineData("closed", 2024, false, "steel", "cement", "aluminium")]
    [InlineData("white-cement", 2025, true, "cement")]
    [InlineData("white-cement", 2025, false, "steel", "gas")]
    public void A_special_case_is_one_of_the_categories_its_rule_is_for(string specialCase, int year, bool holds, params string[] categories)
    {
        foreach (var category in categories)
            (Gansu.Allocation.TreatmentOf(specialCase, [category], year) is not null).ShouldBe(holds, category);
    }

    [Fact]
    public void Units_reported_together_are_a_special_case_only_if_its_rule_is_for_each_of_them()
    {
        (Gansu.Allocation.TreatmentOf("igcc", ["gas", "coal-unconventional"], 2025) is not null).ShouldBeTrue();
        (Gansu.Allocation.TreatmentOf("igcc", ["gas", "steel"], 2025) is not null).ShouldBeFalse();
    }

    [Fact]
    public void A_rule_is_for_categories_that_there_are_in_its_years()
    {
        FaultsAfter("gansu", pack => Part(pack, "specialCases", 7)["treatments"]![1]!["categories"] = new JsonArray("tea")).ShouldHaveSingleItem()
            .Path.ShouldBe(Allocation + ".specialCases[7].treatments[1].categories[0]");
        FaultsAfter("gansu", pack => Part(pack, "specialCases", 7)["treatments"]![0]!["categories"] = new JsonArray("gas", "energy-benchmark")).ShouldHaveSingleItem()
            .Path.ShouldBe(Allocation + ".specialCases[7].treatments[0].categories[1]");
    }

    [Fact]
    public void A_rule_that_names_no_categories_is_for_all_of_them()
    {
        new TreatmentOfYears(2025, 2026, Treatment.AsVerified).IsFor(["gas"]).ShouldBeTrue();
        FaultsAfter("gansu", pack => ((JsonObject)Part(pack, "specialCases", 7)["treatments"]![1]!).Remove("categories")).ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_goes_to_a_province_that_has_no_account()
    {
        var fault = FaultsAfter("gansu", pack => pack.FirstVersion()["registry"]!["transactionTypes"]!.AsArray()
            .Single(type => type!["id"]!.GetValue<string>() == "allocation")!["to"]!.AsArray().RemoveAt(1)).ShouldHaveSingleItem();
        fault.Path.ShouldStartWith(Allocation + ".specialCases[");
        fault.Path.ShouldEndWith("].treatments[1].inTrust");
    }

    [Fact]
    public void A_pack_that_says_nothing_of_allocation_has_given_amounts_only() => Uk.Allocation.Categories.ShouldBeEmpty();

    [Fact]
    public void Divisions_instruments_and_years_are_checked()
    {
        FaultsAfter("gansu", pack => Part(pack, "divisions", 1)["within"] = "990000").ShouldHaveSingleItem().Path.ShouldBe(Allocation + ".divisions[1].within");
        FaultsAfter("gansu", pack => Part(pack, "divisions", 2)["code"] = "620300").ShouldHaveSingleItem().Problem.ShouldContain("there twice");
        FaultsAfter("gansu", pack => Part(pack, "categories", 0)["instrument"] = "TEA").ShouldHaveSingleItem().Path.ShouldBe(Allocation + ".categories[0].instrument");
        FaultsAfter("gansu", pack => pack.FirstVersion()["allocation"]!["categories"]!.AsArray().Add(Part(pack, "categories", 0).DeepClone()))
            .ShouldHaveSingleItem().Problem.ShouldContain("overlaps");
        FaultsAfter("gansu", pack => Part(pack, "specialCases", 0)["treatments"]![0]!["lastYear"] = 2025).ShouldHaveSingleItem().Problem.ShouldContain("overlaps");
        FaultsAfter("gansu", pack => Part(pack, "specialCases", 0)["treatments"]![0]!["treatment"] = "generously").ShouldNotBeEmpty();
    }

    private static JsonNode Part(JsonObject pack, string list, int index) => pack.FirstVersion()["allocation"]![list]![index]!;
}
