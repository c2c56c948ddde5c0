using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Allocation.Computing;
using CarbonMarket.Kernel;
using static CarbonMarket.Allocation.Plans.AllocationPlanCommand;
using static CarbonMarket.Allocation.Plans.AllocationPlanEvent;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Allocation.Plans.AllocationPlanEvent>;

namespace CarbonMarket.Allocation.Plans;

/// <summary>Units that one participant is to receive.</summary>
/// <param name="InTrust">Onto the province's account (省级账户), not its own.</param>
public sealed record PlanLine(Guid ParticipantId, Quantity Quantity, bool InTrust = false);

/// <summary>What one participant should have been issued for the year in all, less than it was.</summary>
public sealed record PlanReduction(Guid ParticipantId, Quantity Final);

/// <summary>What a plan was computed from and what came out.</summary>
/// <param name="Input">With the packs it names, it gives the figures again.</param>
/// <param name="AfterPlan">The plan that was the year's last of the instrument; empty: there was none.</param>
public sealed record Computation(AllocationInput Input, ImmutableArray<EntityFigure> Figures, Guid AfterPlan)
{
    /// <summary>Figures, with what they rest on, that go into one event; of up to 250 bytes each, so of 5 MB together.</summary>
    public const int LargestPart = 20_000;

    public Computation And(ImmutableArray<EntityInput> entities, ImmutableArray<EntityFigure> figures) =>
        this with { Input = Input with { Entities = [.. Input.Entities, .. entities] }, Figures = [.. Figures, .. figures] };

    /// <summary>In pieces that are small enough for an event, at least one.</summary>
    public IEnumerable<(ImmutableArray<EntityInput> Entities, ImmutableArray<EntityFigure> Figures)> Parts()
    {
        var (first, size) = (0, 0);
        for (var next = 0; next < Figures.Length; next++)
        {
            var added = SizeOf(Input.Entities[next], Figures[next]);
            if (next > first && size + added > LargestPart)
            {
                yield return (Input.Entities[first..next], Figures[first..next]);
                (first, size) = (next, 0);
            }
            size += added;
        }
        yield return (Input.Entities[first..], Figures[first..]);
    }

    private static int SizeOf(EntityInput entity, EntityFigure figure) =>
        4 + figure.Traces.Length + entity.Units.Sum(unit => 1 + unit.Categories.Length + unit.Figures.Count) + figure.Units.Sum(unit => 1 + unit.Traces.Length);
}

/// <summary>How the participants of a plan stand on the list when it is decided on.</summary>
/// <param name="Owing">Those that are covered entities and owe the plan's year.</param>
/// <param name="Withheld">Those whose allowances are withheld, and why.</param>
public sealed record Standing(ImmutableHashSet<Guid> Owing, ImmutableDictionary<Guid, string> Withheld);

public abstract record AllocationPlanCommand(string Subject, DateTimeOffset At)
{
    public sealed record Draft(
        string Market, Guid PlanId, ComplianceYear Year, string Instrument, ImmutableArray<PlanLine> Lines,
        Standing Standing, string Subject, DateTimeOffset At) : AllocationPlanCommand(Subject, At);

    /// <param name="Asked">Whom to allocate; null: everybody whose turn the stage is.</param>
    public sealed record Compute(
        string Market, Guid PlanId, ComplianceYear Year, string Instrument, ImmutableArray<Guid>? Asked, Computation Computation, string Subject, DateTimeOffset At)
        : AllocationPlanCommand(Subject, At);

    /// <summary>Everybody may read it from now on (公布).</summary>
    public sealed record Publish(string Subject, DateTimeOffset At) : AllocationPlanCommand(Subject, At);

    public sealed record Approve(Standing Standing, string Subject, DateTimeOffset At) : AllocationPlanCommand(Subject, At);
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

    /// <summary>Drafted by computation: the amounts follow from the input.</summary>
    /// <param name="AskedParticipantIds">Whom it was asked for; null: everybody whose turn the stage was.</param>
    public sealed record PlanComputed(
        string Market, Guid PlanId, ComplianceYear Year, string Instrument, ImmutableArray<Guid>? AskedParticipantIds, Computation Computation, string ComputedBy,
        DateTimeOffset At) : AllocationPlanEvent;

