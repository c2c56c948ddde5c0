using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Kernel;
using CarbonMarket.Verification.Reports;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Verification.Engagements.EngagementEvent>;
using static CarbonMarket.Verification.Engagements.EngagementCommand;
using static CarbonMarket.Verification.Engagements.EngagementEvent;

namespace CarbonMarket.Verification.Engagements;

/// <summary>Findings and what follows from them: corrections in time, conservative estimates, the statement.</summary>
public sealed partial record Engagement
{
    /// <summary>
    /// What the verifier reckons with at least: each source as reported or as estimated, whichever is more, and what is
    /// missing from the report. So never less than was reported.
    /// </summary>
    public static Tonnes Conservative(ImmutableArray<ReportSource> sources, IEnumerable<Finding> findings)
    {
        var uncorrected = findings.Where(finding => finding is { IsUncorrected: true, Estimate: not null }).ToList();
        var estimates = uncorrected.Where(finding => finding.Source is not null)
            .GroupBy(finding => finding.Source!, finding => finding.Estimate!.Tonnes, StringComparer.Ordinal)
            .ToDictionary(source => source.Key, source => source.Max(), StringComparer.Ordinal);
        var reported = sources.Select(source =>
            estimates.Remove(source.Name, out var estimate) && estimate > source.Tonnes ? estimate : source.Tonnes).ToList();
        return reported.Concat(estimates.Values)
            .Concat(uncorrected.Where(finding => finding.Source is null).Select(finding => finding.Estimate!.Tonnes))
            .Aggregate(Tonnes.Zero, (sum, tonnes) => sum + tonnes);
    }

    private Engagement AfterFinding(EngagementEvent @event) => @event switch
    {
        FindingRaised e => this with
        {
            Findings = Findings.Add(new Finding(
                e.FindingId, e.Category, e.Description, e.Parameter, e.Source, e.ReportVersion, e.CorrectBy, null, null, null, null, null)),
        },
        FindingAnswered e => With(e.FindingId, finding => finding with { Cause = e.Cause, CorrectiveAction = e.CorrectiveAction, Conclusion = null, Note = null }),
        FindingConcluded e => With(e.FindingId, finding => finding with { Conclusion = e.Conclusion, Note = e.Note }),
        FindingEstimated e => With(e.FindingId, finding => finding with { Estimate = new ConservativeEstimate(e.Tonnes, e.Basis) }),
        _ => throw new UnreachableException(@event.ToString()),
    };

    private Decision<EngagementEvent> OnRaise(RaiseFinding c) => Of(c.FindingId) switch
    {
        { } known => Says(known, c) ? Accept() : Reused(c.FindingId),
        _ when c.Version is not { } => Unfiled(),
        _ when Concluded?.ReportVersion == c.Version.ReportVersion => AlreadyConcluded(),
        _ when c.Source is { } source && c.Version.Sources.All(reported => reported.Name != source) =>
            Reject("unknown-source", $"Version {c.Version.ReportVersion} reports no source {source}."),
        _ when Findings.Length >= MostItems => Full("findings", MostItems),
        _ => Accept(new FindingRaised(
            Mandate, c.FindingId, c.Category, c.Description, c.Parameter, c.Source, c.Version.ReportVersion, c.CorrectBy, c.At)),
    };

    private Decision<EngagementEvent> OnCorrect(Correct c) => Of(c.FindingId) switch
    {
        null => UnknownFinding(c.FindingId),
        { } f when f.Cause == c.Cause && f.CorrectiveAction == c.CorrectiveAction => Accept(),
        { Conclusion: FindingConclusion.Corrected or FindingConclusion.NotCorrected } f =>
            Reject("finding-concluded", $"The verifier has concluded on finding {f.Id}: {f.Conclusion}."),
        { } f when !f.IsInTime(c.Day) =>
            Reject("correction-late", $"The last day to correct finding {f.Id} was {f.CorrectBy:yyyy-MM-dd}; today is {c.Day:yyyy-MM-dd}."),
        { } f => Accept(new FindingAnswered(Mandate, f.Id, c.Cause, c.CorrectiveAction, c.At)),
    };

    private Decision<EngagementEvent> OnConclude(ConcludeFinding c) => Of(c.FindingId) switch
    {
        null => UnknownFinding(c.FindingId),
        { } f when f.Conclusion == c.Conclusion && f.Note == c.Note => Accept(),
        { IsAnswered: false } f when c.Conclusion != FindingConclusion.NotCorrected =>
            Reject("correction-missing", $"Nothing was said of a correction of finding {f.Id} yet."),
        { CorrectBy: { } by } f when c.Conclusion == FindingConclusion.NotCorrected && f.IsInTime(c.Day) =>
            Reject("correction-window-open", $"Finding {f.Id} may be corrected until {by:yyyy-MM-dd}."),
        { } f => Accept(new FindingConcluded(Mandate, f.Id, c.Conclusion, c.Note, c.At)),
    };

