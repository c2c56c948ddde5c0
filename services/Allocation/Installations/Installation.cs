using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Kernel;
using static CarbonMarket.Allocation.Installations.InstallationCommand;
using static CarbonMarket.Allocation.Installations.InstallationEvent;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Allocation.Installations.InstallationEvent>;

namespace CarbonMarket.Allocation.Installations;

/// <summary>A figure with its unit, as it was filed.</summary>
/// <param name="Value">In the unit beside it.</param>
/// <param name="Unit">As it is written: MWh, GJ, %, tCO2/t.</param>
public sealed record ActivityFigure(decimal Value, string Unit);

public abstract record InstallationCommand(string Market, Guid InstallationId, DateTimeOffset At)
{
    public sealed record Register(string Market, Guid InstallationId, Guid ParticipantId, string Name, ComplianceYear FirstYear, DateTimeOffset At)
        : InstallationCommand(Market, InstallationId, At);

    /// <param name="Categories">As the pack names them; several where units are reported together (合并填报).</param>
    /// <param name="SpecialCase">As the pack names it; null: none.</param>
    public sealed record Classify(
        string Market, Guid InstallationId, ComplianceYear FromYear, ImmutableArray<string> Categories, string? SpecialCase, DateTimeOffset At)
        : InstallationCommand(Market, InstallationId, At);

    public sealed record Transfer(string Market, Guid InstallationId, Guid ParticipantId, ComplianceYear FromYear, DateTimeOffset At)
        : InstallationCommand(Market, InstallationId, At);

    public sealed record Close(string Market, Guid InstallationId, DateOnly ClosedOn, DateTimeOffset At) : InstallationCommand(Market, InstallationId, At);

    /// <param name="Figures">By the names of the methods' inputs.</param>
    /// <param name="Evidence">SHA-256 of the file they were taken from; null: none was named.</param>
    public sealed record FileActivity(
        string Market, Guid InstallationId, ComplianceYear Year, ImmutableSortedDictionary<string, ActivityFigure> Figures, string? Evidence, DateTimeOffset At)
        : InstallationCommand(Market, InstallationId, At);
}

// Stored for ever: change only by adding.
public abstract record InstallationEvent
{
    private InstallationEvent()
    {
    }

    public sealed record InstallationRegistered(
        string Market, Guid InstallationId, Guid ParticipantId, string Name, ComplianceYear FirstYear, DateTimeOffset At) : InstallationEvent;

    public sealed record InstallationClassified(
        string Market, Guid InstallationId, Guid ParticipantId, ComplianceYear FromYear, ImmutableArray<string> Categories, string? SpecialCase, DateTimeOffset At)
        : InstallationEvent;

    public sealed record InstallationTransferred(
        string Market, Guid InstallationId, Guid FromParticipantId, Guid ParticipantId, ComplianceYear FromYear, DateTimeOffset At) : InstallationEvent;

    public sealed record InstallationClosed(string Market, Guid InstallationId, Guid ParticipantId, DateOnly ClosedOn, DateTimeOffset At) : InstallationEvent;

    public sealed record ActivityFiled(
        string Market, Guid InstallationId, Guid ParticipantId, ComplianceYear Year, ImmutableSortedDictionary<string, ActivityFigure> Figures, string? Evidence,
        DateTimeOffset At) : InstallationEvent;
}

/// <summary>What an installation is from a year on.</summary>
/// <param name="Categories">As the pack names them; of several the least favourable counts.</param>
/// <param name="SpecialCase">As the pack names what is not allocated by formula; null: none.</param>
public sealed record Classification(ImmutableArray<string> Categories, string? SpecialCase);

/// <param name="Figures">By the names of the methods' inputs.</param>
/// <param name="Evidence">SHA-256 of the file they were taken from; null: none was named.</param>
/// <param name="EventId">The event it was filed by: where traces point to.</param>
public sealed record Activity(ImmutableSortedDictionary<string, ActivityFigure> Figures, string? Evidence, Guid EventId)
{
    public bool Says(FileActivity filed) => Evidence == filed.Evidence && Figures.Count == filed.Figures.Count
        && Figures.All(figure => filed.Figures.GetValueOrDefault(figure.Key) == figure.Value);
}