    /// <summary>
    /// What of a computation does not fit into its first event, in the same order: so that no event grows beyond what can be
    /// sent to the audit log. Recorded in the same transaction.
    /// </summary>
    public sealed record PlanContinued(
        string Market, Guid PlanId, ImmutableArray<EntityInput> Entities, ImmutableArray<EntityFigure> Figures, DateTimeOffset At) : AllocationPlanEvent;

    public sealed record PlanPublished(string Market, Guid PlanId, string PublishedBy, DateTimeOffset At) : AllocationPlanEvent;

    /// <summary>Repeats the lines, because they are what the second official puts his name to.</summary>
    /// <param name="Reductions">Of those who were issued too much; null: of nobody.</param>
    public sealed record PlanApproved(
        string Market, Guid PlanId, ComplianceYear Year, string Instrument, ImmutableArray<PlanLine> Lines, string ApprovedBy,
        DateTimeOffset At, ImmutableArray<PlanReduction>? Reductions = null) : AllocationPlanEvent;
}

/// <summary>
/// An allocation plan (配额分配方案): who receives how many units of an instrument for a year. Drafted by one official,
/// approved by another, then final. A second plan for the same year is a supplementary allocation.
/// </summary>
/// <param name="Id">Of its stream.</param>
public sealed record AllocationPlan(
    Guid Id, string Market, ComplianceYear Year, string Instrument, ImmutableArray<PlanLine> Lines, string DraftedBy,
    DateTimeOffset DraftedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt)
{
    private const int Named = 5;

    /// <summary>Null: its amounts were given.</summary>
    public Computation? Computation { get; init; }

    public ImmutableArray<Guid>? Asked { get; init; }

    public DateTimeOffset? PublishedAt { get; init; }

    public bool IsPublished => PublishedAt is not null;

    public bool IsApproved => ApprovedBy is not null;

    /// <summary>Whom it concerns: also who is issued nothing by it, but has to return something or is withheld from.</summary>
    public IEnumerable<Guid> Participants => Computation?.Figures.Select(figure => figure.ParticipantId) ?? Lines.Select(line => line.ParticipantId);

    /// <summary>Units it issues.</summary>
    public Quantity Issued => Quantity.Of(Lines.Sum(line => line.Quantity.Value));

    /// <summary>Units that are to be given back by it.</summary>
    public Quantity Returned => Quantity.Of(Computation?.Figures.Sum(figure => figure.Returned) ?? 0);

    /// <summary>As the official named it.</summary>
    public Guid PlanId { get => field == Guid.Empty ? Id : field; init; }

    public static Guid StreamId(Guid planId) => DeterministicGuid.OfNamed(planId, "allocation:plan");

    public static Decision<AllocationPlanEvent> Decide(AllocationPlan? plan, AllocationPlanCommand command) => (plan, command) switch
    {
        ({ } p, Compute c) => p.AsksTheSame(c)
            ? Accept()
            : Reject("id-reused", $"Plan {c.PlanId} was drafted otherwise by {p.DraftedBy}: a changed plan needs an id of its own."),
        (null, Compute c) => Accept(Computed(c)),
        (null, Publish) => Reject("unknown-plan", "There is no such plan to publish."),
        ({ IsApproved: false }, Publish) => Reject("plan-not-approved", "A plan is published once another official has approved it."),
        ({ IsPublished: true }, Publish) => Accept(),
        ({ } p, Publish c) => Accept(new PlanPublished(p.Market, p.PlanId, c.Subject, c.At)),
        ({ } p, Draft c) when p.SaysTheSame(c) => Accept(),
        ({ } p, Draft c) => Reject("id-reused", $"Plan {c.PlanId} was drafted otherwise by {p.DraftedBy}: a changed plan needs an id of its own."),
        (null, Draft c) when Refusal(c.Lines.Select(line => line.ParticipantId), c.Year, c.Standing, given: true) is { } refusal => refusal,
        (null, Draft c) => Accept(new PlanDrafted(c.Market, c.PlanId, c.Year, c.Instrument, c.Lines, c.Subject, c.At)),
        (null, Approve) => Reject("unknown-plan", "There is no such plan to approve."),
        ({ } p, Approve c) when p.DraftedBy == c.Subject =>
            Reject("four-eyes", $"{c.Subject} drafted the plan; another official must approve it."),
        ({ IsApproved: true }, Approve) => Accept(),
        ({ } p, Approve c) when Refusal(p.Participants, p.Year, c.Standing, given: p.Computation is null) is { } refusal => refusal,
        ({ } p, Approve c) => Accept(new PlanApproved(p.Market, p.PlanId, p.Year, p.Instrument, p.Lines, c.Subject, c.At, p.Reductions())),
        _ => throw new UnreachableException(command.ToString()),
    };

    public static AllocationPlan After(AllocationPlan? plan, AllocationPlanEvent @event) => @event switch
    {
        PlanDrafted e => new(StreamId(e.PlanId), e.Market, e.Year, e.Instrument, e.Lines, e.DraftedBy, e.At, null, null) { PlanId = e.PlanId },
        PlanComputed e => new(StreamId(e.PlanId), e.Market, e.Year, e.Instrument, LinesOf(e.Computation.Figures), e.ComputedBy, e.At, null, null)
        {
            PlanId = e.PlanId, Computation = e.Computation, Asked = e.AskedParticipantIds,
        },
        PlanContinued e => plan!.With(plan.Computation!.And(e.Entities, e.Figures)),
        PlanPublished e => plan! with { PublishedAt = e.At },
        PlanApproved e => plan! with { ApprovedBy = e.ApprovedBy, ApprovedAt = e.At },
        _ => throw new UnreachableException(@event.ToString()),
    };

    private static ImmutableArray<AllocationPlanEvent> Computed(Compute c)
    {
        var parts = c.Computation.Parts().ToList();
        var first = c.Computation with { Input = c.Computation.Input with { Entities = parts[0].Entities }, Figures = parts[0].Figures };
        return
        [
            new PlanComputed(c.Market, c.PlanId, c.Year, c.Instrument, c.Asked, first, c.Subject, c.At),
            .. parts.Skip(1).Select(part => new PlanContinued(c.Market, c.PlanId, part.Entities, part.Figures, c.At)),
        ];
    }

    private AllocationPlan With(Computation computation) => this with { Computation = computation, Lines = LinesOf(computation.Figures) };

    internal static ImmutableArray<PlanLine> LinesOf(ImmutableArray<EntityFigure> figures) =>
    [
        .. from figure in figures
           from line in new[] { (Units: figure.Issued, InTrust: false), (Units: figure.InTrust, InTrust: true) }
           where line.Units > 0
           select new PlanLine(figure.ParticipantId, Quantity.Of(line.Units), line.InTrust),
    ];

    private ImmutableArray<PlanReduction>? Reductions() => Computation?.Figures.Where(figure => figure.Returned > 0)
        .Select(figure => new PlanReduction(figure.ParticipantId, Quantity.Of(figure.Before - figure.Returned))).ToImmutableArray() is { IsEmpty: false } reductions
            ? reductions : null;

    private bool AsksTheSame(Compute c) => Computation?.Input is { } known && Market == c.Market && Year == c.Year && Instrument == c.Instrument
        && known.Stage == c.Computation.Input.Stage && known.Share == c.Computation.Input.Share
        && (Asked is null ? c.Asked is null : c.Asked is { } asked && Asked.Value.SequenceEqual(asked));

    /// <summary>Null: nobody on the list stands against it. A computed plan knows itself what is withheld and what goes to the province.</summary>
    private static Decision<AllocationPlanEvent>? Refusal(IEnumerable<Guid> participants, ComplianceYear year, Standing standing, bool given)
    {
        var (strangers, withheld) = (new List<string>(), new List<string>());
        foreach (var participant in participants)
        {
            if (!standing.Owing.Contains(participant))
                strangers.Add($"{participant}");
            else if (given && standing.Withheld.TryGetValue(participant, out var ground))
                withheld.Add($"{participant} ({ground})");
        }
        return (strangers, withheld) switch
        {
            ({ Count: > 0 }, _) => Reject("participant-not-covered", $"{strangers.Count} of the participants do not account for {year}: {FirstOf(strangers)}"),
            (_, { Count: > 0 }) => Reject("participant-withheld",
                $"Nothing is issued by hand to {withheld.Count} of the participants, whose allowances are withheld: {FirstOf(withheld)}"),
            _ => null,
        };
    }

    private static string FirstOf(List<string> all) => string.Join(", ", all.Take(Named)) + (all.Count > Named ? ", ..." : ".");

    private bool SaysTheSame(Draft draft) =>
        Computation is null && Market == draft.Market && Year == draft.Year && Instrument == draft.Instrument && Lines.SequenceEqual(draft.Lines);
}
