using CarbonMarket.Kernel;
using CarbonMarket.Verification.Checks;
using static CarbonMarket.Verification.Reports.TheMillsReport;

namespace CarbonMarket.Verification.Reports;

public sealed class FilingSpecs
{
    [Fact]
    public void A_filed_report_totals_its_sources() => Spec.Given().When(File()).Then(Filed);

    [Fact]
    public void A_report_filed_after_the_deadline_is_late_and_still_taken() =>
        Spec.Given().When(File() with { Late = true }).Then(Filed with { Late = true });

    [Fact]
    public void A_participant_that_does_not_account_for_the_year_files_nothing() =>
        Spec.Given().When(File() with { Covered = false }).ThenRejected("entity-not-covered");

    [Fact]
    public void A_year_is_reported_on_when_it_is_over() =>
        Spec.Given().When(File() with { YearIsOver = false }).ThenRejected("year-not-over");

    [Fact]
    public void The_last_year_there_is_is_reported_on_no_sooner() =>
        Spec.Given().When(File() with { Year = ComplianceYear.Of(2100), YearIsOver = false }).ThenRejected("year-not-over");

    [Fact]
    public void Whoever_does_not_account_for_a_year_is_told_so_before_it_is_over() =>
        Spec.Given().When(File() with { Covered = false, YearIsOver = false }).ThenRejected("entity-not-covered");

    [Fact]
    public void Until_it_is_verified_a_report_is_restated_as_its_next_version() => Spec.Given(Filed).When(Restate()).Then(Restated);

    [Fact]
    public void The_same_sources_in_another_order_are_another_version() =>
        Spec.Given(Filed).When(File(Kiln, Boiler)).Then(Filed with { ReportVersion = 2, Sources = [Kiln, Boiler] });

    [Fact]
    public void A_repeat_changes_nothing_even_after_the_deadline_and_off_the_list() =>
        Spec.Given(Filed).When(File() with { Late = true, Covered = false, YearIsOver = false, At = Later }).ThenNothing();

    [Fact]
    public void A_year_with_an_error_in_its_evidence_is_not_filed() =>
        Spec.Given().When(Checked(Found(Severity.Warning, "Maintenance."), Found(Severity.Error, "Answered, and still an error."))).ThenRejected("checks-failed");

    [Fact]
    public void A_warning_is_answered_before_its_year_is_filed()
    {
        Spec.Given().When(Checked(Found(Severity.Warning, answer: null))).ThenRejected("warnings-unanswered");
        var answered = Checked(Found(Severity.Warning, "Maintenance."));
        Spec.Given().When(answered).Then(Filed with { Basis = answered.Basis });
    }

    [Fact]
    public void A_repeat_is_not_checked_again() => Spec.Given(Filed with { Basis = Checked().Basis }).When(Checked(Found(Severity.Error, answer: null))).ThenNothing();

    [Fact]
    public void A_repeat_changes_nothing_while_the_version_was_not_turned_down()
    {
        Spec.Given(Filed, Confirmed).When(File()).ThenNothing();
        Spec.Given(Filed, Confirmed, Accepted).When(File()).ThenNothing();
    }

    [Fact]
    public void Who_was_taken_off_the_list_restates_nothing() =>
        Spec.Given(Filed, Confirmed).When(Restate() with { Covered = false }).ThenRejected("entity-not-covered");

    [Fact]
    public void A_verified_report_awaits_the_regulator_and_is_not_restated() =>
        Spec.Given(Filed, Confirmed).When(Restate()).ThenRejected("report-verified");

    [Fact]
    public void After_an_adverse_statement_the_report_is_filed_anew() => Spec.Given(Filed, Doubted).When(Restate()).Then(Restated);

    [Fact]
    public void A_returned_report_is_filed_anew() => Spec.Given(Filed, Returned).When(Restate()).Then(Restated);

    [Fact]
    public void A_report_filed_anew_starts_without_statement_and_reason() =>
        Spec.Given(Filed, Doubted, Returned).When(Restate()).ThenState(report =>
            (report!.Status, report.Statement, report.ReturnReason, report.Total, report.FiledAt)
                .ShouldBe((ReportStatus.Filed, null, null, Tonnes.Of(950), Later)));

    [Fact]
    public void The_id_of_a_report_is_not_used_for_another_one()
    {
        Spec.Given(Filed).When(File() with { Year = Year.Next }).ThenRejected("id-reused");
        Spec.Given(Filed).When(File() with { ParticipantId = Quarry }).ThenRejected("id-reused");
        Spec.Given(Filed).When(File() with { Market = "gansu" }).ThenRejected("id-reused");
    }

    [Fact]
    public void That_the_id_is_anothers_is_said_before_anything_else() =>
        Spec.Given(Filed, Confirmed).When(Restate() with { ParticipantId = Quarry, Covered = false, YearIsOver = false })
            .ThenRejected("id-reused");

    private static ReportCommand.Submit Checked(params CheckResult[] found) => File() with { Basis = new ReportBasis(1, [1], "trace", [.. found]) };

    private static CheckResult Found(Severity severity, string? answer) =>
        new("constant-months", "The kiln's fuel is 10 t in 3 months in a row.", severity, "months/1-3/KILN/quantity", CheckedYear.Values(("limit", 3)), answer);
}
