using System.Collections.Immutable;
using CarbonMarket.Trading.Market;
using static CarbonMarket.Trading.Surveillance.CaseEvent;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>A case as lists tell it.</summary>
/// <param name="Pattern">wash-trade, round-trip, layering, marking-the-close, block-splitting or churn.</param>
/// <param name="Day">Legal day of its alerts.</param>
/// <param name="Status">raised, claimed or closed.</param>
/// <param name="Holder">Subject of the official who has it; null: nobody.</param>
/// <param name="Conclusion">no-breach, warned or referred; null while it is not closed.</param>
/// <param name="Alerts">How many.</param>
public sealed record CaseListed(
    Guid CaseId, AbusePattern Pattern, DateOnly Day, IReadOnlyList<Guid> ParticipantIds, IReadOnlyList<string> Instruments, CaseStatus Status,
    string? Holder, CaseConclusion? Conclusion, int Alerts, DateTimeOffset FirstAlertAt, DateTimeOffset LastAlertAt)
{
    public static CaseListed Of(CaseSummary @case) => new(
        @case.Id, @case.Pattern, @case.Day, @case.ParticipantIds, @case.Instruments, @case.Status, @case.Holder, @case.Conclusion, @case.Alerts,
        @case.FirstAlertAt, @case.LastAlertAt);
}

/// <summary>A case with its proofs and what was done about it.</summary>
/// <param name="JournalId">The market's journal, under which the audit log has the facts that the alerts and further evidence name by version.</param>
public sealed record CaseAnswer(
    Guid CaseId, Guid JournalId, AbusePattern Pattern, DateOnly Day, ImmutableArray<Guid> ParticipantIds, CaseStatus Status, string? Holder,
    CaseConclusion? Conclusion, IReadOnlyList<CaseAnswer.AlertAnswer> Alerts, IReadOnlyList<CaseAnswer.ActAnswer> Acts)
{
    /// <param name="Instrument">Null: it is about several.</param>
    /// <param name="At">Legal time of the last fact that proves it.</param>
    /// <param name="Measurements">The pack's thresholds and what was seen.</param>
    /// <param name="Proofs">Facts of the market, oldest first; of more than 100 the newest.</param>
    public sealed record AlertAnswer(
        Guid AlertId, string? Instrument, DateTimeOffset At, ImmutableArray<Measurement> Measurements, ImmutableArray<Proof> Proofs);

    /// <param name="Kind">claim, comment, evidence, closure or reopening.</param>
    /// <param name="By">Subject of the official's token.</param>
    /// <param name="TakenFrom">Of a claim: who had the case until then.</param>
    /// <param name="Versions">Of evidence: facts of the market's journal.</param>
    /// <param name="Conclusion">Of a closure.</param>
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