    private Decision<EngagementEvent> OnEstimate(Estimate c) => Of(c.FindingId) switch
    {
        null => UnknownFinding(c.FindingId),
        _ when c.Version is not { } => Unfiled(),
        { IsUncorrected: false } f => Reject("estimate-not-due", $"Finding {f.Id} is {f.Conclusion?.ToString() ?? "open"}: only what stays uncorrected is estimated."),
        { } f when f.Estimate == new ConservativeEstimate(c.Tonnes, c.Basis) => Accept(),
        _ when Concluded?.ReportVersion == c.Version.ReportVersion => AlreadyConcluded(),
        { } f when c.Tonnes < Reported(f, c.Version) =>
            Reject("estimate-below-reported", $"{Reported(f, c.Version)} are reported of {f.Source}; an estimate of {c.Tonnes} is not conservative."),
        { } f => Accept(new FindingEstimated(Mandate, f.Id, c.Version.ReportVersion, Reported(f, c.Version), c.Tonnes, c.Basis, c.At)),
    };

    private Decision<EngagementEvent> OnRepeatedConclusion(Conclude c) =>
        Concluded == new ConcludedVerification(c.Version.ReportVersion, c.Conclusion, c.Verified) ? Accept() : AlreadyConcluded();

    private Decision<EngagementEvent> OnConclude(Conclude c) => c switch
    {
        _ when c.Ties.Conflict<EngagementEvent>(VerifierParticipantId, ParticipantId) is { } conflict => conflict,
        _ when Plan.Where(item => item.Starred && Ticked.All(ticked => ticked.Code != item.Code)).Select(item => item.Code).ToList() is { Count: > 0 } open =>
            Reject("starred-items-open", $"Starred items of the plan are not done: {string.Join(", ", open)}."),
        { SiteVisitRequired: true } when Visits.IsEmpty => Reject("site-visit-missing", "No visit on site is recorded."),
        _ when Requests.Count(request => request.AnsweredOn is null) is > 0 and var open =>
            Reject("request-open", $"{open} requests for information are not answered."),
        _ when Findings.Count(finding => finding.IsOpen) is > 0 and var open => Reject("findings-open", $"{open} findings are not concluded upon."),
        { Conclusion: Conclusion.Adverse } => Concludes(c),
        { Conclusion: Conclusion.Positive } when Findings.Count(finding => finding.IsUncorrected) is > 0 and var left =>
            Reject("positive-with-uncorrected", $"{left} findings were not corrected; the statement is qualified or adverse."),
        _ when Findings.Count(finding => finding is { IsUncorrected: true, Estimate: null }) is > 0 and var left =>
            Reject("estimate-missing", $"{left} findings were not corrected and have no conservative estimate."),
        _ when Findings.Any(finding => finding.IsUncorrected) && c.Verified < Conservative(c.Version.Sources, Findings) => Reject(
            "figure-not-conservative", $"With what was not corrected the figure is at least {Conservative(c.Version.Sources, Findings)}, not {c.Verified}."),
        _ => Concludes(c),
    };

    private Decision<EngagementEvent> Concludes(Conclude c) =>
        Accept(new VerificationConcluded(Mandate, c.Version.ReportVersion, c.Conclusion, c.Verified, c.At));

    private Finding? Of(Guid findingId) => Findings.FirstOrDefault(finding => finding.Id == findingId);

    private Engagement With(Guid findingId, Func<Finding, Finding> change) =>
        this with { Findings = [.. Findings.Select(finding => finding.Id == findingId ? change(finding) : finding)] };

    private static Tonnes Reported(Finding finding, FiledVersion version) =>
        version.Sources.FirstOrDefault(source => source.Name == finding.Source)?.Tonnes ?? Tonnes.Zero;

    private static bool Says(Finding known, RaiseFinding c) =>
        (known.Category, known.Description, known.Parameter, known.Source) == (c.Category, c.Description, c.Parameter, c.Source);

    private Decision<EngagementEvent> AlreadyConcluded() =>
        Reject("verification-concluded", $"The statement on version {Concluded!.ReportVersion} is given; the next version is verified anew.");

    private static Decision<EngagementEvent> Unfiled() => Reject("nothing-filed", "The entity has filed no report for the year yet.");

    private static Decision<EngagementEvent> UnknownFinding(Guid id) => Reject("unknown-finding", $"There is no finding {id}.");
}
