using System.Collections.Immutable;

namespace CarbonMarket.PolicyPacks;

/// <summary>The packs of the markets a deployment runs, all checked.</summary>
public sealed class PolicyPackCatalog
{
    private readonly ImmutableSortedDictionary<string, ImmutableArray<PolicyPack>> _versions;

    /// <param name="packs">Every version of every market.</param>
    public PolicyPackCatalog(IEnumerable<PolicyPack> packs)
    {
        _versions = packs.GroupBy(pack => pack.Market, StringComparer.Ordinal).ToImmutableSortedDictionary(
            market => market.Key, market => market.OrderBy(pack => pack.ValidFrom).ToImmutableArray(), StringComparer.Ordinal);
        Markets = [.. _versions.Keys];
    }

    /// <summary>In alphabetical order.</summary>
    public ImmutableArray<string> Markets { get; }

    /// <summary>The market's newest version; null where the market is not run here.</summary>
    public PolicyPack? Find(string market) => _versions.TryGetValue(market, out var versions) ? versions[^1] : null;

    /// <summary>Every version of the market, oldest first; none where the market is not run here.</summary>
    public ImmutableArray<PolicyPack> Versions(string market) => _versions.GetValueOrDefault(market, []);

    /// <summary>The version in force on a legal day; null before the first and in a gap.</summary>
    public PolicyPack? Find(string market, DateOnly day) => _versions.TryGetValue(market, out var versions)
        ? versions.LastOrDefault(pack => pack.ValidFrom <= day && day <= (pack.ValidTo ?? DateOnly.MaxValue))
        : null;

    /// <summary>
    /// The version a legal moment is judged by; null where the market is not run here. Somebody has to decide at every
    /// moment: before the first version it is the first, in a gap the one before it.
    /// </summary>
    public PolicyPack? Find(string market, DateTimeOffset at) => Versions(market) is { IsEmpty: false } versions ? versions.InForce(at) : null;

    /// <summary>
    /// Reads <c>{market}.json</c> for each market.
    /// </summary>
    /// <exception cref="InvalidPolicyPacksException">Names every fault of every file.</exception>
    public static PolicyPackCatalog Load(string directory, IEnumerable<string> markets)
    {
        var names = markets.Distinct(StringComparer.Ordinal).ToList();
        var readings = names.ConvertAll(market => PackReading.Read(Path.Combine(directory, market + ".json"), market));
        if (names.Count == 0)
            readings = [PackReading.Failed(directory, "$", "no market is named", "at least one, in the setting Policy:Markets")];
        var faults = readings.SelectMany(reading => reading.Faults).ToImmutableArray();
        return faults.IsEmpty
            ? new PolicyPackCatalog(readings.SelectMany(reading => reading.Packs))
            : throw new InvalidPolicyPacksException(faults);
    }
}

public static class PolicyPackVersions
{
    /// <param name="versions">Oldest first, at least one.</param>
    /// <inheritdoc cref="PolicyPackCatalog.Find(string, DateTimeOffset)" path="/summary"/>
    public static PolicyPack InForce(this ImmutableArray<PolicyPack> versions, DateTimeOffset at) =>
        versions.LastOrDefault(pack => pack.ValidFrom <= pack.LegalDay(at)) ?? versions[0];
}
