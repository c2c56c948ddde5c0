using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Kernel;
using static CarbonMarket.Allocation.CoveredEntities.CoveredEntityCommand;
using static CarbonMarket.Allocation.CoveredEntities.CoveredEntityEvent;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Allocation.CoveredEntities.CoveredEntityEvent>;

namespace CarbonMarket.Allocation.CoveredEntities;

public abstract record CoveredEntityCommand(string Market, Guid ParticipantId, DateTimeOffset At)
{
    /// <summary>Enter on the list, or change the span of years.</summary>
    public sealed record Cover(string Market, Guid ParticipantId, ComplianceYear FirstYear, ComplianceYear? LastYear, DateTimeOffset At)
        : CoveredEntityCommand(Market, ParticipantId, At);

    /// <summary>The entity owes nothing for a year.</summary>
    public sealed record Exclude(string Market, Guid ParticipantId, ComplianceYear Year, DateTimeOffset At)
        : CoveredEntityCommand(Market, ParticipantId, At);

    /// <summary>It lies in a division (行政区划) from a year on.</summary>
    public sealed record Locate(string Market, Guid ParticipantId, ComplianceYear FromYear, string Division, DateTimeOffset At)
        : CoveredEntityCommand(Market, ParticipantId, At);

    /// <summary>Its emissions have stayed below the threshold of coverage for long enough (连续低于门槛).</summary>
    /// <param name="Accepted">Its accepted figures of the years that count, tonnes by year.</param>
    /// <param name="Threshold">Tonnes a year.</param>
    /// <param name="Years">Years in a row below it.</param>
    public sealed record LeaveBelowThreshold(
        string Market, Guid ParticipantId, ComplianceYear LastYear, ImmutableSortedDictionary<int, long> Accepted, decimal Threshold, int Years, DateTimeOffset At)
        : CoveredEntityCommand(Market, ParticipantId, At);

    /// <summary>It has stopped operating and emits no more (关停).</summary>
    public sealed record Close(string Market, Guid ParticipantId, DateOnly ClosedOn, DateTimeOffset At) : CoveredEntityCommand(Market, ParticipantId, At);

    /// <summary>By merger or division (合并、分立) others follow it from a year on; what it owes until then stays its own.</summary>
    public sealed record BeSucceeded(string Market, Guid ParticipantId, ComplianceYear FromYear, ImmutableArray<Guid> SuccessorParticipantIds, string Ground, DateTimeOffset At)
        : CoveredEntityCommand(Market, ParticipantId, At);

    /// <summary>It follows others from a year on, and is covered from then on if it was not before.</summary>
    public sealed record Succeed(string Market, Guid ParticipantId, ComplianceYear FromYear, ImmutableArray<Guid> PredecessorParticipantIds, string Ground, DateTimeOffset At)
        : CoveredEntityCommand(Market, ParticipantId, At);

    /// <summary>Its allowances are withheld (暂不发放): it is frozen by a court, or did not surrender.</summary>
    /// <param name="InTrust">What it is finally allocated is issued onto the province's account (省级账户), not kept unissued.</param>
    public sealed record Withhold(string Market, Guid ParticipantId, string Ground, DateTimeOffset At, bool InTrust = false) : CoveredEntityCommand(Market, ParticipantId, At);

    /// <summary>They are withheld no longer; the next plan of the year issues them.</summary>
    public sealed record Release(string Market, Guid ParticipantId, DateTimeOffset At) : CoveredEntityCommand(Market, ParticipantId, At);

    /// <summary>It owes the year again.</summary>
    public sealed record ReverseExclusion(string Market, Guid ParticipantId, ComplianceYear Year, DateTimeOffset At)
        : CoveredEntityCommand(Market, ParticipantId, At);
}

// Stored for ever: change only by adding.
public abstract record CoveredEntityEvent
{
    private CoveredEntityEvent()
    {
    }

