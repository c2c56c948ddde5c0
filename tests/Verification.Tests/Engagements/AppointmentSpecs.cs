using CarbonMarket.Verification.Interests;
using static CarbonMarket.Verification.Engagements.TheEngagement;

namespace CarbonMarket.Verification.Engagements;

public sealed class AppointmentSpecs
{
    [Fact]
    public void The_regulator_appoints_a_verifier() => Spec.Given().When(Appoint()).Then(Appointed);

    [Fact]
    public void One_verifier_is_appointed_for_an_entity_and_year() =>
        Spec.Given(Appointed).When(Appoint(OtherBureau)).ThenRejected("verifier-appointed");

    [Fact]
    public void After_a_dismissal_another_one_takes_over_what_was_found() =>
        Spec.Given([.. AtWork, Raised, new EngagementEvent.VerifierDismissed(TheEngagement.Mandate, "Its accreditation ended.", Noon)])
            .When(Appoint(OtherBureau)).ThenState(engagement =>
            {
                (engagement!.VerifierParticipantId, engagement.Stage).ShouldBe((OtherBureau, EngagementStage.Appointed));
                engagement.Findings.ShouldHaveSingleItem().Id.ShouldBe(First);
            });

    [Fact]
    public void A_dismissed_verifier_does_no_more() =>
        Spec.Given([.. AtWork, new EngagementEvent.VerifierDismissed(TheEngagement.Mandate, "No.", Noon)]).When(Raise()).ThenRejected("verifier-dismissed");

    [Fact]
    public void Nobody_verifies_its_own_report() => Spec.Given().When(Appoint(Mill)).ThenRejected("conflict-of-interest");

    [Fact]
    public void Who_compiled_it_does_not_verify_it() =>
        Spec.Given().When(Appoint(ties: Ties.None with { Compiled = new Compiled(Bureau, Mill, Year) })).ThenRejected("conflict-compiled");

    [Fact]
    public void Nobody_verifies_within_its_own_group() =>
        Spec.Given().When(Appoint(ties: Ties.None with { Group = "Qilian" })).ThenRejected("conflict-group");

    [Theory]
    [InlineData(2, null)]
    [InlineData(3, "conflict-rotation")]
    public void After_the_packs_years_in_a_row_another_one_verifies(int years, string? refusal)
    {
        var answer = Spec.Given().When(Appoint(ties: Ties.None with { YearsInARow = years, MostYearsInARow = 3 }));
        if (refusal is null)
            answer.Then(Appointed);
        else
            answer.ThenRejected(refusal);
    }

    [Fact]
    public void What_last_year_left_open_comes_with_the_appointment_until_it_is_closed()
    {
        var left = new EarlierFinding(Second, Year.Previous, FindingCategory.Data, "No calibration", FindingConclusion.NotCorrected);
        Spec.Given(Appointed with { Earlier = [left] }, Staffed, Planned)
            .When(new EngagementCommand.CloseEarlier(Second, "Calibrated", Bureau, Today, Noon))
            .Then(new EngagementEvent.EarlierFindingClosed(TheEngagement.Mandate, Second, "Calibrated", Noon));
        Spec.Given([Appointed with { Earlier = [left] }, Staffed, Planned, Raised]).When(On(FindingConclusion.NotCorrected, CorrectBy.AddDays(1)))
            .ThenState(engagement => engagement!.Unclosed().Select(finding => finding.FindingId).ShouldBe([Second, First]));
    }

    [Fact]
    public void What_an_earlier_verifier_closed_stays_closed_when_another_one_takes_over()
    {
        var left = new EarlierFinding(Second, Year.Previous, FindingCategory.Data, "No calibration", FindingConclusion.NotCorrected);
        EngagementEvent[] closed =
        [
            Appointed with { Earlier = [left] }, Staffed, Planned, new EngagementEvent.EarlierFindingClosed(TheEngagement.Mandate, Second, "Calibrated", Noon),
            new EngagementEvent.VerifierDismissed(TheEngagement.Mandate, "Its accreditation ended.", Noon),
        ];
        Spec.Given(closed).When(Appoint(OtherBureau) with { Earlier = [left] }).ThenState(engagement =>
        {
            engagement!.VerifierParticipantId.ShouldBe(OtherBureau);
            engagement.Unclosed().ShouldBeEmpty();
        });
    }

    [Fact]
    public void What_was_corrected_is_not_shown_to_the_next_year() =>
        Spec.Given([.. AtWork, Raised, Answered]).When(On(FindingConclusion.Corrected))
            .ThenState(engagement => engagement!.Unclosed().ShouldBeEmpty());

    [Fact]
    public void More_time_ends_later_than_before()
    {
        var extend = new EngagementCommand.Extend(Due.AddDays(31), "Steel is due in July.", Today, Noon);
        Spec.Given(Appointed).When(extend).Then(new EngagementEvent.StatementTimeExtended(TheEngagement.Mandate, Due.AddDays(31), "Steel is due in July.", Noon));
        Spec.Given(Appointed).When(extend with { StatementBy = Due.AddDays(-1) }).ThenRejected("extension-not-later");
        Spec.Given(Appointed).When(extend with { StatementBy = Due.AddDays(1), Day = Due.AddDays(2) }).ThenRejected("extension-not-later");
        Spec.Given(Appointed).When(extend with { StatementBy = Due.AddDays(2), Day = Due.AddDays(2) }).Then(
            new EngagementEvent.StatementTimeExtended(TheEngagement.Mandate, Due.AddDays(2), "Steel is due in July.", Noon));
    }

    [Fact]
    public void An_extension_that_is_sent_again_after_its_day_is_answered_as_the_first_time()
    {
        var extended = new EngagementEvent.StatementTimeExtended(TheEngagement.Mandate, Due.AddDays(31), "Steel is due in July.", Noon);
        Spec.Given(Appointed, extended).When(new EngagementCommand.Extend(Due.AddDays(31), "Steel is due in July.", Due.AddDays(32), Noon)).ThenNothing();
    }
}
