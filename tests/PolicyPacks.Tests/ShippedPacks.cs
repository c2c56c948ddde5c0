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
    public static IReadOnlyList<PolicyPackFault> FaultsAfter(string market, Action<JsonObject> change) => ReadAfter(market, change).Faults;

    /// <summary>The pack after a change that leaves it without faults.</summary>
    public static PolicyPack After(string market, Action<JsonObject> change)
    {
        var reading = ReadAfter(market, change);
        reading.Faults.ShouldBeEmpty();
        return reading.Packs.ShouldHaveSingleItem();
    }

    public static JsonObject FirstVersion(this JsonObject pack) => pack["versions"]![0]!.AsObject();

    /// <summary>The instrument of that id as the file has it, all vintages in one.</summary>
    public static JsonObject Instrument(this JsonObject pack, string id) =>
        pack.FirstVersion()["instruments"]!.AsArray().Single(instrument => (string?)instrument!["id"] == id)!.AsObject();

    /// <summary>A value as files have it, with a source.</summary>
    public static JsonObject Sourced(JsonNode value) => new() { ["value"] = value, ["source"] = "[D] for the test" };

    private static PackReading ReadAfter(string market, Action<JsonObject> change)
    {
        var pack = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, market + ".json")))!.AsObject();
        change(pack);
        return PackReading.Parse(market + ".json", market, pack.ToJsonString());
    }
}
