using CarbonMarket.Allocation.Computing;

namespace CarbonMarket.Allocation.Plans;

/// <summary>What may be asked of a computation.</summary>
public sealed class ComputePlanSpecs
{
    [Theory]
    [InlineData(2025, "pre-allocation", "CEA-2025")]
    [InlineData(2026, "pre-allocation", "TCE-2026")]
    public void The_province_sets_a_share_where_the_rules_let_it(int year, string stage, string instrument) => Faults(year, stage, instrument).ShouldBeEmpty();

    [Theory]
    [InlineData(2024, "pre-allocation", "CEA-2024", "the share of 2023 and 2024 is the law's")]
    [InlineData(2025, "final", "CEA-2025", "the final stage is by formula")]
    [InlineData(2025, "adjustment", "TCE-2025", "as is what adjusts it")]
    public void A_share_that_would_change_nothing_is_refused(int year, string stage, string instrument, string because) =>
        Faults(year, stage, instrument).ShouldBe(["$.share share-not-used"], because);

    private static IEnumerable<string> Faults(int year, string stage, string instrument) =>
        ComputePlan.Check(new ComputePlan.Request { Year = year, Stage = stage, Instrument = instrument, Share = 0.5m }, Year.Gansu).All.Select(fault => $"{fault.Path} {fault.Code}");
}
