using System.Diagnostics;
using CarbonMarket.Kernel;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Verification.Plans.PlanEvent>;

namespace CarbonMarket.Verification.Plans;

/// <summary>
/// One entity's quality-control plan (数据质量控制方案) for a year: which streams it has, and how each figure of them comes
/// about. It is revised whenever facilities, fuels, instruments or methods change; every version is kept.
/// </summary>
public sealed record QualityPlan(
    Guid Id, string Market, Guid ParticipantId, ComplianceYear Year, long PlanVersion, string Pack, string PackVersion, PlanContent Content,
    string? Reason, bool Late, DateTimeOffset FiledAt)
{
    public static Guid IdOf(string market, Guid participantId, ComplianceYear year) =>
        DeterministicGuid.From(participantId, $"verification:quality-plan:{market}", year.Value);

    public static Decision<PlanEvent> Decide(QualityPlan? plan, SubmitPlan command) => (plan, command) switch
    {
        ({ } p, var c) when p.Content.Says(c.Content) => Accept(),
        (_, { Covered: false } c) => Reject("entity-not-covered", $"Participant {c.ParticipantId} does not account for {c.Year} in {c.Market}."),
        ({ } p, { Reason: null }) => Reject("revision-unexplained",
            $"Version {p.PlanVersion} stands; a revision says which facility, fuel, instrument or method changed."),
        (_, var c) => Accept(new PlanEvent.PlanFiled(
            c.Market, c.PlanId, c.ParticipantId, c.Year, (plan?.PlanVersion ?? 0) + 1, c.Pack, c.PackVersion, c.Content, c.Reason,
            plan is null && c.Late, c.At)),
    };

    public static QualityPlan After(QualityPlan? plan, PlanEvent @event) => @event switch
    {
        PlanEvent.PlanFiled e => new(
            e.PlanId, e.Market, e.ParticipantId, e.Year, e.PlanVersion, e.Pack, e.PackVersion, e.Content, e.Reason,
            e.Late || plan is { Late: true }, e.At),
        _ => throw new UnreachableException(@event.ToString()),
    };
}
