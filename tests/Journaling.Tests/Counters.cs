using System.Collections.Immutable;
using System.Text.Json;
using CarbonMarket.Kernel;

namespace CarbonMarket.Journaling.Tests;

/// <summary>A bank of counters: the smallest model that can accept, refuse, change nothing and go wrong.</summary>
public abstract record CounterCommand(DateTimeOffset At)
{
    /// <summary>Leads to one event per step.</summary>
    public sealed record Add(string Counter, int Amount, DateTimeOffset At, int Steps = 1) : CounterCommand(At);

    /// <summary>Refused when there is less.</summary>
    public sealed record Take(string Counter, int Amount, DateTimeOffset At) : CounterCommand(At);

    /// <summary>Refused when there is less, and the attempt is counted all the same.</summary>
    public sealed record Snatch(string Counter, int Amount, DateTimeOffset At) : CounterCommand(At);

    /// <summary>Changes nothing where the counter exists.</summary>
    public sealed record Ensure(string Counter, DateTimeOffset At) : CounterCommand(At);

    /// <summary>Fails in Decide.</summary>
    public sealed record Stumble(DateTimeOffset At) : CounterCommand(At);

    /// <summary>Decides an event that cannot be applied.</summary>
    public sealed record Break(DateTimeOffset At) : CounterCommand(At);
}

public abstract record CounterEvent
{
    private CounterEvent()
    {
    }

    public sealed record Added(string Counter, int Amount, DateTimeOffset At) : CounterEvent;

    public sealed record Taken(string Counter, int Amount, DateTimeOffset At) : CounterEvent;

    public sealed record Missed(string Counter, DateTimeOffset At) : CounterEvent;

    public sealed record Broken(DateTimeOffset At) : CounterEvent;
}

/// <summary>Mutable, as the book and the ledger are.</summary>
public sealed class CounterBank
{
    public SortedDictionary<string, long> Counters { get; init; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, int> Missed { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Grows by every event, so that a lost or doubled one shows.</summary>
    public long Events { get; set; }

    public string Show() => JsonSerializer.Serialize(this);
}

public sealed class CounterModel : IJournaledModel<CounterBank, CounterCommand, CounterEvent>
{
    private const byte Format = 1;

    public CounterBank Initial() => new();

    public Decision<CounterEvent> Decide(CounterBank state, CounterCommand command) => command switch
    {
        CounterCommand.Add c => Decision<CounterEvent>.Accept(
            Enumerable.Repeat<CounterEvent>(new CounterEvent.Added(c.Counter, c.Amount, c.At), c.Steps).ToImmutableArray()),
        CounterCommand.Take c when state.Counters.GetValueOrDefault(c.Counter) is var there && there < c.Amount =>
            Decision<CounterEvent>.Reject("too-little", $"{c.Counter} holds {there}, {c.Amount} asked."),
        CounterCommand.Snatch c when state.Counters.GetValueOrDefault(c.Counter) < c.Amount =>
            Decision<CounterEvent>.Reject("too-little", $"{c.Counter} holds less than {c.Amount}.", [new CounterEvent.Missed(c.Counter, c.At)]),
        CounterCommand.Snatch c => Decision<CounterEvent>.Accept(new CounterEvent.Taken(c.Counter, c.Amount, c.At)),
        CounterCommand.Take c => Decision<CounterEvent>.Accept(new CounterEvent.Taken(c.Counter, c.Amount, c.At)),
        CounterCommand.Ensure c when state.Counters.ContainsKey(c.Counter) => Decision<CounterEvent>.Accept(),
        CounterCommand.Ensure c => Decision<CounterEvent>.Accept(new CounterEvent.Added(c.Counter, 0, c.At)),
        CounterCommand.Break c => Decision<CounterEvent>.Accept(new CounterEvent.Broken(c.At)),
        _ => throw new InvalidOperationException("It stumbled."),
    };

    public CounterBank Evolve(CounterBank state, CounterEvent @event)
    {
        switch (@event)
        {
            case CounterEvent.Added e:
                state.Counters[e.Counter] = state.Counters.GetValueOrDefault(e.Counter) + e.Amount;
                break;
            case CounterEvent.Taken e:
                state.Counters[e.Counter] = state.Counters.GetValueOrDefault(e.Counter) - e.Amount;
                break;
            case CounterEvent.Missed e:
                state.Missed[e.Counter] = state.Missed.GetValueOrDefault(e.Counter) + 1;
                break;
            default:
                state.Counters.Clear();
                throw new InvalidOperationException("It broke, half way.");
        }
        state.Events++;
        return state;
    }

    public byte[] WriteSnapshot(CounterBank state) => [Format, .. JsonSerializer.SerializeToUtf8Bytes(state)];

    public CounterBank ReadSnapshot(ReadOnlyMemory<byte> snapshot) => snapshot.Span[0] == Format
        ? JsonSerializer.Deserialize<CounterBank>(snapshot.Span[1..])!
        : throw new InvalidDataException($"Format {snapshot.Span[0]} is unknown.");
}
