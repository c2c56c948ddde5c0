using System.Collections.Immutable;

namespace CarbonMarket.Journaling;

/// <summary>
/// What one transaction makes durable, and who waits for it. Answers without events of their own (reads, repeats,
/// commands that changed nothing) wait as well, for they may rest on the events before them.
/// </summary>
internal sealed class Batch<TState, TCommand, TEvent>(long versionBefore)
    where TCommand : notnull
    where TEvent : notnull
{
    private readonly List<Request<TState>> waiting = [];
    private readonly List<CommittedCommand> decided = [];

    public long VersionBefore => versionBefore;

    public int Events { get; private set; }

    public long Version => versionBefore + Events;

    public int Requests { get; private set; }

    public List<EncodedCommand> Commands { get; } = [];

    /// <summary>Repeats whose first answer has to be read from the journal.</summary>
    public List<(CommandRequest<TState, TCommand, TEvent> Request, KnownCommand First)> Repeats { get; } = [];

    /// <summary>The same commands as the feed shows them, once they are durable.</summary>
    public IEnumerable<CommittedCommand> Committed => decided.Select(command => command with { RecordedAt = RecordedAt });

    /// <summary>Known when they are durable.</summary>
    public DateTimeOffset RecordedAt { get; set; }

    public void Journal(EncodedCommand command, Guid id, ImmutableArray<object> events)
    {
        decided.Add(new CommittedCommand(id, Version + 1, events));
        Commands.Add(command);
        Events += command.Events.Length;
    }

    public void Await(Request<TState> request)
    {
        Requests++;
        waiting.Add(request);
    }

    public void Await(CommandRequest<TState, TCommand, TEvent> repeat, KnownCommand first)
    {
        Requests++;
        Repeats.Add((repeat, first));
    }

    public void Release() => waiting.ForEach(request => request.Release());

    public void Fail(Exception exception)
    {
        waiting.ForEach(request => request.Fail(exception));
        Repeats.ForEach(repeat => repeat.Request.Fail(exception));
    }
}
