using JasperFx.Events;
using Marten.Events.Aggregation;
using static CarbonMarket.Trading.Surveillance.CaseEvent;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>A case is folded anew whenever it is asked for: there are few, and each is bounded.</summary>
public sealed partial class CaseProjection : SingleStreamProjection<SurveillanceCase, Guid>
{
    public CaseProjection()
    {
        IncludeType<AlertRaised>();
        IncludeType<CaseClaimed>();
        IncludeType<CaseCommented>();
        IncludeType<EvidenceAdded>();
        IncludeType<CaseClosed>();
        IncludeType<CaseReopened>();
    }

    public override SurveillanceCase Evolve(SurveillanceCase? snapshot, Guid id, IEvent e) => SurveillanceCase.After(snapshot, (CaseEvent)e.Data);
}

/// <summary>A case without its proofs and acts, for lists.</summary>
/// <param name="Instruments">Of its alerts; none where they are about several at once.</param>
/// <param name="Alerts">How many.</param>
/// <param name="FirstAlertAt">Legal time.</param>
/// <param name="LastAlertAt">Legal time.</param>
public sealed record CaseSummary(
    Guid Id, string Market, AbusePattern Pattern, DateOnly Day, IReadOnlyList<Guid> ParticipantIds, IReadOnlyList<string> Instruments,
    CaseStatus Status, string? Holder, CaseConclusion? Conclusion, int Alerts, DateTimeOffset FirstAlertAt, DateTimeOffset LastAlertAt)
{
    public static CaseSummary Of(SurveillanceCase @case) => new(
        @case.Id, @case.Market, @case.Pattern, @case.Day, @case.ParticipantIds,
        [.. @case.Alerts.Select(alert => alert.Instrument).OfType<string>().Distinct(StringComparer.Ordinal)],
        @case.Status, @case.Holder, @case.Closing?.Conclusion, @case.Alerts.Length, @case.Alerts[0].At, @case.Alerts[^1].At);
}

/// <summary>Kept in the same transaction as the events, so that a list shows what was just done.</summary>
public sealed partial class CaseSummaryProjection : SingleStreamProjection<CaseSummary, Guid>
{
    public CaseSummaryProjection()
    {
        IncludeType<AlertRaised>();
        IncludeType<CaseClaimed>();
        IncludeType<CaseClosed>();
        IncludeType<CaseReopened>();
    }

    public override CaseSummary? Evolve(CaseSummary? snapshot, Guid id, IEvent e) => e.Data switch
    {
        AlertRaised when snapshot is null => CaseSummary.Of(SurveillanceCase.After(null, (CaseEvent)e.Data)),
        AlertRaised { Alert: var alert } => (snapshot.Status == CaseStatus.Closed ? Opened(snapshot) : snapshot) with
        {
            Alerts = snapshot.Alerts + 1,
            LastAlertAt = alert.At,
            Instruments = alert.Instrument is not { } instrument || snapshot.Instruments.Contains(instrument, StringComparer.Ordinal)
                ? snapshot.Instruments
                : [.. snapshot.Instruments, instrument],
        },
        CaseClaimed claimed => snapshot! with { Status = CaseStatus.Claimed, Holder = claimed.By },
        CaseClosed closed => snapshot! with { Status = CaseStatus.Closed, Holder = null, Conclusion = closed.Conclusion },
        CaseReopened => Opened(snapshot!),
        _ => snapshot,
    };

    private static CaseSummary Opened(CaseSummary @case) => @case with { Status = CaseStatus.Raised, Holder = null, Conclusion = null };
}
