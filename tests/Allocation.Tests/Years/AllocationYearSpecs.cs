using CarbonMarket.Allocation.Installations;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using CsCheck;
using static CarbonMarket.Allocation.Years.AllocationYearCommand;
using static CarbonMarket.Allocation.Years.AllocationYearEvent;

namespace CarbonMarket.Allocation.Years;

public sealed class AllocationYearSpecs
{
    private const string Cea = "CEA-2025";
    private static readonly DateTimeOffset Noon = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ComplianceYear Of2025 = ComplianceYear.Of(2025);
    private static readonly ActivityFigure Value = new(1.6m, "tCO2/t");
    private static readonly Guid First = Guid.Parse("11111111-1111-4111-8111-111111111111");
    private static readonly Guid Second = Guid.Parse("22222222-2222-4222-8222-222222222222");
    private static readonly YearCapped Capped = new("gansu", Of2025, Cea, Quantity.Of(100), "notice 7", "ann", Noon);
    private static readonly CapDrawn Drawn = new("gansu", Of2025, First, Cea, Quantity.Of(60), Quantity.Zero, Noon);

    private static readonly Spec<AllocationYear?, AllocationYearCommand, AllocationYearEvent> Spec =
        new(() => null, AllocationYear.Decide, (year, e) => AllocationYear.After(year, e, Guid.Empty));

    [Fact]
    public void A_balance_value_is_published_and_may_be_published_anew()
    {
        var published = new BalancePublished("gansu", Of2025, "steel", Value, "notice 8", "ann", Noon);
        Spec.Given().When(Publish(Value)).Then(published);
        Spec.Given(published).When(Publish(Value)).ThenNothing();
        Spec.Given(published).When(Publish(Value with { Value = 1.7m })).Then(published with { Value = Value with { Value = 1.7m } });
    }

    [Fact]
    public void A_cap_is_set_but_never_below_what_has_been_issued()
    {
        Spec.Given().When(Cap(100)).Then(Capped);
        Spec.Given(Drawn).When(Cap(60)).Then(Capped with { Cap = Quantity.Of(60) });
        Spec.Given(Drawn).When(Cap(59)).ThenRejected("cap-below-issued");
    }

    [Fact]
    public void A_plan_draws_no_more_than_the_cap()
    {
        Spec.Given(Capped, Drawn).When(Draw(40)).Then(Drawn with { PlanId = Second, Issued = Quantity.Of(40) });
        Spec.Given(Capped, Drawn).When(Draw(41)).ThenRejected("cap-exceeded");
        Spec.Given(Capped, Drawn).When(Draw(41) with { Returned = Quantity.Of(1) }).Then(Drawn with { PlanId = Second, Issued = Quantity.Of(41), Returned = Quantity.Of(1) });
    }

    [Fact]
    public void A_plan_that_was_computed_before_another_was_approved_is_outdated()
    {
        Spec.Given(Drawn).When(Draw(1) with { After = Guid.Empty }).ThenRejected("plan-outdated");
        Spec.Given(Drawn).When(Draw(1) with { After = First }).Then(Drawn with { PlanId = Second, Issued = Quantity.Of(1) });
    }

    [Fact]
    public void Whatever_plans_come_what_is_issued_never_exceeds_the_cap() => Gen.Select(Gen.Long[0, 200], Gen.Long[0, 60]).Array[1, 30].Sample(plans =>
    {
        var year = AllocationYear.After(null, Capped, Guid.Empty);
        foreach (var (issued, returned) in plans)
        {
            var decision = AllocationYear.Decide(year, Draw(issued) with { PlanId = Guid.CreateVersion7(), Returned = Quantity.Of(Math.Min(returned, year.DrawnOf(Cea).Value)) });
            if (decision is Decision<AllocationYearEvent>.Accepted accepted)
                year = accepted.Events.Aggregate(year, (state, e) => AllocationYear.After(state, e, Guid.Empty));
            year.DrawnOf(Cea).Value.ShouldBeLessThanOrEqualTo(100);
        }
    });

    private static PublishBalance Publish(ActivityFigure value) => new("gansu", Of2025, "steel", value, "notice 8", "ann", Noon);

    private static SetCap Cap(long units) => new("gansu", Of2025, Cea, Quantity.Of(units), "notice 7", "ann", Noon);

    private static Draw Draw(long units) => new("gansu", Of2025, Second, Cea, Quantity.Of(units), Quantity.Zero, null, "bob", Noon);
}
