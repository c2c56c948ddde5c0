using System.Text.Json.Nodes;

namespace CarbonMarket.Gateway.OpenApi;

internal static class Documents
{
    public static ServiceDocument From(string service, string json) => new(service, (JsonObject)JsonNode.Parse(json)!);

    /// <summary>A document with one path that answers with the named schema, and these schemas.</summary>
    public static ServiceDocument Answering(string service, string schema, string schemas) => From(service, $$"""
        {
          "openapi": "3.1.1",
          "paths": { "/{{service}}": { "get": { "operationId": "list", "tags": ["Platform"], "answer": {"$ref": "#/components/schemas/{{schema}}"} } } },
          "components": { "schemas": {{schemas}} },
          "tags": [ {"name": "Platform"} ]
        }
        """);

    public static JsonObject Merged(params ServiceDocument[] services) => OpenApiMerge.Merge(services);

    public static JsonNode Operation(this JsonObject merged, string service, string method = "get") => merged["paths"]![$"/{service}"]![method]!;

    public static string Reference(this JsonNode node) => node["$ref"]!.GetValue<string>();

    /// <summary>What a reference leads to, from the root of the document.</summary>
    public static JsonNode? Follow(this JsonObject document, string reference) =>
        reference.Split('/').Skip(1).Aggregate((JsonNode?)document, (node, step) => node?[step]);

    public static string[] Names(this JsonObject merged, string section = "schemas") =>
        [.. OpenApiMerge.Members(merged["components"]?[section]).Select(member => member.Key)];
}