/// <summary>
/// What allowances are computed for: a generating unit (机组), a clinker line, an electrolysis process, a steel works. Its
/// category, its owner and its figures are known by year; what was said of earlier years stands.
/// </summary>
/// <param name="Id">Of its stream.</param>
/// <param name="Owners">By the year from which each owns it.</param>
/// <param name="Activities">What it did, by year.</param>
public sealed record Installation(
    Guid Id, string Market, string Name, ComplianceYear FirstYear, ImmutableSortedDictionary<int, Guid> Owners,
    ImmutableSortedDictionary<int, Classification> Classifications, ImmutableSortedDictionary<int, Activity> Activities, DateOnly? ClosedOn)
{
    public Guid OwnerIn(int year) => Owners.LastOrDefault(owner => owner.Key <= year).Value;

    public Classification? ClassIn(int year) => Classifications.LastOrDefault(known => known.Key <= year).Value;

    public Activity? ActivityIn(int year) => Activities.GetValueOrDefault(year);

    /// <summary>As the official named it. Documents from when it was always the stream's id as well do not say it.</summary>
    public Guid InstallationId { get => field == Guid.Empty ? Id : field; init; }

    public static Guid StreamId(Guid installationId) => DeterministicGuid.OfNamed(installationId, "allocation:installation");

    public static Decision<InstallationEvent> Decide(Installation? installation, InstallationCommand command) => (installation, command) switch
    {
        ({ } i, Register c) => i.IsOf(c) ? Accept() : Reject("id-reused", $"Installation {i.InstallationId} is another: {i.Name} of {i.Owners.First().Value} from {i.FirstYear}."),
        (null, Register c) => Accept(new InstallationRegistered(c.Market, c.InstallationId, c.ParticipantId, c.Name, c.FirstYear, c.At)),
        (null, _) => Reject("unknown-installation", $"There is no installation {command.InstallationId}."),
        ({ } i, _) when i.Market != command.Market => Reject("unknown-installation", $"There is no installation {command.InstallationId} in {command.Market}."),
        ({ } i, Classify c) when c.FromYear < i.FirstYear => i.NotYet(c.FromYear),
        ({ } i, Classify c) when i.Classifications.TryGetValue(c.FromYear.Value, out var known) && known.SpecialCase == c.SpecialCase
            && known.Categories.SequenceEqual(c.Categories) => Accept(),
        ({ } i, Classify c) => Accept(new InstallationClassified(c.Market, c.InstallationId, i.OwnerIn(c.FromYear.Value), c.FromYear, c.Categories, c.SpecialCase, c.At)),
        ({ } i, Transfer c) when c.FromYear < i.FirstYear => i.NotYet(c.FromYear),
        ({ } i, Transfer c) when i.OwnerIn(c.FromYear.Value) == c.ParticipantId => Accept(),
        ({ } i, Transfer c) => Accept(new InstallationTransferred(c.Market, c.InstallationId, i.OwnerIn(c.FromYear.Value), c.ParticipantId, c.FromYear, c.At)),
        ({ } i, Close c) when c.ClosedOn.Year < i.FirstYear.Value => i.NotYet(ComplianceYear.Of(c.ClosedOn.Year)),
        ({ } i, Close c) => i.ClosedOn == c.ClosedOn
            ? Accept() : Accept(new InstallationClosed(c.Market, c.InstallationId, i.OwnerIn(c.ClosedOn.Year), c.ClosedOn, c.At)),
        ({ } i, FileActivity c) when c.Year < i.FirstYear => i.NotYet(c.Year),
        ({ } i, FileActivity c) when i.ActivityIn(c.Year.Value) is { } known && known.Says(c) => Accept(),
        ({ } i, FileActivity c) => Accept(new ActivityFiled(c.Market, c.InstallationId, i.OwnerIn(c.Year.Value), c.Year, c.Figures, c.Evidence, c.At)),
        _ => throw new UnreachableException(command.ToString()),
    };

    public static Installation After(Installation? installation, InstallationEvent @event, Guid eventId) => @event switch
    {
        InstallationRegistered e => new(
            StreamId(e.InstallationId), e.Market, e.Name, e.FirstYear, ImmutableSortedDictionary<int, Guid>.Empty.Add(e.FirstYear.Value, e.ParticipantId),
            ImmutableSortedDictionary<int, Classification>.Empty, ImmutableSortedDictionary<int, Activity>.Empty, null)
        {
            InstallationId = e.InstallationId,
        },
        InstallationClassified e => installation! with
        {
            Classifications = installation.Classifications.SetItem(e.FromYear.Value, new Classification(e.Categories, e.SpecialCase)),
        },
        // A later owner that was named before is overtaken: it would have it from somebody who no longer has it.
        InstallationTransferred e => installation! with
        {
            Owners = installation.Owners.RemoveRange(installation.Owners.Keys.Where(year => year > e.FromYear.Value)).SetItem(e.FromYear.Value, e.ParticipantId),
        },
        InstallationClosed e => installation! with { ClosedOn = e.ClosedOn },
        ActivityFiled e => installation! with { Activities = installation.Activities.SetItem(e.Year.Value, new Activity(e.Figures, e.Evidence, eventId)) },
        _ => throw new UnreachableException(@event.ToString()),
    };

    private bool IsOf(Register c) =>
        Market == c.Market && Name == c.Name && FirstYear == c.FirstYear && Owners.GetValueOrDefault(FirstYear.Value) == c.ParticipantId;

    private Decision<InstallationEvent> NotYet(ComplianceYear year) => Reject("before-first-year", $"{Name} began in {FirstYear}; {year} lies before.");
}
