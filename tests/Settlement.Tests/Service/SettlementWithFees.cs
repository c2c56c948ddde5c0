using System.Text.Json.Nodes;

namespace CarbonMarket.Settlement.Service;

/// <summary>Settlement with a pack of the test's own, by which a third of the fees goes to the risk reserve.</summary>
public sealed class SettlementWithFees : SettlementService
{
    private readonly DirectoryInfo _packs = Directory.CreateTempSubdirectory("packs-");

    public SettlementWithFees()
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "policy-packs");
        foreach (var file in Directory.EnumerateFiles(shipped))
            File.Copy(file, Path.Combine(_packs.FullName, Path.GetFileName(file)));
        var pack = JsonNode.Parse(File.ReadAllText(Path.Combine(shipped, $"{Market}.json")))!;
        var registry = pack["versions"]![0]!["registry"]!;
        registry["riskReserveBasisPoints"] = JsonNode.Parse("""{ "value": 3333, "source": "[D] for the test" }""");
        registry["accountTypes"]!.AsArray().Add(JsonNode.Parse(
            """{ "id": "risk-reserve", "heldBy": "authority", "holdsUnits": false, "holdsCash": true, "source": "[D] for the test" }"""));
        registry["transactionTypes"]!.AsArray().Add(JsonNode.Parse(
            """
            { "id": "risk-reserve-contribution", "name": { "en": "Contribution", "zh": "提取" }, "from": ["fees"], "to": ["risk-reserve"],
              "proposedBy": "platform", "approvedBy": "nobody", "source": "[D] for the test" }
            """));
        File.WriteAllText(Path.Combine(_packs.FullName, $"{Market}.json"), pack.ToJsonString());
    }

    protected override IReadOnlyDictionary<string, string> Neighbours =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["Policy:Directory"] = _packs.FullName };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _packs.Delete(recursive: true);
    }
}
