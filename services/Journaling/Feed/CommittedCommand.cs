using System.Collections.Immutable;

namespace CarbonMarket.Journaling;

/// <summary>What one command left in the journal, durable: all of it became so at once.</summary>
/// <param name="CommandId">The engine's id of the command.</param>
/// <param name="FirstVersion">The journal's version with the first of the events.</param>
/// <param name="Events">
/// The model's events in their order, after a <see cref="CommandRefused"/> where they hold although the command was refused;
/// never empty.
/// </param>
public sealed record CommittedCommand(Guid CommandId, long FirstVersion, ImmutableArray<object> Events)
{
    /// <summary>When it was recorded, by the system's clock, as the store has it: to the microsecond.</summary>
    public DateTimeOffset RecordedAt { get; init; }

    public long LastVersion => FirstVersion + Events.Length - 1;
}
