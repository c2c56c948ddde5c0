using System.Text.Json;
using NJsonSchema;
using NJsonSchema.Validation;

namespace CarbonMarket.Calculation;

/// <summary>Reads a method pack: JSON, then its schema, then everything <see cref="MethodPackBuilding"/> asks of it.</summary>
public static class MethodPackReading
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly Lazy<JsonSchema> Schema = new(ReadSchema);

    /// <exception cref="InvalidMethodPackException">With every fault there is.</exception>
    public static MethodPack Parse(string file, string json)
    {
        try
        {
            JsonDocument.Parse(json, Strict).Dispose();
        }
        catch (JsonException exception)
        {
            throw Invalid([new MethodPackFault(file, exception.Path ?? "$", "it is no JSON: " + exception.Message, "one JSON object, each member once")]);
        }
        if (Schema.Value.Validate(json).SelectMany(Leaves).Select(error => Fault(file, error)).Distinct().ToList() is { Count: > 0 } faults)
            throw Invalid(faults);
        return MethodPackBuilding.Build(file, Deserialize(file, json));
    }

    private static MethodPackFile Deserialize(string file, string json)
    {
        try
        {
            return JsonSerializer.Deserialize<MethodPackFile>(json, MethodPackFile.Json)!;
        }
        catch (JsonException exception)
        {
            throw Invalid([new MethodPackFault(file, exception.Path ?? "$", "the value cannot be read", "a value of the kind and size the schema says")]);
        }
    }

    private static InvalidMethodPackException Invalid(IEnumerable<MethodPackFault> faults) =>
        new([.. faults.OrderBy(fault => fault.Path, StringComparer.Ordinal)]);

    private static JsonSchema ReadSchema()
    {
#pragma warning disable VSTHRD002 // NJsonSchema reads only asynchronously; this one text has no outside references, so nothing is waited for.
        return JsonSchema.FromJsonAsync(MethodPacks.Text("method-packs/method-pack.schema.json")).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }

    private static IEnumerable<ValidationError> Leaves(ValidationError error) => error is ChildSchemaValidationError parent
        ? parent.Errors.Values.SelectMany(children => children).SelectMany(Leaves)
        : [error];

    private static MethodPackFault Fault(string file, ValidationError error)
    {
        var schema = error.Schema.ActualSchema;
        var right = error.Kind == ValidationErrorKind.NoAdditionalPropertiesAllowed
            ? "one of " + string.Join(", ", schema.ActualProperties.Keys)
            : schema.Description ?? "what the schema says";
        return new MethodPackFault(file, "$" + (error.Path ?? string.Empty).TrimStart('#').Replace('/', '.'), $"it breaks the rule {error.Kind}", right);
    }
}
