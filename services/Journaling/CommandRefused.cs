using System.Text.Json.Serialization;

namespace CarbonMarket.Journaling;

/// <summary>
/// A command was refused. Journaled so that its repeat gets the same answer and the regulator sees it. No state follows
/// from it; should the refusal itself have led to facts, they come after it under the same command.
/// </summary>
/// <param name="CommandId">The refused command, by the id the platform gave it.</param>
/// <param name="Command">Name of its type.</param>
/// <param name="Code">Why, as a stable code.</param>
/// <param name="Reason">Why, in English.</param>
/// <param name="ActorParticipantId">For whom it was asked; empty for the platform itself.</param>
/// <param name="RecordedAt">System time of the refusal.</param>
public sealed record CommandRefused(
    Guid CommandId, string Command, string Code, string Reason, Guid ActorParticipantId, DateTimeOffset RecordedAt)
{
    public const string EventName = "command-refused.v1";

    /// <summary>What the command was about, by the id its caller gave it; null: it names nothing, or was refused before this was written down.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? About { get; init; }
}
