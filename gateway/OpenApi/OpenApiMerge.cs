using System.Text.Json.Nodes;

namespace CarbonMarket.Gateway.OpenApi;

/// <param name="Document">Null when the service did not answer.</param>
public sealed record ServiceDocument(string Service, JsonObject? Document);

/// <summary>
/// Makes one OpenAPI document of the services' documents. Components that mean different things under one name are
/// renamed to <c>service.Name</c>; equal ones are shared. Pure.
/// </summary>
public static class OpenApiMerge
{
    private const string DefaultVersion = "3.1.1";

    /// <summary>What every service says of itself in the same words; of no interest to who looks for the market.</summary>
    private const string LastTag = "Platform";

    private const string Introduction =
        """
        Trading of carbon allowances (碳排放配额, tCO2e) and energy-use rights (用能权, tce), from the emitter's report to the
        surrendered allowance.

        - **Token** (令牌): `POST /connect/token` with `grant_type=client_credentials`, `client_id` and `client_secret`; then
          `Authorization: Bearer`. Good for an hour.
        - **Ids** (编号) are made by the caller. The same request again, with the same ids, is answered as the first time; the
          same id with other content is refused. Whoever got no answer asks again.
        - **Quantities and money** (数量与金额) are whole numbers: units of the instrument, and minor units of the market's
          currency in what ends in `Minor`.
        - **Problems** (错误) follow RFC 9457 with a stable `code`; `title` is in the language of `Accept-Language` (en, zh-CN);
          all faults of an input come at once, each with its JSON path.
        - **Lists** (列表) are paged: `limit` up to 500, `after` takes the `next` of the page before.
        """;

    public static JsonObject Merge(IReadOnlyList<ServiceDocument> services)
    {
        var paths = new JsonObject();
        var components = new JsonObject();
        var tags = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        var operations = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (service, original) in services)
        {
            if (original is null)
                continue;
            var document = ComponentNames.MakeUnique(service, original, components);
            foreach (var (section, entries) in Members(document["components"]))
                Add(entries as JsonObject, Child(components, section));
            foreach (var (path, item) in Members(document["paths"]))
                AddPath(service, path, item as JsonObject, paths, operations);
            foreach (var tag in document["tags"] as JsonArray ?? [])
                tags.TryAdd(tag?["name"]?.GetValue<string>() ?? string.Empty, tag?.DeepClone());
        }
        return new JsonObject
        {
            ["openapi"] = services.Select(service => service.Document?["openapi"]?.GetValue<string>()).FirstOrDefault(version => version is not null) ?? DefaultVersion,
            ["info"] = new JsonObject { ["title"] = "CarbonMarket", ["version"] = "v1", ["description"] = Introduction },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = components,
            ["tags"] = new JsonArray([.. tags.OrderBy(tag => tag.Key == LastTag).Select(tag => tag.Value)]),
            ["x-unavailable"] = new JsonArray(
                [.. services.Where(service => service.Document is null).Select(service => JsonValue.Create(service.Service))]),
        };
    }

    internal static IEnumerable<KeyValuePair<string, JsonNode?>> Members(JsonNode? node) => node as JsonObject ?? [];

    private static JsonObject Child(JsonObject parent, string name) =>
        (JsonObject)(parent[name] ??= new JsonObject());

    private static void Add(JsonObject? from, JsonObject to)
    {
        foreach (var (name, value) in Members(from))
            if (!to.ContainsKey(name))
                to[name] = value?.DeepClone();
    }

    // Services have prefixes of their own; should two offer the same operation, the first is the one that is routed.
    private static void AddPath(string service, string path, JsonObject? item, JsonObject paths, HashSet<string> operations)
    {
        var known = Child(paths, path);
        foreach (var (method, value) in Members(item))
        {
            if (known.ContainsKey(method))
                continue;
            var operation = value?.DeepClone();
            if (operation is JsonObject described && described["operationId"]?.GetValue<string>() is { } id && !operations.Add(id))
            {
                described["operationId"] = $"{service}-{id}";
                operations.Add($"{service}-{id}");
            }
            known[method] = operation;
        }
    }
}
