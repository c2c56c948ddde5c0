using CarbonMarket.Kernel;
using static CarbonMarket.Verification.Reports.ReportCommand;
using static CarbonMarket.Verification.Reports.ReportEvent;
using static CarbonMarket.Verification.Reports.TheMillsReport;

namespace CarbonMarket.Verification.Reports;

/// <summary>What becomes of a report after verification.</summary>
public sealed class ResultSpecs
{
    private static readonly Guid Own = Guid.Parse("d0000000-0000-4000-8000-000000000001");
    private static readonly Guid Objected = Guid.Parse("0b000000-0000-4000-8000-000000000001");
    private static readonly DateOnly Today = new(2022, 3, 1);
    private static readonly DateOnly LastDay = new(2022, 3, 10);

    private static readonly DeterminationProposed Proposed = new(Market, Report, Mill, Year, 1, Own, Tonnes.Of(1000), "No records.", "Li", Noon);
    private static readonly ReportDetermined Determined =
        new(Market, Report, Mill, Year, 2, Own, Tonnes.Of(1000), "No records.", ["Li", "Wang"], LastDay, Noon);

    private static readonly ReportAccepted ByLi = Accepted with { DecidedBy = "Li", TellBy = LastDay };
    private static readonly ResultTold Told = new(Market, Report, Mill, Year, 1, Today, Late: false, LastDay, Noon);
    private static readonly ObjectionFiled Filing = new(Market, Report, Mill, Year, 1, Objected, "The kiln stood still.", LastDay, Noon);
    private static readonly ObjectionDecided Upheld =
        new(Market, Report, Mill, Year, 1, Objected, ObjectionOutcome.Upheld, Tonnes.Of(950), "It did.", "Wang", Late: false, Noon);

    private static readonly ReportReopened Reopened = new(Market, Report, Mill, Year, 1, "An inspection found more.", "Li", Noon);

    [Fact]
    public void A_qualified_statement_lets_the_regulator_accept() =>
        Spec.Given(Filed, Confirmed with { Conclusion = Conclusion.Qualified }).When(Accept()).Then(Accepted);

    [Fact]
    public void A_figure_of_the_regulators_own_is_proposed_by_one_official_and_approved_by_another()
    {
        Spec.Given(Filed).When(Propose()).Then(Proposed);
        Spec.Given(Filed, Proposed).When(Approve("Li")).ThenRejected("four-eyes");
        Spec.Given(Filed, Proposed).When(Approve("Wang")).Then(Determined);
        Spec.Given(Filed, Proposed).When(Approve("Wang")).ThenState(report =>
            (report!.Status, report.ReportVersion, report.Accepted!.Verified, report.Total).ShouldBe((ReportStatus.Accepted, 2, Tonnes.Of(1000), Tonnes.Of(1000))));
    }

    [Theory]
    [InlineData(999)]
    [InlineData(0)]
    public void A_determined_figure_is_not_below_the_reported_one(long tonnes) =>
        Spec.Given(Filed, Doubted).When(Propose(tonnes)).ThenRejected("determined-below-reported");

    [Fact]
    public void A_determined_figure_is_not_below_the_verified_one() =>
        Spec.Given(Filed, Confirmed with { Verified = Tonnes.Of(1001) }).When(Propose()).ThenRejected("determined-below-reported");

    [Fact]
    public void Determining_and_reopening_do_not_lower_a_figure_below_what_was_verified()
    {
        var determined = Determined with { Verified = Tonnes.Of(1300) };
        ReportEvent[] reopened =
        [
            Filed, Confirmed with { Verified = Tonnes.Of(1200) }, Proposed with { Figure = Tonnes.Of(1300) }, determined, Reopened with { ReportVersion = 2 },
        ];
        Spec.Given(reopened).When(Again(1199)).ThenRejected("determined-below-reported");
        Spec.Given(reopened).When(Again(1200)).Then(Proposed with { ReportVersion = 2, DeterminationId = Objected, Figure = Tonnes.Of(1200) });
        ReportEvent[] twice =
        [
            .. reopened, Proposed with { ReportVersion = 2, DeterminationId = Objected, Figure = Tonnes.Of(1250) },
            determined with { ReportVersion = 3, DeterminationId = Objected, Verified = Tonnes.Of(1250) }, Reopened with { ReportVersion = 3 },
        ];
        Spec.Given(twice).When(Propose(1199)).ThenRejected("determined-below-reported");
        Spec.Given([.. reopened, Restated with { ReportVersion = 3 }]).When(Again(950)).Then(
            Proposed with { ReportVersion = 3, DeterminationId = Objected, Figure = Tonnes.Of(950) });
    }

    [Fact]
    public void What_an_upheld_objection_has_lowered_is_not_held_against_what_was_verified_before() =>
        Spec.Given(
            Filed, Confirmed with { Verified = Tonnes.Of(1200) }, ByLi with { Verified = Tonnes.Of(1200) }, Told, Filing, Upheld,
            Determined with { DeterminationId = Objected, Verified = Tonnes.Of(950) }, Reopened with { ReportVersion = 2 })
            .When(Propose(1000)).Then(Proposed with { ReportVersion = 2 });

