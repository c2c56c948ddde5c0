using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using CarbonMarket.Verification.Interests;
using CarbonMarket.Verification.Reports;
using static CarbonMarket.Verification.Engagements.EngagementCommand;
using static CarbonMarket.Verification.Engagements.EngagementEvent;

namespace CarbonMarket.Verification.Engagements;

/// <summary>The bureau verifies the mill's report for 2025, and what the bureau, the mill and the regulator do about it.</summary>
internal static class TheEngagement
{
    public static readonly Guid Mill = Guid.Parse("11111111-1111-4111-8111-111111111111");
    public static readonly Guid Bureau = Guid.Parse("44444444-4444-4444-8444-444444444444");
    public static readonly Guid OtherBureau = Guid.Parse("55555555-5555-4555-8555-555555555555");
    public static readonly Guid First = Guid.Parse("f0000000-0000-4000-8000-000000000001");
    public static readonly Guid Second = Guid.Parse("f0000000-0000-4000-8000-000000000002");
    public static readonly ComplianceYear Year = ComplianceYear.Of(2025);
    public static readonly DateOnly Due = new(2026, 6, 30);
    public static readonly DateOnly CorrectBy = new(2026, 5, 1);
    public static readonly DateOnly Today = new(2026, 4, 1);
    public static readonly DateTimeOffset Noon = new(2026, 4, 1, 4, 0, 0, TimeSpan.Zero);

    public static readonly Mandate Mandate = new("gansu", Engagement.IdOf("gansu", Mill, Year), Mill, Year, Bureau);
    public static readonly ReportSource Boiler = new("Boiler", Tonnes.Of(700));
    public static readonly ReportSource Kiln = new("Kiln", Tonnes.Of(300));
    public static readonly FiledVersion Filed = new(1, [Boiler, Kiln]);
    public static readonly FiledVersion Refiled = new(2, [Boiler, Kiln]);

    public static readonly VerifierAppointed Appointed = new(Mandate, Due, [], Noon);
    public static readonly TeamNamed Staffed = new(Mandate, "Li", ["Wang", "Zhao"], Noon);
    public static readonly PlanItem Starred = new("1.1", "Coal weighing records", Starred: true);
    public static readonly PlanItem Plain = new("1.2", "Organisation chart", Starred: false);
    public static readonly PlanMade Planned = new(Mandate, [Starred, Plain], Noon);
    public static readonly PlanItemDone Ticked = new(Mandate, "1.1", "Belt scale, twelve months", Noon);
    public static readonly SiteVisited Visited = new(Mandate, Second, Today, Today, "Boiler house", Noon);
    public static readonly FindingRaised Raised = new(Mandate, First, FindingCategory.Data, "The kiln is not metered.", "FC", "Kiln", 1, CorrectBy, Noon);
    public static readonly FindingAnswered Answered = new(Mandate, First, "No meter", "Metered since May", Noon);
    public static readonly FindingConcluded Corrected = new(Mandate, First, FindingConclusion.Corrected, "Seen", Noon);
    public static readonly FindingConcluded Insufficient = Corrected with { Conclusion = FindingConclusion.Insufficient };
    public static readonly FindingConcluded NotCorrected = Corrected with { Conclusion = FindingConclusion.NotCorrected };
    public static readonly FindingEstimated Estimated = new(Mandate, First, 1, Tonnes.Of(300), Tonnes.Of(330), "Nameplate capacity", Noon);

    public static readonly EngagementEvent[] AtWork = [Appointed, Staffed, Planned];
    public static readonly EngagementEvent[] Checked = [.. AtWork, Ticked, Visited];

    public static readonly Spec<Engagement?, EngagementCommand, EngagementEvent> Spec = new(() => null, Engagement.Decide, Engagement.After);

    public static Appoint Appoint(Guid? verifier = null, Ties? ties = null) =>
        new(Mandate with { VerifierParticipantId = verifier ?? Bureau }, ties ?? Ties.None, Due, [], Today, Noon);

    public static RaiseFinding Raise() =>
        new(First, FindingCategory.Data, "The kiln is not metered.", "FC", "Kiln", Filed, CorrectBy, Bureau, Today, Noon);

    public static Correct Correct(DateOnly? day = null) => new(First, "No meter", "Metered since May", Mill, day ?? Today, Noon);

    public static ConcludeFinding On(FindingConclusion conclusion, DateOnly? day = null) => new(First, conclusion, "Seen", Bureau, day ?? Today, Noon);

    public static Estimate Estimate(long tonnes) => new(First, Filed, Tonnes.Of(tonnes), "Nameplate capacity", Bureau, Today, Noon);

    public static Conclude Conclude(Conclusion conclusion = Conclusion.Positive, long tonnes = 1000) =>
        new(Filed, conclusion, Tonnes.Of(tonnes), Ties.None, SiteVisitRequired: true, Bureau, Today, Noon);

    public static VerificationConcluded Concluded(Conclusion conclusion = Conclusion.Positive, long tonnes = 1000) =>
        new(Mandate, 1, conclusion, Tonnes.Of(tonnes), Noon);
}
