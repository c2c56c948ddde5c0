using System.Text.Json;
using CarbonMarket.ServiceDefaults;

namespace CarbonMarket.Trading.Streaming;

/// <summary>Streams write the one JSON form of the platform.</summary>
internal static class StreamJson
{
    private static readonly JsonSerializerOptions Form = FormOf();

    /// <summary>By what the value is, whatever it is declared as.</summary>
    public static string Write(object value) => JsonSerializer.Serialize(value, value.GetType(), Form);

    private static JsonSerializerOptions FormOf()
    {
        var options = new JsonSerializerOptions();
        ServiceDefaultsExtensions.Json(options);
        return options;
    }
}
