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

    public static UInt128 Hash(TCommand command)
    {
        var type = command.GetType();
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes(type.Name));
        hash.Append([0]);
        hash.Append(JsonSerializer.SerializeToUtf8Bytes(command, type, Form));
        return hash.GetCurrentHashAsUInt128();
    }

    private static void LeaveOutArrival(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || !typeof(TCommand).IsAssignableFrom(info.Type))
            return;
        foreach (var property in info.Properties.Where(p => p.Name == Arrival && p.PropertyType == typeof(DateTimeOffset)).ToList())
            info.Properties.Remove(property);
    }
}
