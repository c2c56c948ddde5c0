using System.Text.Json;
using System.Text.Json.Serialization;

namespace CarbonMarket.ServiceDefaults.Problems;

/// <summary>
/// A moment as callers say it: with its offset from UTC. Without one it would be another moment on every machine; 09:00 is not
/// guessed to be UTC's where the market means China's.
/// </summary>
public sealed class TimeWithOffset : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time)
            && reader.TryGetDateTime(out var given) && given.Kind != DateTimeKind.Unspecified
            ? time
            : throw new JsonException("A time is ISO 8601 with its offset: 2026-03-04T09:30:00+08:00.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
