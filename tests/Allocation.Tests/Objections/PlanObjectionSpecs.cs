using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using static CarbonMarket.Allocation.Objections.PlanObjectionCommand;
using static CarbonMarket.Allocation.Objections.PlanObjectionEvent;

namespace CarbonMarket.Allocation.Objections;

public sealed class PlanObjectionSpecs
{
    private static readonly Guid Plant = Guid.Parse("11111111-1111-4111-8111-111111111111");
    private static readonly DateTimeOffset Noon = new(2025, 10, 9, 4, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2025, 10, 9);
    private static readonly DateOnly DecideBy = new(2025, 10, 23);
    private static readonly DateOnly DetermineBy = new(2025, 11, 6);
    private static readonly ComplianceYear Year = ComplianceYear.Of(2024);
    private static readonly ObjectedPlan Plan = new(
        Guid.Parse("22222222-2222-4222-8222-222222222222"), Year, "CEA-2024", IsPublished: true, Concerns: true, ObjectBy: Today, Officials: ["ann", "bob"]);

    private static readonly FileObjection Objection = new("gansu", Plan, Plant, "The load factor is another.", Today, DecideBy, Noon);
    private static readonly ObjectionFiled Filed = new("gansu", Plan.PlanId, Plant, Year, "CEA-2024", "The load factor is another.", DecideBy, Noon);
    private static readonly DecideObjection Upheld = new("gansu", Plan, Plant, ObjectionOutcome.Upheld, "It is.", "cleo", DecideBy, DetermineBy, Noon);
    private static readonly ObjectionDecided Decided =
        new("gansu", Plan.PlanId, Plant, ObjectionOutcome.Upheld, "It is.", "cleo", Late: false, DetermineBy, Noon);

    private static readonly Spec<PlanObjection?, PlanObjectionCommand, PlanObjectionEvent> Spec = new(() => null, PlanObjection.Decide, PlanObjection.After);

    [Fact]
    public void A_participant_objects_on_the_last_day() => Spec.Given().When(Objection).Then(Filed);

    [Fact]
    public void The_day_after_it_is_too_late() => Spec.Given().When(Objection with { Day = Today.AddDays(1) }).ThenRejected("objection-late");

    [Fact]
    public void Where_the_rules_set_no_day_none_is_too_late() =>
        Spec.Given().When(Objection with { Plan = Plan with { ObjectBy = null }, Day = Today.AddDays(1000) }).Then(Filed);

    [Fact]
    public void The_days_begin_with_the_publication() => Spec.Given().When(Objection with { Plan = Plan with { IsPublished = false } }).ThenRejected("plan-not-published");

    [Fact]
    public void Nobody_objects_to_what_others_are_allocated() => Spec.Given().When(Objection with { Plan = Plan with { Concerns = false } }).ThenRejected("plan-not-concerned");

    [Fact]
    public void A_plan_is_objected_to_once()
    {
        Spec.Given(Filed).When(Objection).ThenNothing();
        Spec.Given(Filed).When(Objection with { Ground = "Another." }).ThenRejected("objection-filed");
        Spec.Given(Filed, Decided).When(Objection with { Day = Today.AddDays(100) }).ThenNothing();
    }

    [Fact]
    public void An_official_without_a_part_in_the_plan_upholds_it() => Spec.Given(Filed).When(Upheld).Then(Decided);

    [Fact]
    public void Who_drafted_or_approved_the_plan_does_not_decide()
    {
        foreach (var official in new[] { "ann", "bob" })
            Spec.Given(Filed).When(Upheld with { Subject = official }).ThenRejected("four-eyes");
    }

    [Fact]
    public void A_late_decision_counts_and_says_so() =>
        Spec.Given(Filed).When(Upheld with { Day = DecideBy.AddDays(1) }).Then(Decided with { Late = true });

    [Fact]
    public void What_is_rejected_is_not_determined_anew() => Spec.Given(Filed).When(Upheld with { Outcome = ObjectionOutcome.Rejected })
        .Then(Decided with { Outcome = ObjectionOutcome.Rejected, DetermineBy = null });

    [Fact]
    public void A_decision_is_given_once()
    {
        Spec.Given(Filed, Decided).When(Upheld).ThenNothing();
        Spec.Given(Filed, Decided).When(Upheld with { Outcome = ObjectionOutcome.Rejected }).ThenRejected("objection-decided");
        Spec.Given().When(Upheld).ThenRejected("unknown-objection");
    }
}
