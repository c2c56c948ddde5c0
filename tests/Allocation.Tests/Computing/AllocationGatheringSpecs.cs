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
    private const string Cement = "cement";
    private static readonly Guid Plant = Guid.Parse("11111111-1111-4111-8111-111111111111");
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

    private static EntityInput Adjusted(Installation unit, params AllocationPlan[] plans) =>
        Gathered(new(2024, Stage.Adjustment, "CEA-2024", null, null), Spring, [unit], plans).Entities.Single();

    private static AllocationInput Gathered(AllocationQuestion asked, DateTimeOffset at, IReadOnlyList<Installation> installations, params AllocationPlan[] plans) =>
        AllocationGathering.Gather(
            Year.Gansu, asked, Year.Gansu.NewestMethods(), new MarketRecords([Covered(Plant)], installations, [], null, plans), at);

    private static CoveredEntity Covered(Guid participant) =>
        CoveredEntity.After(null, new CoveredEntityEvent.CoverageBegan(Market, participant, ComplianceYear.Of(2021), null, Noon));

    private static AllocationPlan FinalPlan(Guid id, DateTimeOffset approvedAt)
    {
        var input = Year.Of(2024, Stage.Final, Year.Entity(1000, Year.Unit(Cement)));
        return new AllocationPlan(id, Market, ComplianceYear.Of(2024), "CEA-2024", [], "ann", Noon, "bob", approvedAt)
        {
            Computation = new Computation(input, [input.Figure()], Guid.Empty),
        };
    }

    private static Installation Closed(string day) =>
        After(Unit(Old, Cement), new InstallationClosed(Market, Old, Plant, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), Noon));

    private static Installation Unit(Guid id, string category) => After(
        Installation.After(null, new InstallationRegistered(Market, id, Plant, "Unit", ComplianceYear.Of(2015), Noon), id),
        new InstallationClassified(Market, id, Plant, ComplianceYear.Of(2015), [category], null, Noon));

    private static Installation After(Installation unit, InstallationEvent @event) => Installation.After(unit, @event, unit.Id);
}
