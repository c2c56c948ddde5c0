using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using static CarbonMarket.Allocation.Plans.AllocationPlanCommand;
using static CarbonMarket.Allocation.Plans.AllocationPlanEvent;

namespace CarbonMarket.Allocation.Plans;

public sealed class AllocationPlanSpecs
{
    private const string Market = "uk-ets";
    private static readonly Guid Plan = Guid.Parse("22222222-2222-4222-8222-222222222222");
    private static readonly Guid Mill = Guid.Parse("11111111-1111-4111-8111-111111111111");
    private static readonly Guid Kiln = Guid.Parse("33333333-3333-4333-8333-333333333333");
    private static readonly DateTimeOffset Noon = new(2021, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ComplianceYear Year = ComplianceYear.Of(2021);
    private static readonly ImmutableArray<PlanLine> Lines = [new(Mill, Quantity.Of(100)), new(Kiln, Quantity.Of(7))];
    private static readonly ImmutableHashSet<Guid> Both = [Mill, Kiln];

    private static readonly Spec<AllocationPlan?, AllocationPlanCommand, AllocationPlanEvent> Spec =
        new(() => null, AllocationPlan.Decide, AllocationPlan.After);

    private static readonly PlanDrafted Drafted = new(Market, Plan, Year, "UKA", Lines, "ann", Noon);
    private static readonly PlanApproved Approved = new(Market, Plan, Year, "UKA", Lines, "bob", Noon);

    [Fact]
    public void A_plan_is_drafted() => Spec.Given().When(Draft()).Then(Drafted);

    [Fact]
    public void The_same_draft_again_changes_nothing_even_after_approval() => Spec.Given(Drafted, Approved).When(Draft()).ThenNothing();

    [Fact]
    public void Another_content_needs_another_id() =>
        Spec.Given(Drafted).When(Draft() with { Lines = [new(Mill, Quantity.Of(101)), new(Kiln, Quantity.Of(7))] }).ThenRejected("id-reused");

    [Fact]
    public void Everybody_in_a_plan_must_account_for_the_year() =>
        Spec.Given().When(Draft() with { Owing = [Mill] }).ThenRejected("participant-not-covered");

    [Fact]
    public void Another_official_approves_and_puts_his_name_to_the_lines() => Spec.Given(Drafted).When(Approve("bob")).Then(Approved);

    [Fact]
    public void Who_drafted_a_plan_cannot_approve_it() => Spec.Given(Drafted).When(Approve("ann")).ThenRejected("four-eyes");

    [Fact]
    public void Approving_what_is_approved_changes_nothing() => Spec.Given(Drafted, Approved).When(Approve("cleo")).ThenNothing();

    [Fact]
    public void A_participant_excluded_since_the_draft_stops_the_approval() =>
        Spec.Given(Drafted).When(Approve("bob") with { Owing = [Kiln] }).ThenRejected("participant-not-covered");

    [Fact]
    public void A_plan_nobody_drafted_cannot_be_approved() => Spec.Given().When(Approve("bob")).ThenRejected("unknown-plan");

    private static Draft Draft() => new(Market, Plan, Year, "UKA", Lines, Both, "ann", Noon);

    private static Approve Approve(string subject) => new(Both, subject, Noon);
}
