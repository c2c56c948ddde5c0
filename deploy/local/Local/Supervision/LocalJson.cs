using System.Text.Json;
using System.Text.Json.Serialization;

namespace CarbonMarket.Local.Supervision;

internal static class LocalJson
{
    public static JsonSerializerOptions Line { get; } = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static JsonSerializerOptions Pretty { get; } = new(Line) { WriteIndented = true };

    public static T? Read<T>(string path)
        where T : class => File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllText(path), Line) : null;
}