    [Fact]
    public void A_statement_that_came_between_is_reckoned_with_at_the_approval() =>
        Spec.Given(Filed, Proposed, Confirmed with { Verified = Tonnes.Of(1001) }).When(Approve("Wang")).ThenRejected("determined-below-reported");

    [Fact]
    public void A_proposal_is_about_the_version_it_was_made_on_and_lapses_with_it() =>
        Spec.Given(Filed, Proposed, Restated).When(Approve("Wang")).ThenRejected("version-superseded");

    [Fact]
    public void One_proposal_at_a_time_and_a_rejected_one_makes_room()
    {
        var other = Propose() with { DeterminationId = Objected };
        var rejected = new DeterminationRejected(Market, Report, Mill, Year, Own, "Too little.", "Wang", Noon);
        Spec.Given(Filed, Proposed).When(other).ThenRejected("determination-pending");
        Spec.Given(Filed, Proposed).When(Propose(1100)).ThenRejected("id-reused");
        Spec.Given(Filed, Proposed).When(new RejectDetermination(Market, Report, Own, "Wang", "Too little.", Noon)).Then(rejected);
        Spec.Given(Filed, Proposed, rejected).When(Approve("Wang")).ThenRejected("determination-rejected");
        Spec.Given(Filed, Proposed, rejected).When(other).Then(Proposed with { DeterminationId = Objected });
        Spec.Given(Filed, Proposed, Determined).When(new RejectDetermination(Market, Report, Own, "Wang", "No.", Noon)).ThenRejected("determination-approved");
        Spec.Given(Filed).When(Approve("Wang")).ThenRejected("unknown-determination");
        Spec.Given(Filed, Confirmed, Accepted).When(Propose()).ThenRejected("report-accepted");
    }

    [Fact]
    public void What_the_regulator_determined_is_not_verified_any_more() =>
        Spec.Given(Filed, Proposed, Determined).When(Confirm()).ThenRejected("report-accepted");

    [Fact]
    public void The_entity_is_told_and_late_where_it_is()
    {
        Spec.Given(Filed, Confirmed, ByLi).When(Tell(Today)).Then(Told);
        Spec.Given(Filed, Confirmed, ByLi).When(Tell(LastDay)).Then(Told with { Day = LastDay });
        Spec.Given(Filed, Confirmed, ByLi).When(Tell(LastDay.AddDays(1))).Then(Told with { Day = LastDay.AddDays(1), Late = true });
        Spec.Given(Filed, Confirmed).When(Tell(Today)).ThenRejected("not-accepted");
        Spec.Given(Filed, Confirmed, ByLi).When(Tell(Today) with { ReportVersion = 2 }).ThenRejected("version-superseded");
    }

    [Fact]
    public void An_objection_comes_in_time_once_and_by_the_entity()
    {
        Spec.Given(Filed, Confirmed, ByLi, Told).When(Object()).Then(Filing);
        Spec.Given(Filed, Confirmed, ByLi, Told).When(Object() with { Day = LastDay }).Then(Filing);
        Spec.Given(Filed, Confirmed, ByLi, Told).When(Object() with { Day = LastDay.AddDays(1) }).ThenRejected("objection-late");
        Spec.Given(Filed, Confirmed, ByLi).When(Object()).ThenRejected("result-not-told");
        Spec.Given(Filed, Confirmed).When(Object()).ThenRejected("not-accepted");
        Spec.Given(Filed, Confirmed, ByLi, Told, Filing).When(Object() with { ObjectionId = Own }).ThenRejected("objection-filed");
        Spec.Given(Filed, Confirmed, ByLi, Told, Filing).When(Object() with { Ground = "Another." }).ThenRejected("id-reused");
        Spec.Given(Filed, Confirmed, ByLi, Told).When(Object() with { ParticipantId = Quarry }).ThenRejected("unknown-report");
    }

    [Fact]
    public void An_upheld_objection_determines_the_figure_anew() =>
        Spec.Given(Filed, Confirmed, ByLi, Told, Filing).When(Decide("Wang")).Then(
            Upheld, Determined with { DeterminationId = Objected, Verified = Tonnes.Of(950), Ground = "It did.", DecidedBy = ["Wang"] });

    [Fact]
    public void A_rejected_objection_leaves_the_figure()
    {
        var reject = Decide("Wang") with { Outcome = ObjectionOutcome.Rejected, Figure = null, Reason = "It ran." };
        Spec.Given(Filed, Confirmed, ByLi, Told, Filing).When(reject)
            .Then(Upheld with { Outcome = ObjectionOutcome.Rejected, Figure = null, Reason = "It ran." });
        Spec.Given(Filed, Confirmed, ByLi, Told, Filing).When(reject).ThenState(report => report!.Accepted!.Verified.ShouldBe(Tonnes.Of(990)));
    }

