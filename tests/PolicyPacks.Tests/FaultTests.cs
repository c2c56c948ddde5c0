using System.Text.Json.Nodes;
using static CarbonMarket.PolicyPacks.Tests.ShippedPacks;

namespace CarbonMarket.PolicyPacks.Tests;

public sealed class FaultTests
{
    private const string Instrument = "$.versions[0].instruments[0]";

    [Fact]
    public void A_number_without_a_source_is_refused()
    {
        FaultsAfter("uk-ets", pack => First(pack, "instruments")["lotSize"] = 1).ShouldContain(
            fault => fault.Path == Instrument + ".lotSize" && fault.Problem.Contains("no source", StringComparison.Ordinal));
        FaultsAfter("uk-ets", pack => First(pack, "instruments")["lotSize"]!.AsObject().Remove("source")).ShouldContain(
            fault => fault.Path == Instrument + ".lotSize.source" && fault.Problem == "it is missing");
    }

    [Theory]
    [InlineData("as everybody knows")]
    [InlineData("")]
    [InlineData("[D]")]
    [InlineData("[M:]")]
    public void A_source_says_how_it_is_known(string source) =>
        FaultsAfter("uk-ets", pack => First(pack, "instruments")["lotSize"]!["source"] = source)
            .ShouldHaveSingleItem().Path.ShouldBe(Instrument + ".lotSize.source");

    [Fact]
    public void A_source_refers_to_a_document_the_pack_names() =>
        FaultsAfter("gansu", pack => First(pack, "instruments")["lotSize"]!["source"] = "[V:S12, S99 page 3]")
            .ShouldHaveSingleItem().Problem.ShouldContain("S99");

    [Theory]
    [InlineData("lotSize", "0", "too small")]
    [InlineData("lotSize", "-1", "too small")]
    [InlineData("lotSize", "1.5", "whole number")]
    [InlineData("lotSize", "\"1\"", "whole number")]
    [InlineData("tickMinor", "null", "whole number")]
    [InlineData("sameDayResaleBanned", "1", "true or false")]
    public void A_value_of_the_wrong_kind_is_named_with_what_would_be_right(string member, string value, string problem)
    {
        var fault = FaultsAfter("uk-ets", pack => First(pack, "instruments")[member]!["value"] = JsonNode.Parse(value)).ShouldHaveSingleItem();
        fault.Path.ShouldBe($"{Instrument}.{member}.value");
        fault.Problem.ShouldContain(problem);
        fault.Right.ShouldNotBe("what the schema says");
    }

    [Fact]
    public void An_unknown_member_is_refused_rather_than_overlooked() =>
        FaultsAfter("uk-ets", pack => First(pack, "instruments")["lotsize"] = new JsonObject()).ShouldHaveSingleItem()
            .ToString().ShouldBe(
                "uk-ets.json $.versions[0].instruments[0].lotsize: no such member is known; right is: one of id, name, kind, unit, vintages, composite, "
                + "region, energyBasis, quota, lotSize, tickMinor, listedBelowQuantity, priceBandBasisPoints, blockPriceBandBasisPoints, "
                + "basePriceMinor, sameDayResaleBanned, bandRounding, selfTrade, largestOrderQuantity, largestOrderValueMinor, positionLimit, "
                + "largeTraderReportFrom, feeBasisPoints, timesInForce, longestGoodTillDays, priceRunHalt");

    [Fact]
    public void A_number_larger_than_any_of_ours_is_refused_rather_than_overlooked() =>
        FaultsAfter("uk-ets", pack => pack["currency"]!["minorUnits"]!["value"] = 3_000_000_000)
            .ShouldHaveSingleItem().Path.ShouldBe("$.currency.minorUnits.value");

