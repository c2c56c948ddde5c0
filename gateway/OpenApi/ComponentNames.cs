using System.Text.Json.Nodes;

namespace CarbonMarket.Gateway.OpenApi;

/// <summary>Renames a document's components where their names are taken by something else. Pure.</summary>
internal static class ComponentNames
{
    private const string Prefix = "#/components/";
    private const string Security = "securitySchemes";

    /// <summary>A copy of the document that can be added to <paramref name="taken"/> without changing a meaning.</summary>
    public static JsonObject MakeUnique(string service, JsonObject document, JsonObject taken)
    {
        var renamed = Collisions(document, taken).ToDictionary(
            name => name, name => $"{name[..name.IndexOf('/', StringComparison.Ordinal)]}/{service}.{Local(name)}", StringComparer.Ordinal);
        if (renamed.Count == 0)
            return document;
        var copy = (JsonObject)document.DeepClone();
        foreach (var (section, entries) in OpenApiMerge.Members(copy["components"]).ToList())
            foreach (var (name, value) in OpenApiMerge.Members(entries).ToList())
                if (renamed.TryGetValue($"{section}/{name}", out var other))
                {
                    ((JsonObject)entries!).Remove(name);
                    ((JsonObject)entries)[Local(other)] = value;
                }
        Rewrite(copy, renamed);
        return copy;
    }

    /// <summary>
    /// Components, as section/name, that differ from the one that has their name, or that look the same but refer to one
    /// that differs.
    /// </summary>
    private static HashSet<string> Collisions(JsonObject document, JsonObject taken)
    {
        var contested = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        var collisions = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (section, entries) in OpenApiMerge.Members(document["components"]))
            foreach (var (name, value) in OpenApiMerge.Members(entries))
            {
                if (taken[section] is not JsonObject others || !others.TryGetPropertyValue(name, out var other))
                    continue;
                contested.Add($"{section}/{name}", value);
                if (!JsonNode.DeepEquals(value, other))
                    collisions.Add($"{section}/{name}");
            }
        bool found;
        do
        {
            found = false;
            foreach (var (name, value) in contested)
                if (!collisions.Contains(name) && References(value).Select(Component).Any(collisions.Contains))
                    found |= collisions.Add(name);
        }
        while (found);
        return collisions;
    }

    private static string Local(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(member => Referred(member.Value) is { } name ? [name] : References(member.Value)),
        JsonArray array => array.SelectMany(References),
        _ => [],
    };

    // A reference may lead further, into a part of the component: schemas/Page/properties/next.
    private static string Component(string address) => string.Join('/', address.Split('/').Take(2));

    // In a $ref, and in the mapping of a discriminator: wherever a text is the address of a component.
    private static string? Referred(JsonNode? value) =>
        value is JsonValue text && text.TryGetValue<string>(out var address) && address.StartsWith(Prefix, StringComparison.Ordinal)
            ? address[Prefix.Length..]
            : null;

    private static void Rewrite(JsonNode? node, IReadOnlyDictionary<string, string> renamed)
    {
        if (node is JsonArray array)
            foreach (var element in array)
                Rewrite(element, renamed);
        if (node is not JsonObject json)
            return;
        foreach (var (name, value) in json.ToList())
            if (Referred(value) is { } address && renamed.TryGetValue(Component(address), out var other))
                json[name] = Prefix + other + address[Component(address).Length..];
            else if (name == "security" && value is JsonArray requirements)
                RewriteSecurity(requirements, renamed);
            else
                Rewrite(value, renamed);
    }

    // A security requirement names its scheme by the key alone.
    private static void RewriteSecurity(JsonArray requirements, IReadOnlyDictionary<string, string> renamed)
    {
        foreach (var requirement in requirements.OfType<JsonObject>())
            foreach (var (scheme, scopes) in requirement.ToList())
                if (renamed.TryGetValue($"{Security}/{scheme}", out var other))
                {
                    requirement.Remove(scheme);
                    requirement[Local(other)] = scopes;
                }
    }
}
