using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CarbonMarket.Kernel;

namespace CarbonMarket.Journaling;

/// <summary>
/// The state of a partition and the commands that led to it: what a failed commit makes worthless, and what recovery
/// restores. Touched by the writer only.
/// </summary>
internal sealed class PartitionState<TState, TCommand, TEvent>(
    IJournaledModel<TState, TCommand, TEvent> model, IJournal journal, JournaledEngineOptions options, TimeProvider system)
    where TCommand : notnull
    where TEvent : notnull
{
    private readonly RecentOutcomes<TEvent> recent = new(options.RecentOutcomes);

    public TState State { get; private set; } = model.Initial();

    /// <summary>Version including what is decided and not yet committed.</summary>
    public long Version { get; private set; }

    public CommandWindow Window { get; private set; } = new(options.CommandWindow);

    public void Restore(TState state, CommandWindow window, long version) => (State, Window, Version) = (state, window, version);

    public void Replay(JournaledEvent journaled)
    {
        if (journaled.Version != Version + 1)
            throw new InvalidDataException($"The journal goes from version {Version} to {journaled.Version}: events are missing.");
        State = journaled.Data switch
        {
            TEvent e => model.Evolve(State, e),
            CommandRefused => State,
            var other => throw new InvalidDataException($"Version {journaled.Version} is a {other.GetType().Name}, which nobody journaled."),
        };
        Window.Replay(journaled.Mark, journaled.Version);
        Version = journaled.Version;
    }

    /// <summary>Decides the command, or finds that it has been; the answer waits in the batch.</summary>
    public void Take(CommandRequest<TState, TCommand, TEvent> request, Batch<TState, TCommand, TEvent> batch)
    {
        if (Window.TryGet(request.Envelope.CommandId, out var first))
        {
            Repeat(request, first, batch);
            return;
        }
        try
        {
            Decide(request, batch);
        }
        catch (Exception exception) when (exception is not EvolutionFailedException)
        {
            // Nothing has followed from the command yet: neither the rules nor the serializer may change the state.
            request.Fail(exception);
        }
    }

    private void Repeat(
        CommandRequest<TState, TCommand, TEvent> request, KnownCommand first, Batch<TState, TCommand, TEvent> batch)
    {
        request.Prepared = first.Mark != request.Mark
            ? new Outcome<TEvent>.Rejected(RefusalCodes.CommandIdReused,
                "This id has been used for a command with other content.", IsRepeat: false)
            : recent.Find(first.Mark.Id) is { } outcome ? outcome with { IsRepeat = true } : null;
        if (request.Prepared is null)
            batch.Await(request, first);
        else
            batch.Await(request);
    }

    private void Decide(CommandRequest<TState, TCommand, TEvent> request, Batch<TState, TCommand, TEvent> batch)
    {
        switch (model.Decide(State, request.Envelope.Command))
        {
            case Decision<TEvent>.Accepted { Events.IsDefaultOrEmpty: true }:
                request.Prepared = new Outcome<TEvent>.Accepted([], Version, IsRepeat: false);
                break;
            case Decision<TEvent>.Accepted accepted:
                Journal(request, Array.ConvertAll(ImmutableCollectionsMarshal.AsArray(accepted.Events)!, e => (object)e), batch);
                Evolve(accepted.Events);
                Remember(request, new Outcome<TEvent>.Accepted(accepted.Events, Version, IsRepeat: false), accepted.Events.Length);
                break;
            case Decision<TEvent>.Rejected { Passes: true, Facts.IsEmpty: true } passing:
                request.Prepared = new Outcome<TEvent>.Rejected(passing.Code, passing.Reason, IsRepeat: false);
                break;
            case Decision<TEvent>.Rejected rejected:
                Journal(request, [Refusal(request.Envelope, rejected), .. rejected.Facts.Cast<object>()], batch);
                Version++;
                Evolve(rejected.Facts);
                Remember(request, new Outcome<TEvent>.Rejected(rejected.Code, rejected.Reason, IsRepeat: false), 1 + rejected.Facts.Length);
                break;
        }
        batch.Await(request);
    }

    private void Journal(
        CommandRequest<TState, TCommand, TEvent> request, object[] events, Batch<TState, TCommand, TEvent> batch) =>
        batch.Journal(
            journal.Encode(request.Mark, request.Envelope.Provenance, events), request.Mark.Id, ImmutableCollectionsMarshal.AsImmutableArray(events));

    private void Evolve(ImmutableArray<TEvent> events)
    {
        try
        {
            foreach (var e in events)
                State = model.Evolve(State, e);
        }
        catch (Exception exception)
        {
            throw new EvolutionFailedException(exception);
        }
        Version += events.Length;
    }

    private void Remember(CommandRequest<TState, TCommand, TEvent> request, Outcome<TEvent> outcome, int events)
    {
        request.Prepared = outcome;
        Window.Add(new KnownCommand(request.Mark, Version - events + 1, events));
        recent.Add(request.Envelope.CommandId, outcome);
    }

    private CommandRefused Refusal(CommandEnvelope<TCommand> envelope, Decision<TEvent>.Rejected rejected) => new(
        envelope.CommandId, envelope.Command.GetType().Name, rejected.Code, rejected.Reason,
        envelope.Provenance.Actor.ParticipantId, system.GetUtcNow())
    {
        About = (envelope.Command as ICommandAbout)?.About,
    };
}

/// <summary>A bug: an event that was decided cannot be applied, and the state may be half changed. It was not journaled.</summary>
internal sealed class EvolutionFailedException(Exception cause)
    : Exception($"An event that was decided cannot be applied: {cause.Message}", cause);