    [Theory]
    [InlineData("99999999999999999999")]
    [InlineData("-99999999999999999999")]
    [InlineData("9223372036854775808")]
    [InlineData("1e30")]
    [InlineData("1e400")]
    [InlineData("0.5e4000")]
    public void A_number_that_no_program_could_hold_is_named_and_does_not_stop_the_reading(string number)
    {
        var fault = FaultsAfter("uk-ets", pack => First(pack, "instruments")["lotSize"]!["value"] = JsonNode.Parse(number)).ShouldHaveSingleItem();
        (fault.Path, fault.Problem).ShouldBe((Instrument + ".lotSize.value", "the number is out of range"));
        FaultsAfter("uk-ets", pack => pack["documents"] = new JsonObject { ["S1"] = JsonNode.Parse(number) }).ShouldContain(
            named => named.Path == "$.documents.S1");
    }

    [Fact]
    public void A_time_zone_that_does_not_exist_is_refused() =>
        FaultsAfter("uk-ets", pack => pack["timeZone"] = "Europe/Londinium").ShouldHaveSingleItem().Path.ShouldBe("$.timeZone");

    [Theory]
    [InlineData("02-29")]
    [InlineData("04-31")]
    [InlineData("13-01")]
    public void A_deadline_is_a_day_of_every_year(string day) =>
        FaultsAfter("uk-ets", pack => pack.FirstVersion()["compliance"]!["surrenderDeadline"]!["value"] = day)
            .ShouldHaveSingleItem().Path.ShouldBe("$.versions[0].compliance.surrenderDeadline.value");

    [Fact]
    public void A_deadline_of_its_own_lies_after_the_year() =>
        FaultsAfter("gansu", pack => pack.FirstVersion()["compliance"]!["exceptions"]![0]!["surrender"] = "2021-12-31")
            .ShouldHaveSingleItem().Problem.ShouldContain("not after the year 2021");

    [Fact]
    public void Nothing_is_named_twice()
    {
        FaultsAfter("uk-ets", pack => Twice(pack.FirstVersion()["instruments"]!)).ShouldHaveSingleItem().Problem.ShouldContain("instrument UKA is there twice");
        FaultsAfter("uk-ets", pack => Twice(pack.FirstVersion()["registry"]!["accountTypes"]!)).ShouldHaveSingleItem().Problem.ShouldContain("account type");
        FaultsAfter("gansu", pack => Twice(pack.FirstVersion()["parameters"]!)).ShouldHaveSingleItem().Problem.ShouldContain("parameter");
        FaultsAfter("gansu", pack => First(pack, "instruments")["vintages"]!["value"]!.AsArray().Add(2021))
            .ShouldHaveSingleItem().Problem.ShouldContain("CEA-2021");
    }

    [Fact]
    public void A_transaction_moves_between_account_types_that_are_known()
    {
        var fault = FaultsAfter("uk-ets", pack => FirstOf(pack["versions"]![0]!["registry"]!, "transactionTypes")["from"] = new JsonArray("vault")).ShouldHaveSingleItem();
        fault.Problem.ShouldContain("no account type vault");
        fault.Right.ShouldContain("operator-holding");
        FaultsAfter("uk-ets", pack =>
        {
            var type = FirstOf(pack["versions"]![0]!["registry"]!, "transactionTypes");
            (type["from"], type["to"]) = (new JsonArray(), new JsonArray());
        }).ShouldHaveSingleItem().Problem.ShouldContain("moves nothing");
    }

    [Fact]
    public void Validity_ranges_do_not_overlap()
    {
        FaultsAfter("gansu", pack => Parameter(pack, "benchmark-heat-coal")["values"]![0]!["lastYear"] = 2021)
            .ShouldHaveSingleItem().Problem.ShouldContain("overlaps");
        FaultsAfter("gansu", pack => Parameter(pack, "surrender-fine-lowest")["values"]![0]!["validTo"] = "2026-08-15")
            .ShouldHaveSingleItem().Problem.ShouldContain("overlaps");
        FaultsAfter("gansu", pack => Parameter(pack, "surrender-fine-lowest")["values"]![0]!["validTo"] = "2020-01-01")
            .ShouldHaveSingleItem().Problem.ShouldContain("ends before it begins");
        FaultsAfter("gansu", pack => Parameter(pack, "surrender-fine-lowest")["values"]![0]!["firstYear"] = 2024)
            .ShouldHaveSingleItem().Problem.ShouldContain("said twice");
    }

