using CarbonMarket.Kernel;
using CarbonMarket.Verification.Interests;
using CarbonMarket.Verification.Reports;
using static CarbonMarket.Verification.Engagements.TheEngagement;

namespace CarbonMarket.Verification.Engagements;

public sealed class FindingSpecs
{
    [Fact]
    public void A_finding_is_raised_corrected_and_concluded_upon()
    {
        Spec.Given(AtWork).When(Raise()).Then(Raised);
        Spec.Given([.. AtWork, Raised]).When(Correct()).Then(Answered);
        Spec.Given([.. AtWork, Raised, Answered]).When(On(FindingConclusion.Corrected)).Then(Corrected);
    }

    [Fact]
    public void A_finding_is_about_a_source_that_is_reported_or_about_none()
    {
        Spec.Given(AtWork).When(Raise() with { Source = "Turbine" }).ThenRejected("unknown-source");
        Spec.Given(AtWork).When(Raise() with { Source = null }).Then(Raised with { Source = null });
        Spec.Given([.. AtWork, Raised]).When(Raise() with { Description = "Another" }).ThenRejected("id-reused");
    }

    [Fact]
    public void A_correction_comes_in_time_on_the_last_day_too()
    {
        Spec.Given([.. AtWork, Raised]).When(Correct(CorrectBy)).Then(Answered);
        Spec.Given([.. AtWork, Raised]).When(Correct(CorrectBy.AddDays(1))).ThenRejected("correction-late");
        Spec.Given(AtWork).When(Correct()).ThenRejected("unknown-finding");
    }

    [Fact]
    public void Nobody_is_told_that_it_did_not_correct_what_it_still_may() =>
        Spec.Given([.. AtWork, Raised]).When(On(FindingConclusion.NotCorrected, CorrectBy)).ThenRejected("correction-window-open");

    [Fact]
    public void Without_a_correction_there_is_nothing_to_find_sufficient()
    {
        Spec.Given([.. AtWork, Raised]).When(On(FindingConclusion.Corrected)).ThenRejected("correction-missing");
        Spec.Given([.. AtWork, Raised]).When(On(FindingConclusion.Insufficient)).ThenRejected("correction-missing");
        Spec.Given(AtWork).When(On(FindingConclusion.Corrected)).ThenRejected("unknown-finding");
    }

    [Fact]
    public void What_was_not_enough_may_be_corrected_again_in_time()
    {
        Spec.Given([.. AtWork, Raised, Answered, Insufficient]).When(Correct() with { CorrectiveAction = "Metered and calibrated" })
            .ThenState(engagement => engagement!.Findings.ShouldHaveSingleItem().IsOpen.ShouldBeTrue());
        Spec.Given([.. AtWork, Raised, Answered, Corrected]).When(Correct() with { CorrectiveAction = "More" }).ThenRejected("finding-concluded");
        Spec.Given([.. AtWork, Raised, NotCorrected]).When(Correct()).ThenRejected("finding-concluded");
    }

    [Fact]
    public void What_stays_uncorrected_is_reckoned_with_not_below_what_was_reported()
    {
        Spec.Given([.. AtWork, Raised, NotCorrected]).When(Estimate(330)).Then(Estimated);
        Spec.Given([.. AtWork, Raised, NotCorrected]).When(Estimate(300)).Then(Estimated with { Tonnes = Tonnes.Of(300) });
        Spec.Given([.. AtWork, Raised, NotCorrected]).When(Estimate(299)).ThenRejected("estimate-below-reported");
        Spec.Given([.. AtWork, Raised]).When(Estimate(330)).ThenRejected("estimate-not-due");
        Spec.Given([.. AtWork, Raised, Answered, Corrected]).When(Estimate(330)).ThenRejected("estimate-not-due");
        Spec.Given(AtWork).When(Estimate(330)).ThenRejected("unknown-finding");
    }

    [Fact]
    public void The_statement_ends_the_verification_of_its_version_and_no_other()
    {
        Spec.Given(Checked).When(Conclude()).Then(Concluded());
        Spec.Given([.. Checked, Concluded()]).When(Raise()).ThenRejected("verification-concluded");
        Spec.Given([.. Checked, Concluded()]).When(Conclude(tonnes: 999)).ThenRejected("verification-concluded");
        Spec.Given([.. Checked, Concluded()]).When(Raise() with { Version = Refiled }).Then(Raised with { ReportVersion = 2 });
        Spec.Given([.. Checked, Concluded()]).When(Conclude() with { Version = Refiled }).Then(Concluded() with { ReportVersion = 2 });
    }

    [Fact]
    public void No_statement_while_anything_is_left_to_do()
    {
        Spec.Given([.. AtWork, Visited]).When(Conclude()).ThenRejected("starred-items-open");
        Spec.Given([.. AtWork, Ticked]).When(Conclude()).ThenRejected("site-visit-missing");
        Spec.Given([.. AtWork, Ticked]).When(Conclude() with { SiteVisitRequired = false }).Then(Concluded());
        Spec.Given([.. Checked, Raised]).When(Conclude()).ThenRejected("findings-open");
        Spec.Given([.. Checked, Raised, Answered]).When(Conclude(Conclusion.Adverse)).ThenRejected("findings-open");
        Spec.Given([.. Checked, new EngagementEvent.InformationRequested(TheEngagement.Mandate, Second, "Invoices?", Today, Noon)]).When(Conclude())
            .ThenRejected("request-open");
        Spec.Given(Checked).When(Conclude() with { Day = Due.AddDays(1) }).ThenRejected("verification-late");
    }

    [Fact]
    public void A_tie_that_came_to_light_since_the_appointment_bars_the_statement() =>
        Spec.Given(Checked).When(Conclude() with { Ties = Ties.None with { Compiled = new Compiled(Bureau, Mill, Year) } })
            .ThenRejected("conflict-compiled");

    [Fact]
    public void What_was_not_corrected_makes_the_statement_qualified_and_its_figure_conservative()
    {
        Spec.Given([.. Checked, Raised, NotCorrected]).When(Conclude(Conclusion.Qualified)).ThenRejected("estimate-missing");
        Spec.Given([.. Checked, Raised, NotCorrected, Estimated]).When(Conclude(tonnes: 1030)).ThenRejected("positive-with-uncorrected");
        Spec.Given([.. Checked, Raised, NotCorrected, Estimated]).When(Conclude(Conclusion.Qualified, 1029)).ThenRejected("figure-not-conservative");
        Spec.Given([.. Checked, Raised, NotCorrected, Estimated]).When(Conclude(Conclusion.Qualified, 1030)).Then(Concluded(Conclusion.Qualified, 1030));
        Spec.Given([.. Checked, Raised, NotCorrected]).When(Conclude(Conclusion.Adverse, 0)).Then(Concluded(Conclusion.Adverse, 0));
    }
}
