using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Kernel;
using static CarbonMarket.Allocation.Clock.ClockCommand;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Allocation.Clock.ClockSet>;

namespace CarbonMarket.Allocation.Clock;

public abstract record ClockCommand(DateTimeOffset Now)
{
    /// <param name="To">Legal time from now on.</param>
    /// <param name="Running">Whether it runs on from there or stands still.</param>
    /// <param name="Now">System time.</param>
    public sealed record Set(DateTimeOffset To, bool Running, DateTimeOffset Now) : ClockCommand(Now);

    /// <param name="Key">The caller's; a repeat is answered as the first time.</param>
    public sealed record Advance(string Key, Leap Leap, DateTimeOffset Now) : ClockCommand(Now);
}

/// <summary>How far legal time is to jump: by a span or to a moment, one of the two.</summary>
public sealed record Leap(TimeSpan? By, DateTimeOffset? To);

/// <summary>Stored for ever: change only by adding.</summary>
/// <param name="At">Legal time it was set to.</param>
/// <param name="SetAt">System time at which it was set.</param>
/// <param name="Running">Whether legal time runs on at the system's pace.</param>
/// <param name="Key">Of the request that advanced it; null when it was set outright.</param>
/// <param name="Leap">What that request asked.</param>
public sealed record ClockSet(DateTimeOffset At, DateTimeOffset SetAt, bool Running, string? Key, Leap? Leap);

/// <summary>The sandbox's legal clock (法定时间). Before it is first set, legal time is the system's.</summary>
public sealed record LegalClock
{
    // Whoever repeats a request does so soon; older keys are forgotten so that the clock stays small for ever.
    private const int KeysKept = 200;

    /// <summary>The platform has one clock, so its stream has a name of its own.</summary>
    public static readonly Guid StreamId = DeterministicGuid.From("allocation:market-clock");

    public Guid Id { get; init; } = StreamId;

    public long Version { get; init; }

    public DateTimeOffset LegalTime { get; init; }

    public DateTimeOffset SetAt { get; init; }

    public bool Running { get; init; } = true;

    public ImmutableList<Advanced> Advances { get; init; } = [];

    /// <summary>Legal time at a moment of system time.</summary>
    public DateTimeOffset At(DateTimeOffset now) => Version == 0 ? now : Running ? LegalTime + (now - SetAt) : LegalTime;

    /// <summary>What the request of this key set; null when no such request is remembered.</summary>
    public Advanced? AdvancedBy(string key) => Advances.Find(advanced => advanced.Key == key);

    public Decision<ClockSet> Decide(ClockCommand command) => command switch
    {
        Set c when Version > 0 && LegalTime == c.To && Running == c.Running => Accept(),
        Set c when GoesBack(c.To, c.Now) => Backwards(c.To, c.Now),
        Set c => Accept(new ClockSet(c.To, c.Now, c.Running, Key: null, Leap: null)),
        Advance c when AdvancedBy(c.Key) is { } known => known.Leap == c.Leap
            ? Accept()
            : Reject("command-id-reused", $"The key {c.Key} has advanced the clock otherwise: {known.Leap}."),
        Advance { Leap.By: { } by } when by <= TimeSpan.Zero => Reject("clock-goes-back", $"{by} is no step forward."),
        Advance c when Target(c) is var to && GoesBack(to, c.Now) => Backwards(to, c.Now),
        Advance c => Accept(new ClockSet(Target(c), c.Now, Running, c.Key, c.Leap)),
        _ => throw new UnreachableException(command.ToString()),
    };

    public LegalClock After(ClockSet set) => this with
    {
        Version = Version + 1,
        LegalTime = set.At,
        SetAt = set.SetAt,
        Running = set.Running,
        Advances = Remember(set),
    };

    private ImmutableList<Advanced> Remember(ClockSet set)
    {
        if (set is not { Key: { } key, Leap: { } leap })
            return Advances;
        var all = Advances.Add(new Advanced(key, leap, Version + 1, set.At, set.SetAt, set.Running));
        return all.Count > KeysKept ? all.RemoveAt(0) : all;
    }

    private DateTimeOffset Target(Advance command) => command.Leap.To ?? At(command.Now) + command.Leap.By!.Value;

    // Once set, legal time never goes back: deadlines that were met stay met.
    private bool GoesBack(DateTimeOffset to, DateTimeOffset now) => Version > 0 && to < At(now);

    private Decision<ClockSet> Backwards(DateTimeOffset to, DateTimeOffset now) =>
        Reject("clock-goes-back", $"Legal time is {At(now):O} already; {to:O} lies before it.");

    public sealed record Advanced(string Key, Leap Leap, long Version, DateTimeOffset LegalTime, DateTimeOffset SetAt, bool Running);
}
