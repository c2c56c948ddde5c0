using CarbonMarket.Kernel;

namespace CarbonMarket.Journaling;

/// <summary>
/// The rules of one partition: pure functions over a state that one writer owns. No clock, ids or I/O; what they need of
/// those comes in the command. Replaying the journal through <see cref="Evolve"/> must give the state that deciding live
/// gave.
/// </summary>
public interface IJournaledModel<TState, TCommand, TEvent>
    where TCommand : notnull
    where TEvent : notnull
{
    TState Initial();

    /// <summary>Looks at the state and changes nothing; an exception fails this command alone.</summary>
    Decision<TEvent> Decide(TState state, TCommand command);

    /// <summary>
    /// May mutate and return the same instance. An exception is a bug that stops the writer: what the events say cannot
    /// be refused any more.
    /// </summary>
    TState Evolve(TState state, TEvent @event);

    /// <summary>Everything <see cref="ReadSnapshot"/> needs to give the same state; begin it with a format version.</summary>
    byte[] WriteSnapshot(TState state);

    /// <summary>
    /// Takes the state as it stands in a moment, for nobody is answered meanwhile, and gives what writes it: called later, beside the
    /// writer, when the state is another. A model whose states are small need not tell the two apart.
    /// </summary>
    Func<byte[]> CaptureSnapshot(TState state)
    {
        var bytes = WriteSnapshot(state);
        return () => bytes;
    }

    /// <summary>Throws on bytes of another format version: the engine then falls back on the journal.</summary>
    TState ReadSnapshot(ReadOnlyMemory<byte> snapshot);
}
