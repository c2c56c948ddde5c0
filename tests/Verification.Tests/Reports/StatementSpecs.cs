using CarbonMarket.Kernel;
using static CarbonMarket.Verification.Reports.TheMillsReport;

namespace CarbonMarket.Verification.Reports;

public sealed class StatementSpecs
{
    [Fact]
    public void A_verifier_confirms_the_figure_it_found() => Spec.Given(Filed).When(Confirm()).Then(Confirmed);

    [Fact]
    public void A_verifier_may_find_that_the_figure_cannot_be_relied_on() =>
        Spec.Given(Filed).When(Confirm() with { Conclusion = Conclusion.Adverse }).Then(Doubted);

    [Fact]
    public void The_version_that_is_filed_may_be_named() => Spec.Given(Filed).When(Confirm(1)).Then(Confirmed);

    [Fact]
    public void A_report_nobody_filed_has_nothing_to_verify() => Spec.Given().When(Confirm()).ThenRejected("unknown-report");

    [Fact]
    public void A_report_of_another_market_is_unknown_in_this_one() =>
        Spec.Given(Filed).When(Confirm() with { Market = "gansu" }).ThenRejected("unknown-report");

    [Fact]
    public void Who_filed_a_report_cannot_verify_it() =>
        Spec.Given(Filed).When(Confirm() with { VerifierParticipantId = Mill }).ThenRejected("conflict-of-interest");

    [Fact]
    public void A_conflict_of_interest_is_named_before_all_else() =>
        Spec.Given(Filed, Confirmed).When(Confirm(7) with { VerifierParticipantId = Mill }).ThenRejected("conflict-of-interest");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_statement_on_another_version_than_the_filed_one_comes_too_late(long version) =>
        Spec.Given(Filed, Restated).When(Confirm(version)).ThenRejected("version-superseded");

    [Fact]
    public void The_verifier_of_an_old_version_hears_that_it_is_old_before_it_hears_of_another_statement() =>
        Spec.Given(Filed, Restated, Confirmed with { ReportVersion = 2, VerifierParticipantId = OtherVerifier })
            .When(Confirm(1)).ThenRejected("version-superseded");

    [Fact]
    public void A_statement_given_again_changes_nothing_even_after_the_decision()
    {
        Spec.Given(Filed, Confirmed).When(Confirm() with { At = Later }).ThenNothing();
        Spec.Given(Filed, Confirmed, Accepted).When(Confirm()).ThenNothing();
        Spec.Given(Filed, Confirmed, Returned).When(Confirm()).ThenNothing();
    }

    [Fact]
    public void A_statement_stands_as_it_was_given()
    {
        Spec.Given(Filed, Confirmed).When(Confirm() with { Verified = Tonnes.Of(991) }).ThenRejected("statement-given");
        Spec.Given(Filed, Confirmed).When(Confirm() with { Conclusion = Conclusion.Adverse }).ThenRejected("statement-given");
        Spec.Given(Filed, Confirmed).When(Confirm() with { VerifierParticipantId = OtherVerifier }).ThenRejected("statement-given");
    }

    [Fact]
    public void A_changed_statement_is_refused_as_given_even_after_the_return() =>
        Spec.Given(Filed, Doubted, Returned).When(Confirm()).ThenRejected("statement-given");

    [Fact]
    public void A_report_returned_unverified_is_no_longer_verified() =>
        Spec.Given(Filed, Returned).When(Confirm()).ThenRejected("report-returned");

    [Fact]
    public void The_next_version_is_verified_afresh() =>
        Spec.Given(Filed, Doubted, Restated).When(Confirm() with { At = Later }).Then(Confirmed with { ReportVersion = 2, At = Later });
}
