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
/// <param name="Given">As it was given; written as text, so that no digit is lost.</param>
/// <param name="GivenUnit">The unit it was given in.</param>
/// <param name="Value">As it was used: in the input's unit, rounded as the method says; written as text.</param>
/// <param name="Origin">Where it came from.</param>
public sealed record TraceEntry(decimal Given, string GivenUnit, decimal Value, Origin Origin);

/// <summary>An input and what stood for it.</summary>
/// <param name="Name">As the method names it.</param>
/// <param name="Unit">The unit in which the method takes it.</param>
/// <param name="Basis"><c>given</c>, or the kind of default that stood in for it.</param>
/// <param name="Rounding">How it was rounded before it was used; null: it was not.</param>
/// <param name="Entries">One figure, or those of a list.</param>
public sealed record TraceInput(string Name, string Unit, string Basis, Rounding? Rounding, ImmutableArray<TraceEntry> Entries);

/// <summary>A factor as the pack had it.</summary>
/// <param name="Id">As the pack names it.</param>
/// <param name="Value">In the unit beside it; written as text.</param>
/// <param name="Unit">As it is written: tC/GJ, kgCO2/kWh.</param>
/// <param name="Source">Where it was published.</param>
/// <param name="Version">The edition of the source.</param>
/// <param name="Scope">The words by which it was looked up: fuel, area.</param>
public sealed record TraceFactor(string Id, decimal Value, string Unit, string Source, string Version, ImmutableSortedDictionary<string, string> Scope);

/// <summary>A step: its formula, what came out exactly, and what that was rounded to.</summary>
/// <param name="Name">As the method names it.</param>
/// <param name="Expression">The formula, by the names of inputs, factors and earlier steps.</param>
/// <param name="Unit">Of what comes out.</param>
/// <param name="Exact">What came out before it was rounded; written as text.</param>
/// <param name="Rounding">How it was rounded; null: it was not.</param>
/// <param name="Value">What it was rounded to; written as text.</param>
public sealed record TraceStep(string Name, string Expression, string Unit, decimal Exact, Rounding? Rounding, decimal Value);

/// <summary>How a figure came about (计算过程), complete enough to be worked out again by anyone who has the pack.</summary>
/// <param name="Pack">The method pack (核算方法包) that has the method.</param>
/// <param name="PackVersion">The pack's version.</param>
/// <param name="Method">As the pack names it.</param>
/// <param name="MethodSource">The document that the method is from.</param>
/// <param name="Year">The compliance year (履约年度), by which method and factors are chosen.</param>
/// <param name="AsOf">The legal day whose factors hold, of those that change within a year.</param>
/// <param name="Scope">The words that the method was asked with: fuel, material, area.</param>
/// <param name="Inputs">The figures that went in.</param>
/// <param name="Factors">The factors that went in, those that stood in for inputs included.</param>
/// <param name="Steps">In the order in which they were worked out; the last one is the result.</param>
/// <param name="Result">The figure itself: the value of the last step; written as text.</param>
/// <param name="Unit">Of the result.</param>
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