    [Fact]
    public void Versions_do_not_overlap()
    {
        var faults = FaultsAfter("uk-ets", pack => Twice(pack["versions"]!));
        faults.Select(fault => fault.Path).ShouldBe(["$.versions[1].validFrom.value", "$.versions[1].version"]);
        FaultsAfter("uk-ets", pack =>
        {
            Twice(pack["versions"]!);
            pack["versions"]![1]!["version"] = "2026.1";
            pack["versions"]![1]!["validFrom"]!["value"] = "2026-01-01";
        }).ShouldBeEmpty();
    }

    [Fact]
    public void A_band_needs_a_price_to_start_from() =>
        FaultsAfter("gansu", pack => First(pack, "instruments").Remove("basePriceMinor"))
            .ShouldHaveSingleItem().Path.ShouldBe(Instrument + ".basePriceMinor");

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("{\n  \"market\": }", "line 2")]
    [InlineData("{\"market\":\"uk-ets\",\"market\":\"uk-ets\"}", "no JSON")]
    [InlineData("[]", "object is expected")]
    [InlineData("[1]", "object is expected")]
    [InlineData("7", "object is expected")]
    [InlineData("null", "object is expected")]
    public void A_file_that_is_no_pack_is_refused_with_its_place(string text, string problem) =>
        PackReading.Parse("x.json", "x", text).Faults.ShouldContain(fault => fault.Problem.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void All_faults_of_all_files_come_in_one_exception()
    {
        var directory = Directory.CreateTempSubdirectory("packs-").FullName;
        try
        {
            var broken = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "uk-ets.json")))!.AsObject();
            broken["timeZone"] = "Nowhere";
            First(broken, "instruments")["lotSize"]!.AsObject().Remove("source");
            broken.FirstVersion()["compliance"]!["reportDeadline"]!["value"] = "02-30";
            File.WriteAllText(Path.Combine(directory, "uk-ets.json"), broken.ToJsonString());
            File.WriteAllText(Path.Combine(directory, "second.json"), broken.ToJsonString());

            var refusal = Should.Throw<InvalidPolicyPacksException>(() => PolicyPackCatalog.Load(directory, ["uk-ets", "second", "absent"]));

            refusal.Faults.Count(fault => fault.File.EndsWith("uk-ets.json", StringComparison.Ordinal)).ShouldBe(3);
            refusal.Faults.Count(fault => fault.File.EndsWith("second.json", StringComparison.Ordinal)).ShouldBe(4);
            refusal.Faults.ShouldContain(fault => fault.Problem.Contains("that of second but names uk-ets", StringComparison.Ordinal));
            refusal.Faults.ShouldContain(fault => fault.File.EndsWith("absent.json", StringComparison.Ordinal) && fault.Path == "$");
            refusal.Message.ShouldContain("8 fault(s)");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void A_deployment_without_a_market_does_not_start() =>
        Should.Throw<InvalidPolicyPacksException>(() => PolicyPackCatalog.Load(Folder, [])).Message.ShouldContain("Policy:Markets");

    private static JsonObject First(JsonObject pack, string list) => FirstOf(pack.FirstVersion(), list);

    private static JsonObject FirstOf(JsonNode holder, string list) => holder[list]![0]!.AsObject();

    private static JsonObject Parameter(JsonObject pack, string id) =>
        pack.FirstVersion()["parameters"]!.AsArray().First(parameter => (string?)parameter!["id"] == id)!.AsObject();

    private static void Twice(JsonNode list) => list.AsArray().Add(list[0]!.DeepClone());
}
