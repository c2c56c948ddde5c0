using CarbonMarket.Testing;
using CarbonMarket.Trading.Surveillance;
using static CarbonMarket.Trading.Surveillance.CaseCommand;
using static CarbonMarket.Trading.Surveillance.CaseEvent;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Surveillance;

/// <summary>How officials work a case: Rosa and Remy are the regulator's.</summary>
public sealed class SurveillanceCaseSpecs
{
    private const string Rosa = "rosa";
    private const string Remy = "remy";

    private static readonly Alert First = Alert.Of(
        "test", AbusePattern.WashTrade, Plain, [Ann, Bob], Monday, Morning, [new Measurement("window-seconds", 60, 10)], [Proof.OfTrade(7, Id("trade"))]);

    private static readonly Alert Second = Alert.Of(
        "test", AbusePattern.WashTrade, Plain, [Bob, Ann], Monday, At(11, 0), [new Measurement("window-seconds", 60, 20)], [Proof.OfTrade(9, Id("trade 2"))]);

    private static readonly Guid Case = First.CaseId;

    private static readonly Spec<SurveillanceCase?, CaseCommand, CaseEvent> Spec = new(() => null, SurveillanceCase.Decide, SurveillanceCase.After);

    private static readonly CaseEvent Raised = new AlertRaised(First);
    private static readonly CaseClaimed Claimed = new(Case, "test", Id("claim"), Rosa, "my turn", null, Morning);
    private static readonly CaseClosed Closed = new(Case, "test", Id("close"), Rosa, "a mother and her daughter", CaseConclusion.NoBreach, Morning);

    [Fact]
    public void An_alert_opens_its_case_and_a_further_one_joins_it()
    {
        Spec.Given().When(new Raise(First)).Then(Raised);
        Second.CaseId.ShouldBe(Case);
        Spec.Given(Raised).When(new Raise(Second)).Then(new AlertRaised(Second));
        Spec.Given(Raised).When(new Raise(First)).ThenNothing();
    }

    [Fact]
    public void A_case_holds_as_many_alerts_as_the_watch_raises() =>
        Spec.Given(Enumerable.Range(1, Moment.MostAlertsOfACase).Select(i => new AlertRaised(First with { AlertId = Id($"alert {i}") })))
            .When(new Raise(Second)).ThenNothing();

    [Fact]
    public void One_official_takes_it_and_another_only_takes_it_over()
    {
        Spec.Given(Raised).When(Claim(Rosa)).Then(Claimed);
        Spec.Given(Raised, Claimed).When(Claim(Remy)).ThenRejected("case-claimed");
        Spec.Given(Raised, Claimed).When(Claim(Remy) with { TakeOver = true })
            .Then(new CaseClaimed(Case, "test", Id("remy's claim"), Remy, "my turn", Rosa, Morning));
        Spec.Given(Raised, Claimed).When(Claim(Rosa) with { ActId = Id("again") }).ThenNothing();
    }

    [Fact]
    public void Only_who_has_it_closes_it()
    {
        Spec.Given(Raised).When(Close(Rosa)).ThenRejected("case-not-claimed");
        Spec.Given(Raised, Claimed).When(Close(Remy)).ThenRejected("case-claimed");
        Spec.Given(Raised, Claimed).When(Close(Rosa)).Then(Closed);
        Spec.Given(Raised, Claimed).After(Claim(Remy) with { TakeOver = true }).When(Close(Rosa)).ThenRejected("case-claimed");
    }

    [Fact]
    public void Every_official_comments_and_adds_evidence_until_it_is_closed()
    {
        var comment = new Comment(Id("comment"), Remy, "they share an address", Morning);
        var evidence = new AddEvidence(Id("evidence"), Remy, "and again", [3, 4], Morning);
        Spec.Given(Raised, Claimed).When(comment).Then(new CaseCommented(Case, "test", Id("comment"), Remy, "they share an address", Morning));
        Spec.Given(Raised, Claimed).When(evidence).Then(new EvidenceAdded(Case, "test", Id("evidence"), Remy, "and again", [3, 4], Morning));
        Spec.Given(Raised, Claimed, Closed).When(comment).ThenRejected("case-closed");
        Spec.Given(Raised, Claimed, Closed).When(evidence).ThenRejected("case-closed");
        Spec.Given(Raised, Claimed, Closed).When(Claim(Remy)).ThenRejected("case-closed");
    }

    [Fact]
    public void Another_official_than_the_one_who_closed_it_opens_it_again()
    {
        Spec.Given(Raised, Claimed).When(Reopen(Remy)).ThenRejected("case-not-closed");
        Spec.Given(Raised, Claimed, Closed).When(Reopen(Rosa)).ThenRejected("four-eyes");
        Spec.Given(Raised, Claimed, Closed).When(Reopen(Remy)).Then(new CaseReopened(Case, "test", Id("reopen"), Remy, "the daughter is a shell", Morning));
        Spec.Given(Raised, Claimed, Closed).When(Reopen(Remy)).ThenState(found =>
            (found!.Status, found.Holder, found.Closing).ShouldBe((CaseStatus.Raised, null, null)));
    }

    [Fact]
    public void A_further_alert_opens_a_closed_case() =>
        Spec.Given(Raised, Claimed, Closed).When(new Raise(Second)).ThenState(found =>
            (found!.Status, found.Holder, found.Closing, found.Alerts.Length).ShouldBe((CaseStatus.Raised, null, null, 2)));

    [Fact]
    public void An_id_stands_for_one_act()
    {
        Spec.Given(Raised, Claimed).When(Claim(Rosa) with { Text = "not my turn" }).ThenRejected("id-reused");
        Spec.Given(Raised, Claimed).When(new Comment(Id("claim"), Rosa, "my turn", Morning)).ThenRejected("id-reused");
        Spec.Given(Raised, Claimed).When(Claim(Remy) with { ActId = Id("claim") }).ThenRejected("id-reused");
        Spec.Given(Raised, Claimed, Closed).When(Close(Rosa) with { Conclusion = CaseConclusion.Warned }).ThenRejected("id-reused");
        Spec.Given(Raised, new EvidenceAdded(Case, "test", Id("evidence"), Rosa, "and again", [3, 4], Morning))
            .When(new AddEvidence(Id("evidence"), Rosa, "and again", [3, 5], Morning)).ThenRejected("id-reused");
    }

    [Fact]
    public void A_case_that_is_full_of_words_can_still_be_closed()
    {
        var words = Enumerable.Range(1, SurveillanceCase.MostWords)
            .Select(i => (CaseEvent)new CaseCommented(Case, "test", Id($"comment {i}"), Remy, "hm", Morning));
        Spec.Given([Raised, Claimed, .. words]).When(new Comment(Id("one more"), Remy, "hm", Morning)).ThenRejected("case-full");
        Spec.Given([Raised, Claimed, .. words]).When(Close(Rosa)).Then(Closed);
    }

    [Fact]
    public void There_is_no_case_without_an_alert() => Spec.Given().When(Claim(Rosa)).ThenRejected("unknown-case");

    private static Claim Claim(string by) => new(by == Rosa ? Id("claim") : Id("remy's claim"), by, "my turn", TakeOver: false, Morning);

    private static Close Close(string by) => new(Id("close"), by, "a mother and her daughter", CaseConclusion.NoBreach, Morning);

    private static Reopen Reopen(string by) => new(Id("reopen"), by, "the daughter is a shell", Morning);
}
