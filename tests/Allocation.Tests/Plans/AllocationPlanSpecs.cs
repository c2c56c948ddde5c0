using System.Collections.Immutable;
using System.Text.Json;
using CarbonMarket.Allocation.Computing;
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
    private static readonly Standing Both = new([Mill, Kiln], ImmutableDictionary<Guid, string>.Empty);
    private static readonly Standing MillOnly = Both with { Owing = [Mill] };
    private static readonly Standing KilnFrozen = Both with { Withheld = Both.Withheld.Add(Kiln, "frozen by a court") };

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
        Spec.Given().When(Draft() with { Standing = MillOnly }).ThenRejected("participant-not-covered");

    [Fact]
    public void Another_official_approves_and_puts_his_name_to_the_lines() => Spec.Given(Drafted).When(Approve("bob")).Then(Approved);

    [Fact]
    public void Who_drafted_a_plan_cannot_approve_it() => Spec.Given(Drafted).When(Approve("ann")).ThenRejected("four-eyes");

    [Fact]
    public void Approving_what_is_approved_changes_nothing() => Spec.Given(Drafted, Approved).When(Approve("cleo")).ThenNothing();

    [Fact]
    public void A_participant_excluded_since_the_draft_stops_the_approval() =>
        Spec.Given(Drafted).When(Approve("bob") with { Standing = MillOnly }).ThenRejected("participant-not-covered");

    [Fact]
    public void Nobody_whose_allowances_are_withheld_is_given_any() =>
        Spec.Given().When(Draft() with { Standing = KilnFrozen }).ThenRejected("participant-withheld");

    [Fact]
    public void Allowances_withheld_since_the_draft_stop_the_approval_of_what_was_given() =>
        Spec.Given(Drafted).When(Approve("bob") with { Standing = KilnFrozen }).ThenRejected("participant-withheld");

    [Fact]
    public void A_computed_plan_is_approved_with_what_it_withholds()
    {
        var plan = new PlanComputed("gansu", Plan, ComplianceYear.Of(2024), "CEA-2024", null, Computed(1, "arrears", inTrust: true), "ann", Noon);
        var entity = plan.Computation.Figures.Single().ParticipantId;
        Spec.Given(plan).When(new Approve(new Standing([entity], Both.Withheld.Add(entity, "arrears")), "bob", Noon))
            .Then(new PlanApproved("gansu", Plan, plan.Year, "CEA-2024", AllocationPlan.After(null, plan).Lines, "bob", Noon));
    }

    [Fact]
    public void A_plan_nobody_drafted_cannot_be_approved() => Spec.Given().When(Approve("bob")).ThenRejected("unknown-plan");

    [Fact]
    public void A_computation_of_thousands_is_recorded_in_events_of_limited_size_and_is_whole_again()
    {
        var computation = Computed(2_500);
        var decision = AllocationPlan.Decide(null, Compute(computation)).ShouldBeOfType<Decision<AllocationPlanEvent>.Accepted>();
        decision.Events.Length.ShouldBe(3);
        decision.Events.ShouldAllBe(e => JsonSerializer.SerializeToUtf8Bytes<object>(e, JsonSerializerOptions.Web).Length < Computation.LargestPart * 250);
        var plan = decision.Events.Aggregate((AllocationPlan?)null, AllocationPlan.After)!;
        plan.Computation!.Input.SaysTheSame(computation.Input).ShouldBeTrue();
        plan.Computation.Figures.Zip(computation.Figures).ShouldAllBe(pair => pair.First.SaysTheSame(pair.Second));
        (plan.Computation.Figures.Length, plan.Lines.Length, plan.Issued).ShouldBe((2_500, 2_500, Quantity.Of(computation.Figures.Sum(figure => figure.Issued))));
    }

    [Fact]
    public void Whoever_a_computed_plan_concerns_must_account_for_the_year_also_where_nothing_is_issued()
    {
        var plan = new PlanComputed("gansu", Plan, ComplianceYear.Of(2024), "CEA-2024", null, Computed(1, withheld: "arrears"), "ann", Noon);
        AllocationPlan.After(null, plan).Lines.ShouldBeEmpty();
        Spec.Given(plan).When(new Approve(Both with { Owing = [] }, "bob", Noon)).ThenRejected("participant-not-covered");
    }

    [Fact]
    public void What_goes_to_the_province_stands_in_a_line_of_its_own_kind_and_counts_as_issued()
    {
        var plan = AllocationPlan.After(null, new PlanComputed("gansu", Plan, ComplianceYear.Of(2024), "CEA-2024", null, Computed(1, "arrears", inTrust: true), "ann", Noon));
        plan.Lines.ShouldHaveSingleItem().InTrust.ShouldBeTrue();
        plan.Issued.ShouldBe(plan.Lines[0].Quantity);
    }

    private static Computation Computed(int entities, string? withheld = null, bool inTrust = false)
    {
        var input = Computing.Year.Of(2024, Stage.Final, [.. Enumerable.Range(0, entities).Select(number => Computing.Year.Entity(2_741_318, Unit(0), Unit(1)) with
        {
            ParticipantId = DeterministicGuid.From(Mill, "entity", number), Withheld = withheld, InTrust = inTrust,
        })]);
        return new Computation(input, [.. Computing.Year.Run(input).Entities().Select(result => result.Figure!)], Guid.Empty);
    }

    private static UnitInput Unit(int number) => Computing.Year.Unit(
        "coal-conventional-over-300mw", ("generation", 1_600_000, "MWh"), ("heat", 750_000, "GJ"), ("loadFactor", 62.5m, "%"), ("verified", 1_370_659, "tCO2")) with
    {
        InstallationId = DeterministicGuid.From(Kiln, "unit", number),
    };

    private static Compute Compute(Computation computation) => new("gansu", Plan, ComplianceYear.Of(2024), "CEA-2024", null, computation, "ann", Noon);

    private static Draft Draft() => new(Market, Plan, Year, "UKA", Lines, Both, "ann", Noon);

    private static Approve Approve(string subject) => new(Both, subject, Noon);
}
