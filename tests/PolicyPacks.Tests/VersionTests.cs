using System.Text.Json.Nodes;

namespace CarbonMarket.PolicyPacks.Tests;

/// <summary>A pack's versions follow each other; every legal moment is judged by one of them.</summary>
public sealed class VersionTests : IDisposable
{
    private const string Market = "uk-ets";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("packs-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Every_legal_moment_is_judged_by_the_version_in_force()
    {
        var packs = Load();
        packs.Versions(Market).Select(pack => pack.Version).ShouldBe([ShippedPacks.Uk.Version, "second"]);
        var midnight = ShippedPacks.Uk.StartOfDay(new DateOnly(2026, 7, 1));
        packs.Find(Market, midnight.AddTicks(-1))!.Version.ShouldBe(ShippedPacks.Uk.Version);
        packs.Find(Market, midnight)!.Version.ShouldBe("second");
        packs.Find(Market, midnight.AddYears(50))!.Version.ShouldBe("second");
    }

    [Fact]
    public void Before_the_first_version_the_first_decides() =>
        Load().Find(Market, new DateTimeOffset(1999, 1, 1, 0, 0, 0, TimeSpan.Zero))!.Version.ShouldBe(ShippedPacks.Uk.Version);

    [Fact]
    public void A_market_that_is_not_run_here_has_no_versions()
    {
        Load().Versions("atlantis").ShouldBeEmpty();
        Load().Find("atlantis", DateTimeOffset.UnixEpoch).ShouldBeNull();
    }

    private PolicyPackCatalog Load()
    {
        var pack = JsonNode.Parse(File.ReadAllText(Path.Combine(ShippedPacks.Folder, Market + ".json")))!.AsObject();
        var second = pack.FirstVersion().DeepClone();
        second["version"] = "second";
        second["validFrom"]!["value"] = "2026-07-01";
        pack["versions"]!.AsArray().Add(second);
        File.WriteAllText(Path.Combine(_directory.FullName, Market + ".json"), pack.ToJsonString());
        return PolicyPackCatalog.Load(_directory.FullName, [Market]);
    }
}
