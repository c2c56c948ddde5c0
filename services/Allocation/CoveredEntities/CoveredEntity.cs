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
}

/// <summary>A covered entity (重点排放单位) of one market: the years it must account for. It is on the list or it was never on it.</summary>
/// <param name="Revision">Number of events.</param>
public sealed record CoveredEntity(
    Guid Id, string Market, Guid ParticipantId, ComplianceYear FirstYear, ComplianceYear? LastYear,
    ImmutableSortedSet<int> ExcludedYears, long Revision)
{
    /// <summary>One stream for each participant of each market, whoever asks.</summary>
    public static Guid StreamId(string market, Guid participantId) => DeterministicGuid.From(participantId, $"allocation:covered-entity:{market}");

    /// <summary>Whether the entity must account for the year: within its span and not excluded.</summary>
    public bool Owes(ComplianceYear year) => Spans(year) && !ExcludedYears.Contains(year.Value);

    public static Decision<CoveredEntityEvent> Decide(CoveredEntity? entity, CoveredEntityCommand command) => (entity, command) switch
    {
        (_, Cover c) when c.LastYear < c.FirstYear => Reject("invalid-span", $"The last year {c.LastYear} lies before the first, {c.FirstYear}."),
        (null, Cover c) => Accept(new CoverageBegan(c.Market, c.ParticipantId, c.FirstYear, c.LastYear, c.At)),
        (null, _) => Reject("entity-not-covered", $"Participant {command.ParticipantId} is no covered entity of {command.Market}."),
        ({ } e, Cover c) when e.FirstYear == c.FirstYear && e.LastYear == c.LastYear => Accept(),
        (_, Cover c) => Accept(new CoverageChanged(c.Market, c.ParticipantId, c.FirstYear, c.LastYear, c.At)),
        ({ } e, Exclude c) when e.ExcludedYears.Contains(c.Year.Value) => Accept(),
        ({ } e, Exclude c) when !e.Spans(c.Year) =>
            Reject("year-not-covered", $"Participant {c.ParticipantId} is covered from {e.FirstYear} to {e.LastYear?.ToString() ?? "now"}, not in {c.Year}."),
        (_, Exclude c) => Accept(new YearExcluded(c.Market, c.ParticipantId, c.Year, c.At)),
        ({ } e, ReverseExclusion c) when !e.ExcludedYears.Contains(c.Year.Value) => Accept(),
        (_, ReverseExclusion c) => Accept(new ExclusionReversed(c.Market, c.ParticipantId, c.Year, c.At)),
        _ => throw new UnreachableException(command.ToString()),
    };

    public static CoveredEntity After(CoveredEntity? entity, CoveredEntityEvent @event) => @event switch
    {
        CoverageBegan e => new(StreamId(e.Market, e.ParticipantId), e.Market, e.ParticipantId, e.FirstYear, e.LastYear, [], 1),
        CoverageChanged e => entity!.Next() with { FirstYear = e.FirstYear, LastYear = e.LastYear },
        YearExcluded e => entity!.Next() with { ExcludedYears = entity.ExcludedYears.Add(e.Year.Value) },
        ExclusionReversed e => entity!.Next() with { ExcludedYears = entity.ExcludedYears.Remove(e.Year.Value) },
        _ => throw new UnreachableException(@event.ToString()),
    };

    private bool Spans(ComplianceYear year) => FirstYear <= year && !(year > LastYear);

    private CoveredEntity Next() => this with { Revision = Revision + 1 };
}
