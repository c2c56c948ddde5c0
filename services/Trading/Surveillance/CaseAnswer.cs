using System.Collections.Immutable;
using CarbonMarket.Trading.Market;
using static CarbonMarket.Trading.Surveillance.CaseEvent;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>A case as lists tell it.</summary>
/// <param name="CaseId">Follows from the market, the pattern, the day and the participants.</param>
/// <param name="Pattern">wash-trade, round-trip, layering, marking-the-close, block-splitting or churn.</param>
/// <param name="Day">Legal day of its alerts.</param>
/// <param name="ParticipantIds">Whom it is about, in order of id.</param>
/// <param name="Instruments">Those of its alerts; an alert about several at once names none.</param>
/// <param name="Status">raised, claimed or closed.</param>
/// <param name="Holder">Subject of the official who has it; null: nobody.</param>
/// <param name="Conclusion">no-breach, warned or referred; null while it is not closed.</param>
/// <param name="Alerts">How many.</param>
/// <param name="FirstAlertAt">Legal time of its first alert: that of the last fact that proves it.</param>
/// <param name="LastAlertAt">The same of its latest alert.</param>
public sealed record CaseListed(
    Guid CaseId, AbusePattern Pattern, DateOnly Day, IReadOnlyList<Guid> ParticipantIds, IReadOnlyList<string> Instruments, CaseStatus Status,
    string? Holder, CaseConclusion? Conclusion, int Alerts, DateTimeOffset FirstAlertAt, DateTimeOffset LastAlertAt)
{
    public static CaseListed Of(CaseSummary @case) => new(
        @case.Id, @case.Pattern, @case.Day, @case.ParticipantIds, @case.Instruments, @case.Status, @case.Holder, @case.Conclusion, @case.Alerts,
        @case.FirstAlertAt, @case.LastAlertAt);
}

/// <summary>A case with its proofs and what was done about it.</summary>
/// <param name="CaseId">Follows from the market, the pattern, the day and the participants.</param>
/// <param name="JournalId">The market's journal, under which the audit log has the facts that the alerts and further evidence name by version.</param>
/// <param name="Pattern">wash-trade, round-trip, layering, marking-the-close, block-splitting or churn.</param>
/// <param name="Day">Legal day of its alerts.</param>
/// <param name="ParticipantIds">Whom it is about, in order of id.</param>
/// <param name="Status">raised, claimed or closed.</param>
/// <param name="Holder">Subject of the official who has it; null: nobody.</param>
/// <param name="Conclusion">no-breach, warned or referred; null while it is not closed.</param>
/// <param name="Alerts">What was seen, in the order in which it was raised; 20 at most.</param>
/// <param name="Acts">What officials did about it, in the order in which they did it.</param>
public sealed record CaseAnswer(
    Guid CaseId, Guid JournalId, AbusePattern Pattern, DateOnly Day, ImmutableArray<Guid> ParticipantIds, CaseStatus Status, string? Holder,
    CaseConclusion? Conclusion, IReadOnlyList<CaseAnswer.AlertAnswer> Alerts, IReadOnlyList<CaseAnswer.ActAnswer> Acts)
{
    /// <param name="AlertId">Follows from the case, the instrument and the facts that prove it.</param>
    /// <param name="Instrument">Null: it is about several.</param>
    /// <param name="At">Legal time of the last fact that proves it.</param>
    /// <param name="Measurements">The pack's thresholds and what was seen.</param>
    /// <param name="Proofs">Facts of the market, oldest first; of more than 100 the newest.</param>
    public sealed record AlertAnswer(
        Guid AlertId, string? Instrument, DateTimeOffset At, ImmutableArray<Measurement> Measurements, ImmutableArray<Proof> Proofs);

    /// <param name="ActId">Made by the official: the last id in the path of the request.</param>
    /// <param name="Kind">claim, comment, evidence, closure or reopening.</param>
    /// <param name="By">Subject of the official's token.</param>
    /// <param name="Text">Why it was done, or what there was to say, in the official's words.</param>
    /// <param name="TakenFrom">Of a claim: who had the case until then; null: nobody.</param>
    /// <param name="Versions">Of evidence: facts of the market's journal, by version; null of all else.</param>
    /// <param name="Conclusion">Of a closure: no-breach, warned or referred; null of all else.</param>
    /// <param name="At">Legal time.</param>
    public sealed record ActAnswer(
        Guid ActId, string Kind, string By, string Text, DateTimeOffset At, string? TakenFrom, ImmutableArray<long>? Versions,
        CaseConclusion? Conclusion);

    public static CaseAnswer Of(SurveillanceCase @case) => new(
        @case.Id, Venues.StreamOf(@case.Market), @case.Pattern, @case.Day, @case.ParticipantIds, @case.Status, @case.Holder,
        @case.Closing?.Conclusion,
        [.. @case.Alerts.Select(alert => new AlertAnswer(alert.AlertId, alert.Instrument, alert.At, alert.Measurements, alert.Proofs))],
        [.. @case.Acts.Select(Of)]);

    private static ActAnswer Of(Act act)
    {
        var kind = act switch
        {
            CaseClaimed => "claim",
            CaseCommented => "comment",
            EvidenceAdded => "evidence",
            CaseClosed => "closure",
            _ => "reopening",
        };
        return new ActAnswer(
            act.ActId, kind, act.By, act.Text, act.At, (act as CaseClaimed)?.TakenFrom, (act as EvidenceAdded)?.Versions,
            (act as CaseClosed)?.Conclusion);
    }
}
