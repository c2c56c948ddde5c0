using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CarbonMarket.Audit.History;

/// <summary>
/// Persons in the body of an event. The log knows no service's events; it knows one convention that holds on the whole
/// platform: a text named by, or ending in By, is a person who did it, unless it is a day by which something is due.
/// </summary>
public static class PersonsNamed
{
    // Names the transaction that settled a debt.
    private const string NoPerson = "settledBy";

    /// <summary>The body without those that are not the reader's own.</summary>
    public static JsonElement LeaveOut(string body, Func<string, bool> isOwn)
    {
        var node = JsonNode.Parse(body);
        LeaveOut(node, isOwn);
        return JsonSerializer.SerializeToElement(node);
    }

    private static void LeaveOut(JsonNode? node, Func<string, bool> isOwn)
    {
        foreach (var item in node as JsonArray ?? [])
            LeaveOut(item, isOwn);
        foreach (var (name, value) in (node as JsonObject)?.ToList() ?? [])
        {
            if (PersonIn(name, value) is { } person && !isOwn(person))
                node!.AsObject().Remove(name);
            else
                LeaveOut(value, isOwn);
        }
    }

    private static string? PersonIn(string name, JsonNode? value) =>
        (name == "by" || name.EndsWith("By", StringComparison.Ordinal)) && name != NoPerson && value is JsonValue said
            && said.TryGetValue(out string? text) && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? text
            : null;
}
