using CarbonMarket.Kernel;

namespace CarbonMarket.Journaling;

/// <summary>A command on its way to the writer.</summary>
/// <param name="CommandId">
/// Made by the outermost caller: the same id is the same command, answered as the first time however often it comes.
/// </param>
/// <param name="Command">
/// Its content decides whether a repeat is one. The property <c>At</c> (legal time at the edge) is not content: a repeat
/// comes later than the first.
/// </param>
/// <param name="Provenance">Stored with every event the command leads to.</param>
public sealed record CommandEnvelope<TCommand>(Guid CommandId, TCommand Command, Provenance Provenance)
    where TCommand : notnull;