    public sealed record CoverageBegan(string Market, Guid ParticipantId, ComplianceYear FirstYear, ComplianceYear? LastYear, DateTimeOffset At)
        : CoveredEntityEvent;

    public sealed record CoverageChanged(string Market, Guid ParticipantId, ComplianceYear FirstYear, ComplianceYear? LastYear, DateTimeOffset At)
        : CoveredEntityEvent;

    public sealed record YearExcluded(string Market, Guid ParticipantId, ComplianceYear Year, DateTimeOffset At) : CoveredEntityEvent;

    public sealed record ExclusionReversed(string Market, Guid ParticipantId, ComplianceYear Year, DateTimeOffset At) : CoveredEntityEvent;

    public sealed record DivisionAssigned(string Market, Guid ParticipantId, ComplianceYear FromYear, string Division, DateTimeOffset At) : CoveredEntityEvent;

    /// <param name="Ground">below-threshold, closed, or what the merger or division rests on.</param>
    /// <param name="ClosedOn">Legal day on which it stopped.</param>
    /// <param name="SuccessorParticipantIds">Who follows it; null: nobody.</param>
    public sealed record CoverageEnded(
        string Market, Guid ParticipantId, ComplianceYear FirstYear, ComplianceYear LastYear, string Ground, DateOnly? ClosedOn,
        ImmutableArray<Guid>? SuccessorParticipantIds, DateTimeOffset At) : CoveredEntityEvent;

    public sealed record PredecessorsNamed(
        string Market, Guid ParticipantId, ComplianceYear FromYear, ImmutableArray<Guid> PredecessorParticipantIds, string Ground, DateTimeOffset At)
        : CoveredEntityEvent;

    public sealed record WithholdingBegan(string Market, Guid ParticipantId, string Ground, DateTimeOffset At, bool InTrust = false) : CoveredEntityEvent;

    public sealed record WithholdingEnded(string Market, Guid ParticipantId, DateTimeOffset At) : CoveredEntityEvent;
}

