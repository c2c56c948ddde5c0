using static CarbonMarket.Verification.Reports.TheMillsReport;

namespace CarbonMarket.Verification.Reports;

public sealed class DecisionSpecs
{
    [Fact]
    public void The_figure_that_counts_is_the_verifiers() => Spec.Given(Filed, Confirmed).When(Accept()).Then(Accepted);

    [Fact]
    public void Without_a_statement_nothing_is_accepted() => Spec.Given(Filed).When(Accept()).ThenRejected("not-verified");

    [Fact]
    public void Against_the_verifiers_word_nothing_is_accepted() =>
        Spec.Given(Filed, Doubted).When(Accept()).ThenRejected("adverse-statement");

    [Fact]
    public void What_was_returned_is_not_accepted_after_all() =>
        Spec.Given(Filed, Confirmed, Returned).When(Accept()).ThenRejected("report-returned");

    [Fact]
    public void Accepting_what_is_accepted_changes_nothing() =>
        Spec.Given(Filed, Confirmed, Accepted).When(Accept(1) with { At = Later }).ThenNothing();

    [Fact]
    public void A_report_is_returned_whether_or_not_it_was_verified()
    {
        Spec.Given(Filed).When(Return()).Then(Returned);
        Spec.Given(Filed, Confirmed).When(Return()).Then(Returned);
        Spec.Given(Filed, Doubted).When(Return()).Then(Returned);
    }

    [Fact]
    public void Returning_what_is_returned_changes_nothing_whatever_the_reason() =>
        Spec.Given(Filed, Returned).When(Return() with { Reason = "Another one.", At = Later }).ThenNothing();

    [Fact]
    public void What_was_accepted_is_not_returned() =>
        Spec.Given(Filed, Confirmed, Accepted).When(Return()).ThenRejected("report-accepted");

    [Fact]
    public void A_report_nobody_filed_cannot_be_decided()
    {
        Spec.Given().When(Accept()).ThenRejected("unknown-report");
        Spec.Given().When(Return()).ThenRejected("unknown-report");
    }

    [Fact]
    public void A_report_of_another_market_is_unknown_in_this_one()
    {
        Spec.Given(Filed, Confirmed).When(Accept() with { Market = "gansu" }).ThenRejected("unknown-report");
        Spec.Given(Filed).When(Return() with { Market = "gansu" }).ThenRejected("unknown-report");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_decision_on_another_version_than_the_filed_one_comes_too_late(long version)
    {
        Spec.Given(Filed, Restated).When(Accept(version)).ThenRejected("version-superseded");
        Spec.Given(Filed, Restated).When(Return(version)).ThenRejected("version-superseded");
        Spec.Given(Filed, Returned, Restated, Returned with { ReportVersion = 2 }).When(Return(version)).ThenRejected("version-superseded");
    }
}
