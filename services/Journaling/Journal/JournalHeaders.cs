using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CarbonMarket.Kernel;
using JasperFx.Events;

namespace CarbonMarket.Journaling;

/// <summary>The metadata of a journaled event beside correlation and causation: who acted, and by which command.</summary>
internal static class JournalHeaders
{
    public const string Subject = "actor-subject";
    public const string Participant = "actor-participant";
    public const string Client = "actor-client";
    public const string CommandId = "command-id";
    public const string CommandHash = "command-hash";

    public static byte[] Write(CommandMark mark, Actor actor, ArrayBufferWriter<byte> scratch)
    {
        scratch.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(scratch))
        {
            json.WriteStartObject();
            json.WriteString(Subject, actor.Subject);
            json.WriteString(Participant, actor.ParticipantId);
            json.WriteString(Client, actor.ClientId);
            json.WriteString(CommandId, mark.Id);
            json.WriteString(CommandHash, mark.Content.ToString("x32", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        return scratch.WrittenSpan.ToArray();
    }

    public static CommandMark Mark(IEvent e) => new(
        Guid.Parse(Required(e, CommandId), CultureInfo.InvariantCulture),
        UInt128.Parse(Required(e, CommandHash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    private static string Required(IEvent e, string header) => e.GetHeader(header)?.ToString()
        ?? throw new InvalidDataException($"Event {e.Id} (version {e.Version}) has no header {header}: it was not journaled.");
}
