using System.Buffers;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CarbonMarket.Journaling;

/// <summary>
/// What makes a command the same command again: its type and its JSON, without the property <c>At</c>, because a repeat
/// arrives later than the first. Stored with the events, so this form may not change.
/// </summary>
internal static class CommandContent<TCommand>
    where TCommand : notnull
{
    private const string Arrival = "At";

    private static readonly JsonSerializerOptions Form = new()
    {
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutArrival } },
    };

    /// <summary>Each thread of the callers has one; hashing is theirs to do and not the writer's.</summary>
    [ThreadStatic]
    private static Scratch? scratch;

    public static UInt128 Hash(TCommand command)
    {
        var (bytes, json) = scratch ??= new Scratch(new ArrayBufferWriter<byte>(1024), new Utf8JsonWriter(Stream.Null));
        var type = command.GetType();
        bytes.ResetWrittenCount();
        json.Reset(bytes);
        Encoding.UTF8.GetBytes(type.Name, bytes);
        bytes.Write<byte>([0]);
        JsonSerializer.Serialize(json, command, type, Form);
        return XxHash128.HashToUInt128(bytes.WrittenSpan);
    }

    private sealed record Scratch(ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json);

    private static void LeaveOutArrival(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || !typeof(TCommand).IsAssignableFrom(info.Type))
            return;
        foreach (var property in info.Properties.Where(p => p.Name == Arrival && p.PropertyType == typeof(DateTimeOffset)).ToList())
            info.Properties.Remove(property);
    }
}
