using System.Collections.Immutable;
using static CarbonMarket.Verification.Engagements.EngagementCommand;
using static CarbonMarket.Verification.Engagements.TheEngagement;

namespace CarbonMarket.Verification.Engagements;

public sealed class WorkSpecs
{
    [Fact]
    public void A_team_is_named_and_makes_a_plan_and_carries_it_out()
    {
        Spec.Given(Appointed).When(new NameTeam("Li", ["Wang", "Zhao"], Bureau, Today, Noon)).Then(Staffed);
        Spec.Given(Appointed, Staffed).When(new MakePlan([Starred, Plain], Bureau, Today, Noon)).Then(Planned);
        Spec.Given(AtWork).When(new TickItem("1.1", "Belt scale, twelve months", Bureau, Today, Noon)).Then(Ticked);
        Spec.Given(AtWork).When(new VisitSite(Second, Today, Today, "Boiler house", Bureau, Today, Noon)).Then(Visited);
    }

    [Fact]
    public void Nothing_comes_before_what_it_rests_on()
    {
        Spec.Given().When(Raise()).ThenRejected("unknown-engagement");
        Spec.Given(Appointed).When(new MakePlan([Starred], Bureau, Today, Noon)).ThenRejected("team-missing");
        Spec.Given(Appointed, Staffed).When(Raise()).ThenRejected("plan-missing");
        Spec.Given(AtWork).When(Raise() with { Version = null }).ThenRejected("nothing-filed");
    }

    [Fact]
    public void Another_verifier_and_another_entity_learn_nothing()
    {
        Spec.Given(AtWork).When(Raise() with { By = OtherBureau }).ThenRejected("unknown-engagement");
        Spec.Given([.. AtWork, Raised]).When(Correct() with { By = OtherBureau }).ThenRejected("unknown-engagement");
    }

    [Fact]
    public void A_starred_item_stays_in_the_plan_and_what_stays_the_same_stays_done()
    {
        Spec.Given([.. AtWork, Ticked]).When(new MakePlan([Plain], Bureau, Today, Noon)).ThenRejected("starred-item-dropped");
        Spec.Given([.. AtWork, Ticked]).When(new MakePlan([Starred], Bureau, Today, Noon))
            .ThenState(engagement => engagement!.Ticked.ShouldHaveSingleItem().Code.ShouldBe("1.1"));
        Spec.Given(AtWork).When(new TickItem("9", "?", Bureau, Today, Noon)).ThenRejected("unknown-item");
    }

    [Fact]
    public void A_visit_lies_in_the_past()
    {
        Spec.Given(AtWork).When(new VisitSite(Second, Today, Today.AddDays(1), "Soon", Bureau, Today, Noon)).ThenRejected("visit-days");
        Spec.Given(AtWork).When(new VisitSite(Second, Today, Today.AddDays(-1), "Backwards", Bureau, Today, Noon)).ThenRejected("visit-days");
        Spec.Given([.. AtWork, Visited]).When(new VisitSite(Second, Today, Today, "Another", Bureau, Today, Noon)).ThenRejected("id-reused");
    }

    [Fact]
    public void A_request_is_answered_once()
    {
        var asked = new EngagementEvent.InformationRequested(TheEngagement.Mandate, Second, "Invoices?", Today, Noon);
        var given = new EngagementEvent.InformationGiven(TheEngagement.Mandate, Second, "Attached", Today.AddDays(5), Noon);
        Spec.Given(AtWork).When(new AskFor(Second, "Invoices?", Bureau, Today, Noon)).Then(asked);
        Spec.Given([.. AtWork, asked]).When(new AskFor(Second, "Scales?", Bureau, Today, Noon)).ThenRejected("id-reused");
        Spec.Given([.. AtWork, asked]).When(new AnswerRequest(Second, "Attached", Mill, Today.AddDays(5), Noon)).Then(given);
        Spec.Given([.. AtWork, asked, given]).When(new AnswerRequest(Second, "Another", Mill, Today, Noon)).ThenRejected("request-answered");
        Spec.Given(AtWork).When(new AnswerRequest(Second, "Attached", Mill, Today, Noon)).ThenRejected("unknown-request");
    }

    [Fact]
    public void The_verifiers_time_stands_still_while_it_waits()
    {
        var asked = new EngagementEvent.InformationRequested(TheEngagement.Mandate, Second, "Invoices?", Due.AddDays(-2), Noon);
        var given = new EngagementEvent.InformationGiven(TheEngagement.Mandate, Second, "Attached", Due.AddDays(8), Noon);
        var after = new DateOnly(2026, 7, 11);
        Spec.Given(AtWork).When(Raise() with { Day = Due.AddDays(1) }).ThenRejected("verification-late");
        Spec.Given([.. AtWork, asked]).When(Raise() with { Day = after }).Then(Raised);
        Spec.Given([.. AtWork, asked, given]).When(Raise() with { Day = after.AddDays(-1) }).Then(Raised);
        Spec.Given([.. AtWork, asked, given]).When(Raise() with { Day = after }).ThenRejected("verification-late");
    }

    [Fact]
    public void A_list_that_is_full_takes_no_more()
    {
        var requests = Enumerable.Range(0, 100).Select(number => (EngagementEvent)new EngagementEvent.InformationRequested(
            TheEngagement.Mandate, new Guid(number + 1, 0, 0, new byte[8]), "?", Today, Noon)).ToImmutableArray();
        Spec.Given([.. AtWork, .. requests]).When(new AskFor(Second, "?", Bureau, Today, Noon)).ThenRejected("engagement-full");
    }
}
