using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.Allocation.AcceptedEmissions;
using CarbonMarket.Allocation.CoveredEntities;
using CarbonMarket.Allocation.Installations;
using CarbonMarket.Allocation.Plans;
using CarbonMarket.Kernel;
using static CarbonMarket.Allocation.Installations.InstallationEvent;

namespace CarbonMarket.Allocation.Computing;

/// <summary>What a year of Gansu is computed from, taken from what was recorded.</summary>
public sealed class AllocationGatheringSpecs
{
    private const string Market = "gansu";
    private const string Coal = "coal-conventional-over-300mw";
    private const string Cement = "cement";
    private static readonly Guid Plant = Guid.Parse("11111111-1111-4111-8111-111111111111");
    private static readonly Guid Heir = Guid.Parse("22222222-2222-4222-8222-222222222222");
    private static readonly Guid Old = Guid.Parse("33333333-3333-4333-8333-333333333333");
    private static readonly Guid Young = Guid.Parse("44444444-4444-4444-8444-444444444444");
    private static readonly DateTimeOffset Noon = new(2025, 4, 1, 4, 0, 0, TimeSpan.Zero);

    /// <summary>Half past midnight of 21 September in Gansu.</summary>
    private static readonly DateTimeOffset Approval = new(2025, 9, 20, 16, 30, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Spring = new(2026, 3, 10, 4, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2025-09-21", "closed")]
    [InlineData("2025-09-22", null)]
    [InlineData("2026-02-01", null)]
    public void An_adjustment_treats_a_unit_as_shut_only_if_it_was_when_the_final_allocation_was_approved(string shut, string? special) =>
        Adjusted(Closed(shut), FinalPlan(Old, Approval)).Units.Single().SpecialCase.ShouldBe(special);

    [Fact]
    public void A_second_adjustment_looks_at_the_day_of_the_final_allocation_too() =>
        Adjusted(Closed("2026-02-01"), FinalPlan(Old, Approval), FinalPlan(Young, Spring) with { ApprovedAt = Spring.AddDays(-1) })
            .Units.Single().SpecialCase.ShouldBeNull();

    [Fact]
    public void The_final_stage_treats_a_unit_as_shut_from_the_day_it_was() => Gathered(new(2024, Stage.Final, "CEA-2024", null, null), Spring, [Closed("2026-02-01")])
        .Entities.Single().Units.Single().SpecialCase.ShouldBe("closed");

    [Theory]
    [InlineData(2024, "closed", false)]
    [InlineData(2025, "closed", true)]
    public void What_a_shut_unit_is_finally_allocated_goes_to_the_province_by_the_rules_of_its_year(int year, string special, bool inTrust) =>
        OnlyUnit(year, Covered(Plant), Closed("2026-02-01")).ShouldSatisfyAllConditions(unit => unit.SpecialCase.ShouldBe(special), unit => unit.InTrust.ShouldBe(inTrust));

    [Theory]
    [InlineData("2026-03-10", true)]
    [InlineData("2026-03-11", false)]
    public void The_units_of_an_entity_that_has_closed_are_shut_with_it(string closedOn, bool shut)
    {
        var day = DateOnly.Parse(closedOn, CultureInfo.InvariantCulture);
        var closed = CoveredEntity.After(Covered(Plant), new CoveredEntityEvent.CoverageEnded(
            Market, Plant, ComplianceYear.Of(2021), ComplianceYear.Of(2026), "closed", day, null, Noon));
        OnlyUnit(2025, closed, Unit(Old, Coal)).ShouldSatisfyAllConditions(unit => unit.SpecialCase.ShouldBe(shut ? "closed" : null), unit => unit.InTrust.ShouldBe(shut));
        OnlyUnit(2025, closed, After(Unit(Old, Coal), new InstallationTransferred(Market, Old, Plant, Heir, ComplianceYear.Of(2026), Noon)))
            .ShouldSatisfyAllConditions(unit => unit.SpecialCase.ShouldBeNull("it runs on with its heir"), unit => unit.InTrust.ShouldBeFalse());
    }

    [Fact]
    public void A_unit_that_is_shut_goes_to_the_province_whatever_other_case_it_is() =>
        OnlyUnit(2025, Covered(Plant), After(Closed("2026-02-01"), new InstallationClassified(Market, Old, Plant, ComplianceYear.Of(2025), [Coal], "biomass", Noon)))
            .ShouldSatisfyAllConditions(unit => unit.SpecialCase.ShouldBe("biomass"), unit => unit.InTrust.ShouldBeTrue());

    [Fact]
    public void New_and_shut_lines_of_industry_are_allocated_as_all_others_in_2024_for_the_plan_of_power_stations_is_none_of_theirs()
    {
        OnlyUnit(2024, Covered(Plant), Unit(Old, Cement, firstYear: 2024)).SpecialCase.ShouldBeNull();
        OnlyUnit(2024, Covered(Plant), Closed("2026-02-01", Cement)).SpecialCase.ShouldBeNull();
        OnlyUnit(2024, Covered(Plant), Unit(Old, Coal, firstYear: 2024)).SpecialCase.ShouldBe("new");
    }

    [Theory]
    [InlineData(2024, "closed", false)]
    [InlineData(2025, "emergency-back-up", true)]
    public void A_case_of_which_the_rules_of_the_year_say_nothing_does_not_hide_that_the_unit_is_shut(int year, string special, bool inTrust) =>
        OnlyUnit(year, Covered(Plant), After(Closed("2026-02-01"), BackUp())).ShouldSatisfyAllConditions(
            unit => unit.SpecialCase.ShouldBe(special), unit => unit.InTrust.ShouldBe(inTrust));

    [Theory]
    [InlineData(2023, null)]
    [InlineData(2024, "new")]
    public void Nor_that_it_is_new(int firstYear, string? special) =>
        OnlyUnit(2024, Covered(Plant), After(Unit(Old, Coal, firstYear: firstYear), BackUp())).SpecialCase.ShouldBe(special);

    [Theory]
    [InlineData(0, "new")]
    [InlineData(1, null)]
    public void A_unit_that_emitted_the_year_before_it_is_known_from_is_not_new(decimal before, string? special) =>
        OnlyUnit(2024, Covered(Plant), After(Unit(Old, Coal, firstYear: 2024), Filed(Old, 2024, "previousVerified", before))).SpecialCase.ShouldBe(special);

    [Fact]
    public void The_cases_of_the_carbon_plan_are_none_of_energy_use_rights()
    {
        const string Quota = "energy-benchmark";
        OnlyUnit(2025, Covered(Plant), Unit(Old, Quota, firstYear: 2025), "TCE-2025").SpecialCase.ShouldBeNull("a new line has its quota by output");
        OnlyUnit(2025, Covered(Plant), Unit(Old, Quota), "TCE-2025", Emitted(2025, 25_999)).SpecialCase.ShouldBeNull("26 000 t is the threshold of carbon");
        OnlyUnit(2025, Covered(Plant), Closed("2026-02-01", Quota), "TCE-2025").ShouldSatisfyAllConditions(
            unit => unit.SpecialCase.ShouldBeNull("what it made until then counts"), unit => unit.InTrust.ShouldBeFalse());
    }

    [Fact]
    public void An_entity_below_the_threshold_is_a_case_of_the_carbon_plan() =>
        OnlyUnit(2025, Covered(Plant), Unit(Old, Coal), figures: Emitted(2025, 25_999)).SpecialCase.ShouldBe("below-threshold");

    [Fact]
    public void An_only_unit_is_pre_allocated_from_what_its_former_owner_emitted() =>
        PreviousVerified(HandedOver(Unit(Old, Coal))).ShouldBe([1000m]);

    [Fact]
    public void A_unit_that_was_one_of_several_is_not_given_what_all_of_them_emitted() =>
        PreviousVerified(HandedOver(Unit(Old, Coal)), Unit(Young, Coal)).ShouldBe([null]);

    [Fact]
    public void Two_units_divided_between_two_owners_are_not_both_given_what_their_former_owner_emitted() =>
        PreviousVerified(HandedOver(Unit(Old, Coal)), HandedOver(Unit(Young, Coal), Guid.Parse("55555555-5555-4555-8555-555555555555"))).ShouldBe([null]);

    [Fact]
    public void An_only_unit_keeps_its_figure_when_another_joins_it() =>
        PreviousVerified(HandedOver(Unit(Old, Coal)), Unit(Young, Coal, owner: Heir, firstYear: 2024)).ShouldBe([1000m, null]);

    [Fact]
    public void A_unit_shut_years_ago_and_one_of_another_instrument_are_no_company() =>
        PreviousVerified(
            HandedOver(Unit(Old, Coal)), After(Unit(Young, Coal), new InstallationClosed(Market, Young, Plant, new DateOnly(2022, 12, 31), Noon)),
            Unit(Guid.Parse("66666666-6666-4666-8666-666666666666"), "energy-benchmark")).ShouldBe([1000m]);

    [Fact]
    public void An_only_unit_has_emitted_what_was_accepted_for_its_owner() =>
        Final(Unit(Old, Coal)).ShouldSatisfyAllConditions(plant => plant.Units.Length.ShouldBe(1), plant => plant.HasOthers.ShouldBeFalse());

    [Theory]
    [InlineData(null)]
    [InlineData(Cement)]
    public void A_unit_that_nobody_has_classified_yet_or_only_for_later_years_has_emitted_its_part(string? laterOn) =>
        Final(Unit(Old, Coal), Unclassified(Young, laterOn)).ShouldSatisfyAllConditions(
            plant => plant.Units.Single().InstallationId.ShouldBe(Old), plant => plant.HasOthers.ShouldBeTrue());

    [Fact]
    public void A_unit_of_a_rule_of_later_years_has_emitted_its_part() =>
        AllocationGathering.Gather(
            Year.Gansu, new(2023, Stage.Final, "CEA-2023", null, [Plant]), Year.Gansu.NewestMethods(),
            new MarketRecords([Covered(Plant)], [Unit(Old, Coal), Unit(Young, Cement)], [], null, []), Noon).Entities.Single().HasOthers.ShouldBeTrue();

    [Fact]
    public void What_is_entered_for_another_instrument_is_no_company_whenever_it_was() =>
        Final(Unit(Old, Coal), Unit(Young, "energy-benchmark"), Unclassified(Guid.Parse("66666666-6666-4666-8666-666666666666"), "energy-benchmark"))
            .HasOthers.ShouldBeFalse();

    [Fact]
    public void A_unit_shut_years_ago_does_not_hinder_the_final_plan_of_what_runs_on() =>
        Final(Unit(Old, Coal), ShutIn2022()).ShouldSatisfyAllConditions(
            plant => plant.Units.Single().InstallationId.ShouldBe(Old), plant => plant.HasOthers.ShouldBeFalse());

    [Fact]
    public void A_unit_shut_years_ago_counts_where_something_was_filed_of_it_all_the_same() =>
        Final(Unit(Old, Coal), After(ShutIn2022(), Filed(Young, 2024, "verified", 12))).Units.Length.ShouldBe(2);

    [Fact]
    public void Whose_units_were_all_shut_years_ago_keeps_them_so_that_what_it_was_issued_is_taken_back() =>
        Final(ShutIn2022()).Units.Single().SpecialCase.ShouldBe("closed");

    /// <summary>What the heir's units are known to have emitted in 2023, when the plant emitted 1000 t.</summary>
    private static List<decimal?> PreviousVerified(params Installation[] installations) =>
        [.. Gathered(new(2024, Stage.PreAllocation, "CEA-2024", null, [Heir]), Noon, installations)
            .Entities.Single().Units.Select(unit => unit.Figures.GetValueOrDefault("previousVerified")?.Value)];

    /// <summary>What the plant's final allocation of 2024 is computed from.</summary>
    private static EntityInput Final(params Installation[] installations) =>
        Gathered(new(2024, Stage.Final, "CEA-2024", null, [Plant]), Noon, installations).Entities.Single();

    private static UnitInput OnlyUnit(int year, CoveredEntity owner, Installation unit, string? instrument = null, params AcceptedFigures[] figures) => AllocationGathering.Gather(
        Year.Gansu, new(year, Stage.Final, instrument ?? $"CEA-{year}", null, [Plant]), Year.Gansu.NewestMethods(), new MarketRecords([owner], [unit], figures, null, []), Spring)
        .Entities.Single().Units.Single();

    private static EntityInput Adjusted(Installation unit, params AllocationPlan[] plans) =>
        Gathered(new(2024, Stage.Adjustment, "CEA-2024", null, null), Spring, [unit], plans).Entities.Single();

    private static AllocationInput Gathered(AllocationQuestion asked, DateTimeOffset at, IReadOnlyList<Installation> installations, params AllocationPlan[] plans) =>
        AllocationGathering.Gather(
            Year.Gansu, asked, Year.Gansu.NewestMethods(), new MarketRecords([Covered(Plant), Covered(Heir)], installations, [Emitted(2023, 1000)], null, plans), at);

    private static CoveredEntity Covered(Guid participant) =>
        CoveredEntity.After(null, new CoveredEntityEvent.CoverageBegan(Market, participant, ComplianceYear.Of(2021), null, Noon));

    private static AcceptedFigures Emitted(int year, long tonnes) => AcceptedFigures.After(
        null, new EmissionsNoted(Market, Plant, ComplianceYear.Of(year), Plant, 1, Tonnes.Of(tonnes), Noon), Guid.Parse("77777777-7777-4777-8777-777777777777"));

    private static AllocationPlan FinalPlan(Guid id, DateTimeOffset approvedAt)
    {
        var input = Year.Of(2024, Stage.Final, Year.Entity(1000, Year.Unit(Cement)));
        return new AllocationPlan(id, Market, ComplianceYear.Of(2024), "CEA-2024", [], "ann", Noon, "bob", approvedAt)
        {
            Computation = new Computation(input, [input.Figure()], Guid.Empty),
        };
    }

    private static Installation Closed(string day, string category = Coal) =>
        After(Unit(Old, category), new InstallationClosed(Market, Old, Plant, DateOnly.Parse(day, CultureInfo.InvariantCulture), Noon));

    private static Installation HandedOver(Installation unit, Guid? to = null) =>
        After(unit, new InstallationTransferred(Market, unit.Id, Plant, to ?? Heir, ComplianceYear.Of(2024), Noon));

    private static InstallationClassified BackUp() => new(Market, Old, Plant, ComplianceYear.Of(2023), [Coal], "emergency-back-up", Noon);

    private static Installation ShutIn2022() => After(Unit(Young, Coal), new InstallationClosed(Market, Young, Plant, new DateOnly(2022, 12, 31), Noon));

    private static ActivityFiled Filed(Guid id, int year, string figure, decimal tonnes) => new ActivityFiled(
        Market, id, Plant, ComplianceYear.Of(year), ImmutableSortedDictionary<string, ActivityFigure>.Empty.Add(figure, new ActivityFigure(tonnes, "tCO2")), null, Noon);

    private static Installation Unclassified(Guid id, string? from2025 = null)
    {
        var unit = Registered(id, Plant, 2015);
        return from2025 is null ? unit : After(unit, new InstallationClassified(Market, id, Plant, ComplianceYear.Of(2025), [from2025], null, Noon));
    }

    private static Installation Registered(Guid id, Guid owner, int firstYear) =>
        Installation.After(null, new InstallationRegistered(Market, id, owner, "Unit", ComplianceYear.Of(firstYear), Noon), id);

    private static Installation Unit(Guid id, string category, Guid? owner = null, int firstYear = 2015) => After(
        Registered(id, owner ?? Plant, firstYear),
        new InstallationClassified(Market, id, owner ?? Plant, ComplianceYear.Of(firstYear), [category], null, Noon));

    private static Installation After(Installation unit, InstallationEvent @event) => Installation.After(unit, @event, unit.Id);
}
