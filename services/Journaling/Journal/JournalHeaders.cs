using System.Globalization;
using System.Text.Json;
using CarbonMarket.Kernel;

namespace CarbonMarket.Journaling;

/// <summary>The metadata of a journaled event beside correlation and causation: who acted, and by which command.</summary>
internal static class JournalHeaders
{
    public const string Subject = "actor-subject";
    public const string Participant = "actor-participant";
    public const string Client = "actor-client";
    public const string CommandId = "command-id";
    public const string CommandHash = "command-hash";
    private const int HashDigits = 32;

    /// <summary>In the order in which jsonb keeps the keys of an object, shorter ones first: it has nothing to sort then.</summary>
    public static void Write(CommandMark mark, Actor actor, Utf8JsonWriter json)
    {
        Span<char> hash = stackalloc char[HashDigits];
        mark.Content.TryFormat(hash, out _, "x32", CultureInfo.InvariantCulture);
        json.WriteStartObject();
        json.WriteString(CommandId, mark.Id);
        json.WriteString(Client, actor.ClientId);
        json.WriteString(CommandHash, hash);
        json.WriteString(Subject, actor.Subject);
        json.WriteString(Participant, actor.ParticipantId);
        json.WriteEndObject();
        json.Flush();
    }

    public static CommandMark Mark(Guid? id, string? hash, long version) => id is { } known && hash is { Length: HashDigits }
        ? new(known, UInt128.Parse(hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
        : throw new InvalidDataException($"Version {version} has no {CommandId} and {CommandHash} in its headers: it was not journaled.");
}
