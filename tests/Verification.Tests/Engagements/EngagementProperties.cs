using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Verification.Reports;
using CsCheck;
using static CarbonMarket.Verification.Engagements.EngagementCommand;
using static CarbonMarket.Verification.Engagements.TheEngagement;

namespace CarbonMarket.Verification.Engagements;

public sealed class EngagementProperties
{
    private static readonly Gen<ImmutableArray<ReportSource>> Sources =
        Gen.Long[0, 1_000_000].Array[1, 6].Select(tonnes => tonnes.Select((each, index) => new ReportSource($"S{index}", Tonnes.Of(each))).ToImmutableArray());

    private static readonly Gen<Finding> AnyFinding = Gen.Select(
        Gen.Int[0, 7], Gen.Bool, Gen.Enum<FindingConclusion>(), Gen.Long[0, 2_000_000], Gen.Bool,
        (source, about, conclusion, tonnes, estimated) => new Finding(
            Guid.Empty, FindingCategory.Data, "?", "?", about ? $"S{source}" : null, 1, null, null, null, conclusion, null,
            estimated ? new ConservativeEstimate(Tonnes.Of(tonnes), "?") : null));

    private static readonly Gen<InformationRequest[]> Requests = Gen.Select(
        Gen.Int[0, 200], Gen.Int[0, 60], (from, days) => new InformationRequest(Guid.Empty, "?", Today.AddDays(from), "!", Today.AddDays(from + days))).Array[0, 8];

    private static readonly ImmutableArray<EngagementCommand> Commands =
    [
        Appoint(), Appoint(OtherBureau), new Dismiss("No.", Today, Noon), new NameTeam("Li", ["Wang"], Bureau, Today, Noon),
        new MakePlan([Starred, Plain], Bureau, Today, Noon), new TickItem("1.1", "Done", Bureau, Today, Noon),
        new VisitSite(Second, Today, Today, "Seen", Bureau, Today, Noon), new AskFor(Second, "?", Bureau, Today, Noon),
        new AnswerRequest(Second, "!", Mill, Today, Noon), Raise(), Correct(), On(FindingConclusion.Corrected), On(FindingConclusion.Insufficient),
        On(FindingConclusion.NotCorrected, CorrectBy.AddDays(1)), Estimate(330), Conclude(), Conclude(Conclusion.Qualified, 1030), Conclude(Conclusion.Adverse),
    ];

    [Fact]
    public void A_conservative_figure_is_never_below_the_reported_one_and_no_estimate_lowers_it() =>
        Gen.Select(Sources, AnyFinding.Array[0, 8], AnyFinding).Sample((sources, findings, one) =>
        {
            var figure = Engagement.Conservative(sources, findings);
            figure.ShouldBeGreaterThanOrEqualTo(sources.Aggregate(Tonnes.Zero, (sum, source) => sum + source.Tonnes));
            Engagement.Conservative(sources, findings.Append(one)).ShouldBeGreaterThanOrEqualTo(figure);
        });

    [Fact]
    public void The_last_day_is_later_by_each_day_on_which_a_request_was_open() =>
        Requests.Sample(requests =>
        {
            var waiting = Enumerable.Range(0, 300).Select(Today.AddDays)
                .Count(day => requests.Any(request => request.AskedOn <= day && day < request.AnsweredOn));
            StatementTime.LastDay(Due, [.. requests]).ShouldBe(Due.AddDays(waiting));
            StatementTime.LastDay(Due, [.. requests, new InformationRequest(Guid.Empty, "?", Today, null, null)]).ShouldBeNull();
            StatementTime.LastDay(null, [.. requests]).ShouldBeNull();
        });

    [Fact]
    public void An_extension_to_the_end_of_all_days_ends_there() =>
        StatementTime.LastDay(DateOnly.MaxValue.AddDays(-1), [new InformationRequest(Guid.Empty, "?", Today, "!", Today.AddDays(9))]).ShouldBe(DateOnly.MaxValue);

    [Fact]
    public void Whatever_is_asked_in_whatever_order_nothing_stands_without_what_it_rests_on() =>
        Gen.Int[0, Commands.Length - 1].Select(index => Commands[index])
            .Array[0, 60].Sample(commands =>
            {
                Engagement? engagement = null;
                foreach (var command in commands)
                {
                    if (Engagement.Decide(engagement, command) is not Decision<EngagementEvent>.Accepted accepted)
                        continue;
                    var before = engagement;
                    foreach (var @event in accepted.Events)
                        engagement = Engagement.After(engagement, @event);
                    Holds(before, command, engagement!, changed: !accepted.Events.IsEmpty);
                }
            });

    private static void Holds(Engagement? before, EngagementCommand command, Engagement after, bool changed)
    {
        if (!after.Plan.IsEmpty)
            after.Team.ShouldNotBeNull();
        if (after.Ticked.Length + after.Visits.Length > 0)
            after.Plan.ShouldNotBeEmpty();
        foreach (var finding in after.Findings)
        {
            if (finding.Conclusion is FindingConclusion.Corrected or FindingConclusion.Insufficient)
                finding.IsAnswered.ShouldBeTrue();
        }

        if (command is not Conclude conclude || !changed)
            return;
        before!.Ticked.Select(ticked => ticked.Code).ShouldContain("1.1");
        before.Visits.ShouldNotBeEmpty();
        before.Findings.Where(finding => finding.IsOpen).ShouldBeEmpty();
        before.Requests.Where(request => request.AnsweredOn == null).ShouldBeEmpty();
        before.DismissedBecause.ShouldBeNull();
        if (conclude.Conclusion == Conclusion.Positive)
            before.Findings.Where(finding => finding.Conclusion != FindingConclusion.Corrected).ShouldBeEmpty();
        if (conclude.Conclusion == Conclusion.Qualified && before.Findings.Any(finding => finding.IsUncorrected))
            conclude.Verified.ShouldBeGreaterThanOrEqualTo(Engagement.Conservative(Filed.Sources, before.Findings));
    }
}
