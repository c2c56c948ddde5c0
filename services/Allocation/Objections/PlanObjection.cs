using System.Diagnostics;
using CarbonMarket.Kernel;
using static CarbonMarket.Allocation.Objections.PlanObjectionCommand;
using static CarbonMarket.Allocation.Objections.PlanObjectionEvent;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Allocation.Objections.PlanObjectionEvent>;

namespace CarbonMarket.Allocation.Objections;

public enum ObjectionOutcome
{
    /// <summary>The allocation is determined anew, by another plan.</summary>
    Upheld,

    /// <summary>The plan stands.</summary>
    Rejected,
}

/// <summary>The plan that is objected to, as far as an objection needs to know it.</summary>
/// <param name="Concerns">Whether it allocates the participant anything, or takes anything back.</param>
/// <param name="ObjectBy">Last legal day for an objection; null: none.</param>
/// <param name="Officials">Who had a part in it.</param>
public sealed record ObjectedPlan(
    Guid PlanId, ComplianceYear Year, string Instrument, bool IsPublished, bool Concerns, DateOnly? ObjectBy, IReadOnlyCollection<string> Officials);

public abstract record PlanObjectionCommand(string Market, ObjectedPlan Plan, Guid ParticipantId, DateOnly Day, DateTimeOffset At)
{
    /// <param name="Day">The legal day of <paramref name="At"/>.</param>
    /// <param name="DecideBy">Last legal day for the decision; null: none.</param>
    public sealed record FileObjection(string Market, ObjectedPlan Plan, Guid ParticipantId, string Ground, DateOnly Day, DateOnly? DecideBy, DateTimeOffset At)
        : PlanObjectionCommand(Market, Plan, ParticipantId, Day, At);

    /// <param name="DetermineBy">Last legal day to determine the allocation anew where it is upheld; null: none.</param>
    public sealed record DecideObjection(
        string Market, ObjectedPlan Plan, Guid ParticipantId, ObjectionOutcome Outcome, string Reason, string Subject, DateOnly Day, DateOnly? DetermineBy, DateTimeOffset At)
        : PlanObjectionCommand(Market, Plan, ParticipantId, Day, At);
}

// Stored for ever: change only by adding.
public abstract record PlanObjectionEvent
{
    private PlanObjectionEvent()
    {
    }

    public sealed record ObjectionFiled(
        string Market, Guid PlanId, Guid ParticipantId, ComplianceYear Year, string Instrument, string Ground, DateOnly? DecideBy, DateTimeOffset At) : PlanObjectionEvent;

    /// <param name="Late">Decided after the last day for it; it counts.</param>
    /// <param name="DetermineBy">Last legal day to determine the allocation anew; null: none, or it was rejected.</param>
    public sealed record ObjectionDecided(
        string Market, Guid PlanId, Guid ParticipantId, ObjectionOutcome Outcome, string Reason, string DecidedBy, bool Late, DateOnly? DetermineBy, DateTimeOffset At)
        : PlanObjectionEvent;
}

/// <param name="DetermineBy">Last legal day to determine the allocation anew.</param>
public sealed record ObjectionDecision(ObjectionOutcome Outcome, string Reason, string DecidedBy, bool Late, DateOnly? DetermineBy, DateTimeOffset At);

/// <summary>
/// The objection (异议) of one participant to its allocation by a published plan: one for each plan. A right is lost by the
/// day; a decision that comes late counts and says so. What is upheld leads to another plan.
/// </summary>
public sealed record PlanObjection(
    Guid Id, string Market, Guid PlanId, Guid ParticipantId, ComplianceYear Year, string Instrument, string Ground, DateOnly? DecideBy, DateTimeOffset FiledAt,
    ObjectionDecision? Decision)
{
    public static Guid StreamId(Guid planId, Guid participantId) => DeterministicGuid.From(planId, $"allocation:objection:{participantId}");

    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<PlanObjectionEvent> Decide(PlanObjection? objection, PlanObjectionCommand command) => (objection, command) switch
    {
        ({ } o, FileObjection c) => o.Ground == c.Ground
            ? Accept()
            : Reject("objection-filed", $"{o.ParticipantId} objected to plan {o.PlanId} on {o.FiledAt:O}; each plan is objected to once."),
        (null, FileObjection { Plan.Concerns: false } c) => Reject("plan-not-concerned", $"Plan {c.Plan.PlanId} does not concern {c.ParticipantId}."),
        (null, FileObjection { Plan.IsPublished: false } c) => Reject("plan-not-published", $"Plan {c.Plan.PlanId} has not been published; the days to object begin with its publication."),
        (null, FileObjection c) when c.Day > c.Plan.ObjectBy => Reject("objection-late", $"The last day to object to plan {c.Plan.PlanId} was {c.Plan.ObjectBy:O}; this is {c.Day:O}."),
        (null, FileObjection c) => Accept(new ObjectionFiled(c.Market, c.Plan.PlanId, c.ParticipantId, c.Plan.Year, c.Plan.Instrument, c.Ground, c.DecideBy, c.At)),
        (null, DecideObjection c) => Reject("unknown-objection", $"{c.ParticipantId} has not objected to plan {c.Plan.PlanId}."),
        ({ } o, DecideObjection c) when c.Plan.Officials.Contains(c.Subject, StringComparer.Ordinal) =>
            Reject("four-eyes", $"{c.Subject} had a part in plan {o.PlanId}; an official who had none decides on the objection."),
        ({ Decision: { } known } o, DecideObjection c) => known.Outcome == c.Outcome && known.Reason == c.Reason
            ? Accept()
            : Reject("objection-decided", $"The objection to plan {o.PlanId} was decided on {known.At:O}: {known.Outcome}."),
        ({ } o, DecideObjection c) => Accept(new ObjectionDecided(
            c.Market, o.PlanId, o.ParticipantId, c.Outcome, c.Reason, c.Subject, c.Day > o.DecideBy,
            c.Outcome == ObjectionOutcome.Upheld ? c.DetermineBy : null, c.At)),
        _ => throw new UnreachableException(command.ToString()),
    };

    public static PlanObjection After(PlanObjection? objection, PlanObjectionEvent @event) => @event switch
    {
        ObjectionFiled e => new(
            StreamId(e.PlanId, e.ParticipantId), e.Market, e.PlanId, e.ParticipantId, e.Year, e.Instrument, e.Ground, e.DecideBy, e.At, null),
        ObjectionDecided e => objection! with { Decision = new ObjectionDecision(e.Outcome, e.Reason, e.DecidedBy, e.Late, e.DetermineBy, e.At) },
        _ => throw new UnreachableException(@event.ToString()),
    };
}
