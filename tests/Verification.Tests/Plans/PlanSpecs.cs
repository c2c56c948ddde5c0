using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Testing;
using static CarbonMarket.Verification.Plans.PlanEvent;

namespace CarbonMarket.Verification.Plans;

public sealed class PlanSpecs
{
    private static readonly Guid Plant = Guid.Parse("11111111-1111-4111-8111-111111111111");
    private static readonly ComplianceYear Year = ComplianceYear.Of(2026);
    private static readonly Guid Id = QualityPlan.IdOf("gansu", Plant, Year);
    private static readonly DateTimeOffset Noon = new(2025, 12, 1, 4, 0, 0, TimeSpan.Zero);
    private static readonly Spec<QualityPlan?, SubmitPlan, PlanEvent> Spec = new(() => null, QualityPlan.Decide, QualityPlan.After);

    private static readonly PlanFiled Filed = new("gansu", Id, Plant, Year, 1, "cn-emissions", "1", Content(0.5m), Reason: null, Late: false, Noon);
    private static readonly PlanFiled Revised = Filed with { PlanVersion = 2, Content = Content(0.2m), Reason = "A better scale." };

    [Fact]
    public void The_first_version_needs_no_reason() => Spec.Given().When(File(0.5m)).ThenVersion(1, late: false);

    [Fact]
    public void The_first_version_is_late_after_its_day() => Spec.Given().When(File(0.5m) with { Late = true }).ThenVersion(1, late: true);

    [Fact]
    public void A_revision_says_what_changed() =>
        Spec.Given(Filed).When(File(0.2m)).ThenRejected("revision-unexplained");

    [Fact]
    public void A_revision_is_due_when_something_changes_and_is_never_late() =>
        Spec.Given(Filed).When(File(0.2m) with { Reason = "A better scale.", Late = true }).ThenVersion(2, late: false);

    [Fact]
    public void The_same_content_again_changes_nothing() => Spec.Given(Filed).When(File(0.5m) with { Late = true, Covered = false }).ThenNothing();

    [Fact]
    public void What_was_planned_before_may_be_planned_again() =>
        Spec.Given(Filed, Revised).When(File(0.5m) with { Reason = "The old scale is back." }).ThenVersion(3, late: false);

    [Fact]
    public void Another_word_of_a_streams_scope_is_another_plan() => Content(0.5m).Says(Content(0.5m, "lignite")).ShouldBeFalse();

    [Fact]
    public void Who_is_not_on_the_list_plans_nothing() => Spec.Given().When(File(0.5m) with { Covered = false }).ThenRejected("entity-not-covered");

    [Theory]
    [InlineData(1, "2027-03-12")]
    [InlineData(2, "2027-04-09")]
    [InlineData(12, "2028-02-09")]
    public void Evidence_is_due_forty_days_after_its_month(int month, string day) =>
        Gansu.EvidenceBy(ComplianceYear.Of(2027), month).ShouldBe(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void In_a_leap_year_the_evidence_of_January_is_due_on_11_March() =>
        Gansu.EvidenceBy(ComplianceYear.Of(2028), 1).ShouldBe(new DateOnly(2028, 3, 11));

    [Fact]
    public void A_plan_is_due_on_31_December_of_the_year_before() => Gansu.PlanBy(ComplianceYear.Of(2027)).ShouldBe(new DateOnly(2026, 12, 31));

    [Fact]
    public void A_year_before_the_rule_has_no_day() => Gansu.PlanBy(ComplianceYear.Of(2024)).ShouldBeNull();

    private static PolicyPack Gansu => PolicyPackCatalog.Load(Path.Combine(AppContext.BaseDirectory, "policy-packs"), ["gansu"]).Find("gansu")!;

    private static SubmitPlan File(decimal accuracy) => new(
        "gansu", Id, Plant, Year, "cn-emissions", "1", Content(accuracy), Reason: null, Covered: true, Late: false, Noon);

    private static PlanContent Content(decimal accuracy, string fuel = "bituminous") => new(
        [new Meter("M1", "Belt scale", accuracy, 12)],
        [new StreamPlan("S1", "Boiler", "combustion-ncv", ImmutableSortedDictionary<string, string>.Empty.Add("fuel", fuel))],
        [new PlannedInput("S1", "quantity", Basis.Measured, "M1", "Weighed continuously.")]);
}

file static class Expectations
{
    public static void ThenVersion(this Spec<QualityPlan?, SubmitPlan, PlanEvent>.Answer asked, long version, bool late) =>
        asked.ThenState(plan => (plan!.PlanVersion, plan.Late).ShouldBe((version, late)));
}
