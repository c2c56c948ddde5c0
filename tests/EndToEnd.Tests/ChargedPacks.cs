using System.Text.Json.Nodes;

namespace CarbonMarket.EndToEnd;

/// <summary>
/// The shipped policy packs with one change: in Gansu trades in rights of increment (增量指标), of which no other test trades, cost
/// fees, and a fifth of the fees goes to the risk reserve.
/// </summary>
internal sealed class ChargedPacks
{
    public const string Instrument = "TCEINC-2026";

    /// <summary>In 0.01 %.</summary>
    public const int BuyerFee = 25;

    /// <inheritdoc cref="BuyerFee"/>
    public const int SellerFee = 40;

    public ChargedPacks(DirectoryInfo home)
    {
        Folder = home.CreateSubdirectory("policy-packs").FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "policy-packs")))
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
        var gansu = Path.Combine(Folder, "gansu.json");
        var pack = JsonNode.Parse(File.ReadAllText(gansu))!;
        var version = pack["versions"]![0]!;
        version["instruments"]!.AsArray().Single(instrument => (string?)instrument!["id"] == "TCEINC")!["feeBasisPoints"] =
            new JsonObject { ["buyer"] = BuyerFee, ["seller"] = SellerFee, ["source"] = "[D] for the test" };
        version["registry"]!["riskReserveBasisPoints"] = new JsonObject { ["value"] = 2_000, ["source"] = "[D] for the test" };
        File.WriteAllText(gansu, pack.ToJsonString());
    }

    public string Folder { get; }
}
