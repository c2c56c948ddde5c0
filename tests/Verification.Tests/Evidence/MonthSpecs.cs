using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using static CarbonMarket.Verification.Evidence.MonthEvent;

namespace CarbonMarket.Verification.Evidence;

public sealed class MonthSpecs
{
    private static readonly Guid Plant = Guid.Parse("11111111-1111-4111-8111-111111111111");
    private static readonly ComplianceYear Year = ComplianceYear.Of(2026);
    private static readonly Guid Id = MonthlyEvidence.IdOf("gansu", Plant, Year, 1);
    private static readonly DateTimeOffset Noon = new(2026, 2, 10, 4, 0, 0, TimeSpan.Zero);

    private static readonly Spec<MonthlyEvidence?, SubmitMonth, MonthEvent> Spec =
        new(() => null, MonthlyEvidence.Decide, (_, @event) => MonthlyEvidence.After(@event));

    private static readonly MonthFiled Filed = new("gansu", Id, Plant, Year, 1, 1, 1, Content(100), Late: false, Noon);

    [Fact]
    public void A_month_that_has_ended_is_filed() => Spec.Given().When(File(100)).ThenEvents(events => Version(events).ShouldBe((1, false)));

    [Fact]
    public void A_month_that_runs_is_not() => Spec.Given().When(File(100) with { MonthIsOver = false }).ThenRejected("month-not-over");

    [Fact]
    public void The_same_evidence_again_changes_nothing_even_when_it_is_late() => Spec.Given(Filed).When(File(100) with { Late = true }).ThenNothing();

    [Fact]
    public void What_is_mended_late_is_late() =>
        Spec.Given(Filed).When(File(101) with { Late = true }).ThenEvents(events => Version(events).ShouldBe((2, true)));

    [Fact]
    public void Each_month_has_a_history_of_its_own() => MonthlyEvidence.IdOf("gansu", Plant, Year, 2).ShouldNotBe(Id);

    private static (long Version, bool Late) Version(IReadOnlyList<MonthEvent> events) =>
        events.ShouldHaveSingleItem().ShouldBeOfType<MonthFiled>() is var filed ? (filed.MonthVersion, filed.Late) : default;

    private static SubmitMonth File(decimal quantity) =>
        new("gansu", Id, Plant, Year, 1, 1, Content(quantity), MonthIsOver: true, Late: false, Noon);

    private static MonthContent Content(decimal quantity) =>
        new([new Exhibit("ab", "scale.csv", EvidenceKind.MeterReading)], [new MonthFigure("S1", "quantity", quantity, "t", "ab")]);
}
