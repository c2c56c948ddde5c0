using CarbonMarket.Kernel;
using static CarbonMarket.Verification.Reports.TheMillsReport;

namespace CarbonMarket.Verification.Reports;

/// <summary>An accepted report that turns out to be wrong goes the whole way again.</summary>
public sealed class AmendmentSpecs
{
    private static readonly ReportEvent.StatementGiven ConfirmedAgain = Confirmed with { ReportVersion = 2, Verified = Tonnes.Of(950) };

    [Fact]
    public void An_accepted_report_is_amended_by_its_next_version() =>
        Spec.Given(Filed, Confirmed, Accepted).When(Restate()).Then(Restated);

    [Fact]
    public void An_amendment_may_come_after_the_deadline() =>
        Spec.Given(Filed, Confirmed, Accepted).When(Restate() with { Late = true }).Then(Restated with { Late = true });

    [Fact]
    public void The_accepted_figure_stands_while_the_amendment_is_on_its_way() =>
        Spec.Given(Filed, Confirmed, Accepted).When(Restate()).ThenState(report =>
            (report!.Status, report.Statement, report.Accepted).ShouldBe((ReportStatus.Filed, null, new AcceptedFigure(1, Tonnes.Of(990), Noon))));

    [Fact]
    public void The_accepted_figure_stands_when_the_amendment_is_returned() =>
        Spec.Given(Filed, Confirmed, Accepted, Restated).When(Return(2)).ThenState(report =>
            (report!.Status, report.Accepted!.ReportVersion, report.ReturnReason).ShouldBe((ReportStatus.Returned, 1, "The kiln is not metered.")));

    [Fact]
    public void An_amendment_is_verified_before_it_is_decided() =>
        Spec.Given(Filed, Confirmed, Accepted, Restated).When(Accept()).ThenRejected("not-verified");

    [Fact]
    public void A_late_repeat_of_the_first_acceptance_does_not_accept_the_amendment() =>
        Spec.Given(Filed, Confirmed, Accepted, Restated, ConfirmedAgain).When(Accept(1)).ThenRejected("version-superseded");

    [Fact]
    public void An_accepted_amendment_replaces_the_figure() =>
        Spec.Given(Filed, Confirmed, Accepted, Restated, ConfirmedAgain).When(Accept(2) with { At = Later })
            .ThenState(report => report!.Accepted.ShouldBe(new AcceptedFigure(2, Tonnes.Of(950), Later)));

    [Fact]
    public void Every_acceptance_is_an_event_of_its_own_version() =>
        Spec.Given(Filed, Confirmed, Accepted, Restated, ConfirmedAgain).When(Accept())
            .Then(Accepted with { ReportVersion = 2, Verified = Tonnes.Of(950) });
}