    [Fact]
    public void Nobody_decides_on_an_objection_to_his_own_decision_and_a_late_decision_counts()
    {
        Spec.Given(Filed, Confirmed, ByLi, Told, Filing).When(Decide("Li")).ThenRejected("four-eyes");
        Spec.Given(Filed, Proposed, Determined, Told with { ReportVersion = 2 }, Filing with { ReportVersion = 2 }).When(Decide("Li")).ThenRejected("four-eyes");
        Spec.Given(Filed, Confirmed, ByLi, Told, Filing).When(Decide("Wang") with { Day = LastDay.AddDays(1) })
            .ThenState(report => report!.Objection!.Late.ShouldBe(true));
        Spec.Given(Filed, Confirmed, ByLi, Told, Filing, Upheld).When(Decide("Zhao") with { Reason = "No." }).ThenRejected("objection-decided");
        Spec.Given(Filed, Confirmed, ByLi, Told).When(Decide("Wang")).ThenRejected("unknown-objection");
    }

    [Fact]
    public void While_an_objection_is_pending_the_figure_changes_by_its_decision_only()
    {
        Spec.Given(Filed, Confirmed, ByLi, Told, Filing).When(Reopen()).ThenRejected("objection-pending");
        Spec.Given(Filed, Confirmed, ByLi, Told, Filing, Restated).When(Propose()).ThenRejected("objection-pending");
        Spec.Given(Filed, Confirmed, ByLi, Told, Filing, Restated, Confirmed with { ReportVersion = 2 }).When(Accept()).ThenRejected("objection-pending");
    }

    [Fact]
    public void An_accepted_report_is_reopened_amended_verified_and_accepted_again()
    {
        Spec.Given(Filed, Confirmed, ByLi).When(Reopen()).Then(Reopened);
        Spec.Given(Filed, Confirmed, ByLi).When(Restate() with { MayAmend = false }).ThenRejected("report-not-reopened");
        Spec.Given(Filed, Confirmed, ByLi, Reopened).When(Restate() with { MayAmend = false }).Then(Restated);
        Spec.Given(Filed, Confirmed, ByLi, Reopened).When(Restate()).ThenState(report => report!.Accepted!.Verified.ShouldBe(Tonnes.Of(990)));
        Spec.Given(Filed, Confirmed, ByLi, Reopened).When(Propose(1100)).Then(Proposed with { Figure = Tonnes.Of(1100) });
    }

    [Fact]
    public void A_reopened_version_is_neither_verified_nor_decided_again()
    {
        Spec.Given(Filed).When(Reopen()).ThenRejected("not-accepted");
        Spec.Given(Filed, Confirmed, ByLi, Reopened).When(Accept()).ThenRejected("report-reopened");
        Spec.Given(Filed, Confirmed, ByLi, Reopened).When(Return()).ThenRejected("report-reopened");
        Spec.Given(Filed, Proposed, Determined, Reopened with { ReportVersion = 2 }).When(Confirm()).ThenRejected("report-reopened");
        Spec.Given(Filed, Confirmed, ByLi, Reopened).When(File()).ThenRejected("report-unchanged");
    }

    [Fact]
    public void Emitter_and_verifier_explain_fields_of_the_last_version()
    {
        var explained = new DifferenceExplained(Market, Report, Mill, Year, 1, "sources/Kiln", "It stood still.", Mill, Noon);
        Spec.Given(Filed).When(Explain(Mill, false)).Then(explained);
        Spec.Given(Filed).When(Explain(Verifier, true)).Then(explained with { ByParticipantId = Verifier });
        Spec.Given(Filed).When(Explain(Verifier, false)).ThenRejected("unknown-report");
        Spec.Given(Filed).When(Explain(Mill, false) with { Field = "sources/Turbine" }).ThenRejected("unknown-field");
        Spec.Given(Filed, Restated).When(Explain(Mill, false)).ThenRejected("version-superseded");
    }

    [Fact]
    public void A_result_of_another_market_is_unknown_in_this_one() =>
        Spec.Given(Filed, Confirmed, ByLi).When(Reopen() with { Market = "gansu" }).ThenRejected("unknown-report");

    private static ProposeDetermination Propose(long tonnes = 1000) => new(Market, Report, Own, null, Tonnes.Of(tonnes), "No records.", "Li", Noon);

    private static ProposeDetermination Again(long tonnes) => Propose(tonnes) with { DeterminationId = Objected };

    private static ApproveDetermination Approve(string by) => new(Market, Report, Own, by, LastDay, Noon);

    private static Tell Tell(DateOnly day) => new(Market, Report, null, day, LastDay, Noon);

    private static FileObjection Object() => new(Market, Report, Objected, Mill, "The kiln stood still.", Today, LastDay, Noon);

    private static DecideObjection Decide(string by) =>
        new(Market, Report, Objected, ObjectionOutcome.Upheld, Tonnes.Of(950), "It did.", by, Today, LastDay, Noon);

    private static Reopen Reopen() => new(Market, Report, 1, "An inspection found more.", "Li", Noon);

    private static Explain Explain(Guid by, bool verifier) => new(Market, Report, 1, "sources/Kiln", "It stood still.", by, verifier, Noon);
}
