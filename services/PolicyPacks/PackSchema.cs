using NJsonSchema;
using NJsonSchema.Validation;

namespace CarbonMarket.PolicyPacks;

/// <summary>The JSON Schema all packs share, and its errors in words: each definition's description says what is right.</summary>
internal static class PackSchema
{
    private static readonly Lazy<JsonSchema> Schema = new(Read);

    public static IEnumerable<PolicyPackFault> Faults(string file, string json) =>
        Schema.Value.Validate(json).SelectMany(Leaves).Select(error => Fault(file, error));

    private static JsonSchema Read()
    {
        using var stream = typeof(PackSchema).Assembly.GetManifestResourceStream("policy-pack.schema.json")!;
        using var reader = new StreamReader(stream);
#pragma warning disable VSTHRD002 // NJsonSchema reads only asynchronously; this one text has no outside references, so nothing is waited for.
        return JsonSchema.FromJsonAsync(reader.ReadToEnd()).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }

    private static IEnumerable<ValidationError> Leaves(ValidationError error) => error is ChildSchemaValidationError parent
        ? parent.Errors.Values.SelectMany(children => children).SelectMany(Leaves)
        : [error];

    private static PolicyPackFault Fault(string file, ValidationError error)
    {
        var path = "$" + (error.Path ?? string.Empty).TrimStart('#').Replace('/', '.');
        var schema = error.Schema.ActualSchema;
        return error.Kind switch
        {
            ValidationErrorKind.PropertyRequired => new(file, path, "it is missing", Right(Member(schema, error.Property))),
            ValidationErrorKind.NoAdditionalPropertiesAllowed => new(
                file, path, "no such member is known", "one of " + string.Join(", ", schema.ActualProperties.Keys)),
            ValidationErrorKind.ArrayItemNotValid or ValidationErrorKind.TooFewItems => new(
                file, path, "the list is too short or has a wrong item", Right(schema)),
            _ => new(file, path, Sentence(error), Right(schema)),
        };
    }

    private static JsonSchema? Member(JsonSchema schema, string? name) =>
        name is not null && schema.ActualProperties.TryGetValue(name, out var property) ? property.ActualSchema : null;

    private static string Right(JsonSchema? schema) => schema?.Description ?? "what the schema says";

    private static string Sentence(ValidationError error) => error.Kind switch
    {
        ValidationErrorKind.StringExpected => "text is expected",
        ValidationErrorKind.NumberExpected => "a number is expected",
        ValidationErrorKind.IntegerExpected => "a whole number is expected",
        ValidationErrorKind.BooleanExpected => "true or false is expected",
        ValidationErrorKind.ObjectExpected => "an object is expected",
        ValidationErrorKind.ArrayExpected => "a list is expected",
        ValidationErrorKind.NullExpected => "null is expected",
        ValidationErrorKind.PatternMismatch => "the text does not have the right form",
        ValidationErrorKind.StringTooShort => "the text is empty",
        ValidationErrorKind.NotInEnumeration => "no such value is known",
        ValidationErrorKind.NumberTooSmall => "the number is too small",
        ValidationErrorKind.NumberTooBig => "the number is too large",
        ValidationErrorKind.ItemsNotUnique => "the list names something twice",
        _ => $"it breaks the rule {error.Kind}",
    };
}