/// <summary>A covered entity (重点排放单位) of one market: the years it must account for. It is on the list or it was never on it.</summary>
/// <param name="Revision">Number of events.</param>
public sealed record CoveredEntity(
    Guid Id, string Market, Guid ParticipantId, ComplianceYear FirstYear, ComplianceYear? LastYear,
    ImmutableSortedSet<int> ExcludedYears, long Revision)
{
    private const string BelowThreshold = "below-threshold";
    private const string Closed = "closed";

    /// <summary>Code of the division it lies in, by the year from which it does.</summary>
    public ImmutableSortedDictionary<int, string> Divisions { get; init; } = ImmutableSortedDictionary<int, string>.Empty;

    /// <summary>Why its coverage ended; null while it goes on, or where only the list says so.</summary>
    public string? EndGround { get; init; }

    public DateOnly? ClosedOn { get; init; }

    public ImmutableArray<Guid> Successors { get; init; } = [];

    public ImmutableArray<Guid> Predecessors { get; init; } = [];

    /// <summary>Why its allowances are withheld; null: they are not.</summary>
    public string? Withheld { get; init; }

    /// <summary>Whether what is withheld from its final allocation goes onto the province's account.</summary>
    public bool InTrust { get; init; }

    /// <summary>One stream for each participant of each market, whoever asks.</summary>
    public static Guid StreamId(string market, Guid participantId) => DeterministicGuid.From(participantId, $"allocation:covered-entity:{market}");

    /// <summary>Whether the entity must account for the year: within its span and not excluded.</summary>
    public bool Owes(ComplianceYear year) => Spans(year) && !ExcludedYears.Contains(year.Value);

    /// <summary>Where it lies in a year; null where nobody has said.</summary>
    public string? DivisionIn(int year) => Divisions.LastOrDefault(division => division.Key <= year).Value;

    public static Decision<CoveredEntityEvent> Decide(CoveredEntity? entity, CoveredEntityCommand command) => (entity, command) switch
    {
        ({ } e, Succeed c) when e.Predecessors.SequenceEqual(c.PredecessorParticipantIds) => Accept(),
        ({ } e, Succeed c) when e.Spans(c.FromYear) => Accept(Named(c)),
        ({ } e, Succeed c) => Accept(e.CoveredAgain(c)),
        (null, Succeed c) => Accept(new CoverageBegan(c.Market, c.ParticipantId, c.FromYear, null, c.At), Named(c)),
        (_, Cover c) when c.LastYear < c.FirstYear => Reject("invalid-span", $"The last year {c.LastYear} lies before the first, {c.FirstYear}."),
        (null, Cover c) => Accept(new CoverageBegan(c.Market, c.ParticipantId, c.FirstYear, c.LastYear, c.At)),
        (null, _) => Reject("entity-not-covered", $"Participant {command.ParticipantId} is no covered entity of {command.Market}."),
        ({ } e, Cover c) when e.FirstYear == c.FirstYear && e.LastYear == c.LastYear => Accept(),
        (_, Cover c) => Accept(new CoverageChanged(c.Market, c.ParticipantId, c.FirstYear, c.LastYear, c.At)),
        ({ } e, Exclude c) when e.ExcludedYears.Contains(c.Year.Value) => Accept(),
        ({ } e, Exclude c) when !e.Spans(c.Year) => e.NotCoveredIn(c.Year),
        (_, Exclude c) => Accept(new YearExcluded(c.Market, c.ParticipantId, c.Year, c.At)),
        ({ } e, ReverseExclusion c) when !e.ExcludedYears.Contains(c.Year.Value) => Accept(),
        (_, ReverseExclusion c) => Accept(new ExclusionReversed(c.Market, c.ParticipantId, c.Year, c.At)),
        ({ } e, Locate c) when e.Divisions.GetValueOrDefault(c.FromYear.Value) == c.Division => Accept(),
        (_, Locate c) => Accept(new DivisionAssigned(c.Market, c.ParticipantId, c.FromYear, c.Division, c.At)),
        ({ } e, Withhold c) => e.Withheld == c.Ground && e.InTrust == c.InTrust
            ? Accept() : Accept(new WithholdingBegan(c.Market, c.ParticipantId, c.Ground, c.At, c.InTrust)),
        ({ } e, Release c) => e.Withheld is null ? Accept() : Accept(new WithholdingEnded(c.Market, c.ParticipantId, c.At)),
        ({ } e, LeaveBelowThreshold c) when e.EndGround == BelowThreshold && e.LastYear == c.LastYear => Accept(),
        ({ } e, LeaveBelowThreshold c) when !e.Spans(c.LastYear) => e.NotCoveredIn(c.LastYear),
        ({ } e, LeaveBelowThreshold c) => IsDue(c) ? Accept(e.Ended(c.LastYear, BelowThreshold, null, null, c.At)) : Reject("exit-not-due",
            $"An entity leaves the list after {c.Years} years in a row below {c.Threshold} t; accepted are: {Figures(c)}."),
        ({ } e, Close c) when e.EndGround == Closed && e.ClosedOn == c.ClosedOn => Accept(),
        ({ } e, Close c) when !e.Spans(ComplianceYear.Of(c.ClosedOn.Year)) => e.NotCoveredIn(ComplianceYear.Of(c.ClosedOn.Year)),
        ({ } e, Close c) => Accept(e.Ended(ComplianceYear.Of(c.ClosedOn.Year), Closed, c.ClosedOn, null, c.At)),
        ({ } e, BeSucceeded c) when e.Successors.SequenceEqual(c.SuccessorParticipantIds) => Accept(),
        ({ } e, BeSucceeded c) when !e.Spans(c.FromYear) || !e.Spans(c.FromYear.Previous) => e.NotCoveredIn(e.Spans(c.FromYear) ? c.FromYear.Previous : c.FromYear),
        ({ } e, BeSucceeded c) => Accept(e.Ended(c.FromYear.Previous, c.Ground, null, c.SuccessorParticipantIds, c.At)),
        _ => throw new UnreachableException(command.ToString()),
    };

    public static CoveredEntity After(CoveredEntity? entity, CoveredEntityEvent @event) => @event switch
    {
        CoverageBegan e => new(StreamId(e.Market, e.ParticipantId), e.Market, e.ParticipantId, e.FirstYear, e.LastYear, [], 1),
        CoverageChanged e => entity!.Next() with { FirstYear = e.FirstYear, LastYear = e.LastYear, EndGround = null, ClosedOn = null, Successors = [] },
        YearExcluded e => entity!.Next() with { ExcludedYears = entity.ExcludedYears.Add(e.Year.Value) },
        ExclusionReversed e => entity!.Next() with { ExcludedYears = entity.ExcludedYears.Remove(e.Year.Value) },
        DivisionAssigned e => entity!.Next() with { Divisions = entity.Divisions.SetItem(e.FromYear.Value, e.Division) },
        CoverageEnded e => entity!.Next() with { LastYear = e.LastYear, EndGround = e.Ground, ClosedOn = e.ClosedOn, Successors = e.SuccessorParticipantIds ?? [] },
        PredecessorsNamed e => entity!.Next() with { Predecessors = e.PredecessorParticipantIds },
        WithholdingBegan e => entity!.Next() with { Withheld = e.Ground, InTrust = e.InTrust },
        WithholdingEnded => entity!.Next() with { Withheld = null, InTrust = false },
        _ => throw new UnreachableException(@event.ToString()),
    };

    private bool Spans(ComplianceYear year) => FirstYear <= year && !(year > LastYear);

    private static bool IsDue(LeaveBelowThreshold c) =>
        Enumerable.Range(c.LastYear.Value - c.Years + 1, c.Years).All(year => c.Accepted.TryGetValue(year, out var tonnes) && tonnes < c.Threshold);

    private static string Figures(LeaveBelowThreshold c) =>
        c.Accepted.IsEmpty ? "none" : string.Join(", ", c.Accepted.Select(figure => $"{figure.Value} t for {figure.Key}"));

    /// <summary>The years in which it was off the list are excused before they come into its span, so that nobody ever reads them as owed.</summary>
    private ImmutableArray<CoveredEntityEvent> CoveredAgain(Succeed c)
    {
        var off = (LastYear?.Value ?? c.FromYear.Value) + 1;
        return
        [
            .. Enumerable.Range(off, Math.Max(0, c.FromYear.Value - off)).Where(year => !ExcludedYears.Contains(year))
                .Select(year => new YearExcluded(c.Market, c.ParticipantId, ComplianceYear.Of(year), c.At)),
            new CoverageChanged(c.Market, c.ParticipantId, First(FirstYear, c.FromYear), null, c.At),
            Named(c),
        ];
    }

    private static ComplianceYear First(ComplianceYear one, ComplianceYear other) => one < other ? one : other;

    private static PredecessorsNamed Named(Succeed c) => new(c.Market, c.ParticipantId, c.FromYear, c.PredecessorParticipantIds, c.Ground, c.At);

    private CoverageEnded Ended(ComplianceYear last, string ground, DateOnly? closedOn, ImmutableArray<Guid>? successors, DateTimeOffset at) =>
        new(Market, ParticipantId, FirstYear, last, ground, closedOn, successors, at);

    private Decision<CoveredEntityEvent> NotCoveredIn(ComplianceYear year) =>
        Reject("year-not-covered", $"Participant {ParticipantId} is covered from {FirstYear} to {LastYear?.ToString() ?? "now"}, not in {year}.");

    private CoveredEntity Next() => this with { Revision = Revision + 1 };
}
