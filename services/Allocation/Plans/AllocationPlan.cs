using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Kernel;
using static CarbonMarket.Allocation.Plans.AllocationPlanCommand;
using static CarbonMarket.Allocation.Plans.AllocationPlanEvent;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Allocation.Plans.AllocationPlanEvent>;

namespace CarbonMarket.Allocation.Plans;

/// <summary>Units that one participant is to receive.</summary>
public sealed record PlanLine(Guid ParticipantId, Quantity Quantity);

/// <param name="Owing">Those of the plan's participants that are covered entities and owe the plan's year.</param>
public abstract record AllocationPlanCommand(ImmutableHashSet<Guid> Owing, string Subject, DateTimeOffset At)
{
    public sealed record Draft(
        string Market, Guid PlanId, ComplianceYear Year, string Instrument, ImmutableArray<PlanLine> Lines,
        ImmutableHashSet<Guid> Owing, string Subject, DateTimeOffset At) : AllocationPlanCommand(Owing, Subject, At);

    public sealed record Approve(ImmutableHashSet<Guid> Owing, string Subject, DateTimeOffset At)
        : AllocationPlanCommand(Owing, Subject, At);
}

// Stored for ever: change only by adding.
public abstract record AllocationPlanEvent
{
    private AllocationPlanEvent()
    {
    }

    public sealed record PlanDrafted(
        string Market, Guid PlanId, ComplianceYear Year, string Instrument, ImmutableArray<PlanLine> Lines, string DraftedBy,
        DateTimeOffset At) : AllocationPlanEvent;

    /// <summary>Repeats the lines, because they are what the second official puts his name to.</summary>
    public sealed record PlanApproved(
        string Market, Guid PlanId, ComplianceYear Year, string Instrument, ImmutableArray<PlanLine> Lines, string ApprovedBy,
        DateTimeOffset At) : AllocationPlanEvent;
}

/// <summary>
/// An allocation plan (配额分配方案): who receives how many units of an instrument for a year. Drafted by one official,
/// approved by another, then final. A second plan for the same year is a supplementary allocation.
/// </summary>
public sealed record AllocationPlan(
    Guid Id, string Market, ComplianceYear Year, string Instrument, ImmutableArray<PlanLine> Lines, string DraftedBy,
    DateTimeOffset DraftedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt)
{
    private const int Named = 5;

    public bool IsApproved => ApprovedBy is not null;

    public static Decision<AllocationPlanEvent> Decide(AllocationPlan? plan, AllocationPlanCommand command) => (plan, command) switch
    {
        ({ } p, Draft c) when p.SaysTheSame(c) => Accept(),
        ({ } p, Draft c) => Reject("id-reused", $"Plan {c.PlanId} was drafted otherwise by {p.DraftedBy}: a changed plan needs an id of its own."),
        (null, Draft c) when NotOwing(c.Lines, c.Owing) is { Count: > 0 } strangers => NotCovered(strangers, c.Year),
        (null, Draft c) => Accept(new PlanDrafted(c.Market, c.PlanId, c.Year, c.Instrument, c.Lines, c.Subject, c.At)),
        (null, Approve) => Reject("unknown-plan", "There is no such plan to approve."),
        ({ } p, Approve c) when p.DraftedBy == c.Subject =>
            Reject("four-eyes", $"{c.Subject} drafted the plan; another official must approve it."),
        ({ IsApproved: true }, Approve) => Accept(),
        ({ } p, Approve c) when NotOwing(p.Lines, c.Owing) is { Count: > 0 } strangers => NotCovered(strangers, p.Year),
        ({ } p, Approve c) => Accept(new PlanApproved(p.Market, p.Id, p.Year, p.Instrument, p.Lines, c.Subject, c.At)),
        _ => throw new UnreachableException(command.ToString()),
    };

    public static AllocationPlan After(AllocationPlan? plan, AllocationPlanEvent @event) => @event switch
    {
        PlanDrafted e => new(e.PlanId, e.Market, e.Year, e.Instrument, e.Lines, e.DraftedBy, e.At, null, null),
        PlanApproved e => plan! with { ApprovedBy = e.ApprovedBy, ApprovedAt = e.At },
        _ => throw new UnreachableException(@event.ToString()),
    };

    private static List<Guid> NotOwing(ImmutableArray<PlanLine> lines, ImmutableHashSet<Guid> owing) =>
        [.. lines.Select(line => line.ParticipantId).Where(participant => !owing.Contains(participant))];

    private static Decision<AllocationPlanEvent> NotCovered(List<Guid> strangers, ComplianceYear year) => Reject(
        "participant-not-covered",
        $"{strangers.Count} of the participants do not account for {year}: {string.Join(", ", strangers.Take(Named))}"
        + (strangers.Count > Named ? ", ..." : "."));

    private bool SaysTheSame(Draft draft) =>
        Market == draft.Market && Year == draft.Year && Instrument == draft.Instrument && Lines.SequenceEqual(draft.Lines);
}
