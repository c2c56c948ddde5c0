using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CarbonMarket.PolicyPacks;

/// <summary>
/// Finds every source in a pack, and every number that has none: a number is sourced by the <c>source</c> of the object
/// that holds it. The schema says the same member by member; this says it of whatever the schema may come to allow.
/// </summary>
internal sealed partial class PackSources
{
    private readonly string _file;
    private readonly HashSet<string> _documents;
    private readonly List<PolicyPackFault> _faults = [];
    private readonly SortedDictionary<string, string> _byPath = new(StringComparer.Ordinal);

    public PackSources(string file, JsonElement root)
    {
        _file = file;
        _documents = root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("documents", out var documents) && documents.ValueKind == JsonValueKind.Object
            ? [.. documents.EnumerateObject().Select(document => document.Name)]
            : [];
        Walk(root, "$", sourced: false);
    }

    public IReadOnlyList<PolicyPackFault> Faults => _faults;

    /// <summary>The source of each object, by the object's path.</summary>
    public ImmutableSortedDictionary<string, string> ByPath => _byPath.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Where a number's source should stand: reported once, by the schema or here.</summary>
    public static string ExpectedBeside(string path) => (path.LastIndexOf('.') is > 0 and var dot ? path[..dot] : path) + ".source";

    private void Walk(JsonElement element, string path, bool sourced)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var source = Source(element, path);
                foreach (var member in element.EnumerateObject())
                    Walk(member.Value, $"{path}.{member.Name}", source);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                    Walk(item, $"{path}[{index++}]", sourced);
                break;
            case JsonValueKind.Number when !sourced:
                _faults.Add(new PolicyPackFault(_file, path, "the number has no source", "a member \"source\" beside it"));
                break;
            default:
                break;
        }
    }

    private bool Source(JsonElement holder, string path)
    {
        if (!holder.TryGetProperty("source", out var source) || source.ValueKind != JsonValueKind.String)
            return false;
        var text = source.GetString()!;
        _byPath[path] = text;
        foreach (var key in Read().Match(text).Groups["key"].Captures.Select(capture => capture.Value))
        {
            if (!_documents.Contains(key))
                _faults.Add(new PolicyPackFault(
                    _file, path + ".source", $"the document {key} is not named in the pack", "a key of $.documents: " + string.Join(", ", _documents)));
        }

        return true;
    }

    // [V:S12, S30 market review]: keys are the first words between the commas.
    [GeneratedRegex(@"^\[V:\s*(?<key>[^\s,\]]+)[^,\]]*(,\s*(?<key>[^\s,\]]+)[^,\]]*)*\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Read();
}
