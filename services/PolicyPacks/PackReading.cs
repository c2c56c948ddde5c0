using System.Collections.Immutable;
using System.Text.Json;

namespace CarbonMarket.PolicyPacks;

/// <summary>What came of reading one file: packs, or everything that is wrong with it.</summary>
internal sealed record PackReading(ImmutableArray<PolicyPack> Packs, ImmutableArray<PolicyPackFault> Faults)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static PackReading Read(string file, string market)
    {
        try
        {
            return Parse(file, market, File.ReadAllText(file));
        }
        catch (IOException exception)
        {
            return Failed(file, "$", $"the file cannot be read ({exception.Message})", $"the pack of the market {market}");
        }
        catch (UnauthorizedAccessException exception)
        {
            return Failed(file, "$", $"the file cannot be read ({exception.Message})", "a file that the service may read");
        }
    }

    public static PackReading Parse(string file, string market, string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Strict);
        }
        catch (JsonException exception)
        {
            var place = exception.LineNumber is { } line ? $" at line {line + 1}, byte {exception.BytePositionInLine + 1}" : string.Empty;
            return Failed(file, exception.Path ?? "$", $"it is no JSON{place}: {exception.Message}", "one JSON object");
        }

        using (document)
            return Check(file, market, json, document.RootElement);
    }

    public static PackReading Failed(string file, string path, string problem, string right) =>
        new([], [new PolicyPackFault(file, path, problem, right)]);

    private static PackReading Check(string file, string market, string json, JsonElement root)
    {
        if (PackNumbers.OutOfRange(file, root).ToImmutableArray() is { IsEmpty: false } outOfRange)
            return new PackReading([], outOfRange);
        var faults = PackSchema.Faults(file, json).ToList();
        var sources = new PackSources(file, root);
        var missing = faults.Select(fault => fault.Path).ToHashSet(StringComparer.Ordinal);
        faults.AddRange(sources.Faults.Where(fault => !missing.Contains(PackSources.ExpectedBeside(fault.Path))));
        if (Deserialize(file, root, out var unreadable) is not { } pack)
            return new PackReading([], faults.Count == 0 ? [unreadable!] : [.. faults]);
        var checks = new PackChecks(file, market, pack);
        faults.AddRange(checks.Faults);
        return faults.Count == 0
            ? new PackReading(PackBuilding.Build(pack, sources.ByPath), [])
            : new PackReading([], [.. faults.Distinct().OrderBy(fault => fault.Path, StringComparer.Ordinal)]);
    }

    /// <summary>
    /// A file whose shape is wrong has been reported by the schema, unless a number is larger than any of ours; its rules
    /// cannot be checked.
    /// </summary>
    private static PackFile? Deserialize(string file, JsonElement root, out PolicyPackFault? unreadable)
    {
        try
        {
            unreadable = null;
            return root.Deserialize<PackFile>(PackFile.Json);
        }
        catch (JsonException exception)
        {
            unreadable = new PolicyPackFault(file, exception.Path ?? "$", "the value cannot be read", "a value of the kind and size the schema says");
            return null;
        }
    }
}
