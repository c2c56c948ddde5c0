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

    /// <summary>Legal time lies from here on ...</summary>
    public static readonly DateTimeOffset First = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>... and before here: what lies beyond is a slip of the pen that no later setting could mend.</summary>
    public static readonly DateTimeOffset End = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Guid Id { get; init; } = StreamId;

    public long Version { get; init; }

    public DateTimeOffset LegalTime { get; init; }

    public DateTimeOffset SetAt { get; init; }

    public bool Running { get; init; } = true;

    public ImmutableList<Advanced> Advances { get; init; } = [];

    public static bool IsInRange(DateTimeOffset time) => time >= First && time < End;

    /// <summary>Legal time at a moment of system time.</summary>
    public DateTimeOffset At(DateTimeOffset now) => Version == 0 ? now : Running ? LegalTime + (now - SetAt) : LegalTime;

    /// <summary>What the request of this key set; null when no such request is remembered.</summary>
    public Advanced? AdvancedBy(string key) => Advances.Find(advanced => advanced.Key == key);

    public Decision<ClockSet> Decide(ClockCommand command) => command switch
    {
        Set c when Version > 0 && LegalTime == c.To && Running == c.Running => Accept(),
        Set c when !IsInRange(c.To) => OutOfRange($"{c.To:O} lies outside."),
        Set c when GoesBack(c.To, c.Now) => Backwards(c.To, c.Now),
        Set c => Accept(new ClockSet(c.To, c.Now, c.Running, Key: null, Leap: null)),
        Advance c when AdvancedBy(c.Key) is { } known => known.Leap == c.Leap
            ? Accept()
            : Reject("command-id-reused", $"The key {c.Key} has advanced the clock otherwise: {known.Leap}."),
        Advance { Leap.By: { } by } when by <= TimeSpan.Zero => Reject("clock-goes-back", $"{by} is no step forward."),
        Advance c when Target(c) is not { } => OutOfRange(c.Leap.By is { } by ? $"{At(c.Now):O} and {by} lie outside." : $"{c.Leap.To:O} lies outside."),
        Advance c when Target(c) is { } to && GoesBack(to, c.Now) => Backwards(to, c.Now),
        Advance c => Accept(new ClockSet(Target(c)!.Value, c.Now, Running, c.Key, c.Leap)),
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

    /// <summary>Null: out of range. The span is compared before it is added, because a sum may lie beyond any calendar.</summary>
    private DateTimeOffset? Target(Advance command) => command.Leap switch
    {
        { To: { } to } => IsInRange(to) ? to : null,
        { By: { } by } when At(command.Now) is var legal && by < End - legal && by >= First - legal => legal + by,
        _ => null,
    };

    // Once set, legal time never goes back: deadlines that were met stay met.
    private bool GoesBack(DateTimeOffset to, DateTimeOffset now) => Version > 0 && to < At(now);

    private Decision<ClockSet> Backwards(DateTimeOffset to, DateTimeOffset now) =>
        Reject("clock-goes-back", $"Legal time is {At(now):O} already; {to:O} lies before it.");

    private static Decision<ClockSet> OutOfRange(string what) =>
        Reject("clock-out-of-range", $"Legal time lies from {First:O} to before {End:O}; {what}");

    public sealed record Advanced(string Key, Leap Leap, long Version, DateTimeOffset LegalTime, DateTimeOffset SetAt, bool Running);
}
