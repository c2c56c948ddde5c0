using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;

namespace CarbonMarket.ServiceDefaults.Platform;

/// <summary>A problem's members are ASP.NET Core's, whose comments are not here to be read, and ours, which it does not know.</summary>
internal static class OpenApiProblems
{
    public static void Describe(OpenApiSchema schema, Type type, JsonPropertyInfo? property)
    {
        if (property?.DeclaringType == typeof(ProblemDetails))
        {
            schema.Description = property.Name switch
            {
                "type" => "urn:carbonmarket:problem: and the code; where the code is http- and the status, the section of RFC 9110.",
                "title" => "What the code means, in the language of Accept-Language: en or zh-CN.",
                "status" => "The HTTP status.",
                "detail" => "What is wrong here, and what would be right. Null: there is no more to say.",
                "instance" => "Not used.",
                _ => schema.Description,
            };
        }
        else if (type == typeof(ProblemDetails) && schema.Properties is { } members)
        {
            schema.Description = "What went wrong (RFC 9457).";
            schema.AdditionalPropertiesAllowed = true;
            members["code"] = Text("Which problem it is: stable, kebab-case, for programs.");
            members["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Description = "Of invalid-input: every fault, so that all are mended at once.",
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
                    {
                        ["path"] = Text("JSON path of the value at fault: $.items[3].quantity; or the parameter's name."),
                        ["code"] = Text("Which fault it is: stable, kebab-case."),
                        ["message"] = Text("What is wrong and what would be right."),
                        ["title"] = Text("What the code means, in the language of Accept-Language."),
                    },
                },
            };
        }
    }

    private static OpenApiSchema Text(string meaning) => new() { Type = JsonSchemaType.String, Description = meaning };
}
