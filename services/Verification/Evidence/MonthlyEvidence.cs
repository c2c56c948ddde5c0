using System.Diagnostics;
using System.Globalization;
using CarbonMarket.Kernel;
using JasperFx.Events;
using Marten.Events.Aggregation;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Verification.Evidence.MonthEvent>;

namespace CarbonMarket.Verification.Evidence;

/// <summary>
/// One entity's evidence of one month (月度信息化存证): its files and the figures they show. What is mended is a version of
/// its own, and late if it comes late; every version is kept.
/// </summary>
public sealed record MonthlyEvidence(
    Guid Id, string Market, Guid ParticipantId, ComplianceYear Year, int Month, long MonthVersion, long PlanVersion, MonthContent Content, bool Late,
    DateTimeOffset FiledAt)
{
    public static Guid IdOf(string market, Guid participantId, ComplianceYear year, int month) =>
        DeterministicGuid.From(participantId, $"verification:monthly-evidence:{market}", year.Value * 100L + month);

    public static Decision<MonthEvent> Decide(MonthlyEvidence? month, SubmitMonth command) => (month, command) switch
    {
        ({ } m, var c) when m.Content.Says(c.Content) => Accept(),
        (_, { MonthIsOver: false } c) => Reject("month-not-over", string.Create(
            CultureInfo.InvariantCulture, $"{c.Year.Value}-{c.Month:00} has not ended; its evidence is filed from the first day after it.")),
        (_, var c) => Accept(new MonthEvent.MonthFiled(
            c.Market, c.MonthId, c.ParticipantId, c.Year, c.Month, (month?.MonthVersion ?? 0) + 1, c.PlanVersion, c.Content, c.Late, c.At)),
    };

    public static MonthlyEvidence After(MonthEvent @event) => @event switch
    {
        MonthEvent.MonthFiled e => new(
            e.MonthId, e.Market, e.ParticipantId, e.Year, e.Month, e.MonthVersion, e.PlanVersion, e.Content, e.Late, e.At),
        _ => throw new UnreachableException(@event.ToString()),
    };
}

/// <summary>Kept as a document in the same transaction: the year's months are read together.</summary>
public sealed partial class MonthlyEvidenceProjection : SingleStreamProjection<MonthlyEvidence, Guid>
{
    public MonthlyEvidenceProjection() => IncludeType<MonthEvent.MonthFiled>();

    public override MonthlyEvidence Evolve(MonthlyEvidence? snapshot, Guid id, IEvent e) => MonthlyEvidence.After((MonthEvent)e.Data);
}
