using System.Collections.Immutable;

namespace CarbonMarket.Calculation;

/// <summary>The packs shipped inside this assembly. A pack that figures were computed by stays; its successor is a new version.</summary>
public static class MethodPacks
{
    /// <summary>Monitoring and reporting of emissions (温室气体排放核算).</summary>
    public const string Emissions = "cn-emissions";

    /// <summary>Allowance allocation of the national market (配额分配).</summary>
    public const string Allowances = "cn-allowances";

    /// <summary>Comprehensive energy consumption and energy-use quotas (综合能源消费量, 用能权).</summary>
    public const string Energy = "cn-energy";

    private const string Folder = "method-packs/";

    private static readonly Lazy<ImmutableArray<MethodPack>> Read = new(() =>
    [
        .. typeof(MethodPacks).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && !name.EndsWith(".schema.json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => MethodPackReading.Parse(name[Folder.Length..], Text(name))),
    ]);

    public static ImmutableArray<MethodPack> Shipped => Read.Value;

    /// <summary>The newest shipped version of a pack; versions are compared as text, year first.</summary>
    public static MethodPack Newest(string id) =>
        Shipped.Where(pack => string.Equals(pack.Id, id, StringComparison.Ordinal)).MaxBy(pack => pack.Version, StringComparer.Ordinal)
        ?? throw new ArgumentException($"No method pack {id} is shipped.", nameof(id));

    /// <summary>The version something was computed by; null where it is not shipped.</summary>
    public static MethodPack? Find(string id, string version) => Shipped.FirstOrDefault(pack =>
        string.Equals(pack.Id, id, StringComparison.Ordinal) && string.Equals(pack.Version, version, StringComparison.Ordinal));

    internal static string Text(string resource)
    {
        using var stream = typeof(MethodPacks).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
