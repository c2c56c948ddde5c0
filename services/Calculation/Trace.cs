using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CarbonMarket.Calculation;

/// <summary>Where a given figure came from: an event, an evidence file, another trace.</summary>
/// <param name="Kind"><c>event</c>, <c>evidence</c>, <c>trace</c> ... : what the reference refers to.</param>
/// <param name="Reference">The event's id, or the SHA-256 of the file or trace.</param>
public sealed record Origin(string Kind, string Reference);

/// <summary>A figure as it was given and as it was used: in the method's unit, and rounded as the method says.</summary>
public sealed record TraceEntry(decimal Given, string GivenUnit, decimal Value, Origin Origin);

/// <summary>An input and what stood for it.</summary>
/// <param name="Basis"><c>given</c>, or the kind of default that stood in for it.</param>
public sealed record TraceInput(string Name, string Unit, string Basis, Rounding? Rounding, ImmutableArray<TraceEntry> Entries);

/// <summary>A factor as the pack had it.</summary>
public sealed record TraceFactor(string Id, decimal Value, string Unit, string Source, string Version, ImmutableSortedDictionary<string, string> Scope);

/// <summary>A step: its formula, what came out exactly, and what that was rounded to.</summary>
public sealed record TraceStep(string Name, string Expression, string Unit, decimal Exact, Rounding? Rounding, decimal Value);

/// <summary>How a figure came about (计算过程), complete enough to be worked out again by anyone who has the pack.</summary>
public sealed record Trace(
    string Pack, string PackVersion, string Method, string MethodSource, int Year, DateOnly AsOf, ImmutableSortedDictionary<string, string> Scope,
    ImmutableArray<TraceInput> Inputs, ImmutableArray<TraceFactor> Factors, ImmutableArray<TraceStep> Steps, decimal Result, string Unit)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new DecimalAsText() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="JsonException">The text is no trace.</exception>
    public static Trace FromJson(string json)
    {
        var trace = JsonSerializer.Deserialize<Trace>(json, Json);
        return trace is not null && trace.Inputs.All(input => input is not null && input.Entries.All(entry => entry is not null))
            && trace.Factors.All(factor => factor is not null) && trace.Steps.All(step => step is not null)
            ? trace
            : throw new JsonException("A trace is one JSON object without empty lines.");
    }

    [JsonIgnore]
    public Measure Measure => new(Result, CarbonMarket.Calculation.Unit.Parse(Unit));

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The SHA-256 of its JSON: what an event keeps to bind itself to this trace.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, Json)));

    /// <summary>Decimals are text: a reader that takes numbers for floating point would lose their last digits.</summary>
    private sealed class DecimalAsText : JsonConverter<decimal>
    {
        private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && decimal.TryParse(reader.GetString(), Plain, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new JsonException("A figure of a trace is a decimal number as text.");

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}
