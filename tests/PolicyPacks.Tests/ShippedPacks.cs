using System.Text.Json.Nodes;

namespace CarbonMarket.PolicyPacks.Tests;

/// <summary>The packs that travel with every binary.</summary>
internal static class ShippedPacks
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "policy-packs");

    private static readonly PolicyPackCatalog Catalog = PolicyPackCatalog.Load(Folder, ["uk-ets", "gansu"]);

    public static PolicyPack Uk => Catalog.Find("uk-ets")!;

    public static PolicyPack Gansu => Catalog.Find("gansu")!;

    /// <summary>The pack's file after a change, as faults.</summary>
    public static IReadOnlyList<PolicyPackFault> FaultsAfter(string market, Action<JsonObject> change)
    {
        var pack = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, market + ".json")))!.AsObject();
        change(pack);
        return PackReading.Parse(market + ".json", market, pack.ToJsonString()).Faults;
    }

    public static JsonObject FirstVersion(this JsonObject pack) => pack["versions"]![0]!.AsObject();
}
