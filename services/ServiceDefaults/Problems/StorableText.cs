using System.Text.Json;
using System.Text.Json.Serialization;

namespace CarbonMarket.ServiceDefaults.Problems;

/// <summary>
/// Text as the store can keep it. PostgreSQL knows no character of code zero and refuses the whole write that has one, whatever
/// else is in it; so it comes no further than the door.
/// </summary>
/// <param name="replaces">From where nobody can be told: the character is replaced (U+FFFD) instead of refused.</param>
public sealed class StorableText(bool replaces = false) : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Checked(reader.GetString());

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Checked(reader.GetString())!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    private string? Checked(string? text)
    {
        if (text is null || !text.Contains('\0'))
            return text;
        return replaces ? text.Replace('\0', '\uFFFD') : throw new JsonException("Text has no character U+0000.");
    }
}
