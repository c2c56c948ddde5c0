using System.Text.Json.Nodes;

namespace CarbonMarket.Calculation.Tests;

/// <summary>A pack that would calculate wrongly is refused when it is loaded, with everything that is wrong with it.</summary>
public sealed class PackFaultTests
{
    private const string Sound = """
        {
          "id": "test", "version": "2026", "title": { "en": "Test", "zh": "测试" }, "sources": { "S1": "A document" },
          "factors": [
            { "id": "rate", "title": { "en": "Rate", "zh": "率" }, "unit": "tCO2/t", "kind": "published-default", "by": ["fuel"],
              "values": [{ "value": 2, "scope": { "fuel": "coal" }, "firstYear": 2024, "lastYear": 2025, "source": "[V:S1]", "version": "1" },
                         { "value": 3, "scope": { "fuel": "coal" }, "firstYear": 2026, "source": "[D]", "version": "1" }] }
          ],
          "methods": [
            { "id": "burn", "title": { "en": "Burn", "zh": "燃烧" }, "source": "[D]", "scope": { "fuel": ["coal"] },
              "inputs": [{ "name": "fuelBurned", "title": { "en": "Fuel", "zh": "燃料" }, "unit": "t" }],
              "steps": [{ "name": "emissions", "title": { "en": "Emissions", "zh": "排放" }, "unit": "tCO2", "expression": "fuelBurned*rate" }] }
          ]
        }
        """;

    [Fact]
    public void A_sound_pack_has_no_faults() => MethodPackReading.Parse("test.json", Sound).Methods.ShouldHaveSingleItem();

    [Theory]
    [InlineData("\"fuelBurned*rate\"", "\"fuelBurned\"", "$.methods[0].steps[0].expression")]
    [InlineData("\"fuelBurned*rate\"", "\"fuelBurned+rate\"", "$.methods[0].steps[0].expression")]
    [InlineData("\"fuelBurned*rate\"", "\"fuelBurned*rate+1\"", "$.methods[0].steps[0].expression")]
    [InlineData("\"fuelBurned*rate\"", "\"fuelBurned*rate**2\"", "$.methods[0].steps[0].expression")]
    [InlineData("\"fuelBurned*rate\"", "\"if(fuelBurned > rate, fuelBurned*rate, 0)\"", "$.methods[0].steps[0].expression")]
    [InlineData("\"fuelBurned*rate\"", "\"max(fuelBurned, fuelBurned*rate)\"", "$.methods[0].steps[0].expression")]
    [InlineData("\"fuelBurned*rate\"", "\"fuelBurned*speed\"", "$.methods[0].steps[0].expression")]
    [InlineData("\"fuelBurned*rate\"", "\"fuelBurned*(rate\"", "$.methods[0].steps[0].expression")]
    [InlineData("\"fuelBurned*rate\"", "\"fuelBurned > 0\"", "$.methods[0].steps[0].expression")]
    [InlineData("\"fuelBurned*rate\"", "\"sum(fuelBurned)*rate\"", "$.methods[0].steps[0].expression")]
    [InlineData("\"fuelBurned*rate\"", "\"round(fuelBurned)*rate\"", "$.methods[0].steps[0].expression")]
    [InlineData("\"fuelBurned*rate\"", "\"number(fuelBurned, 'GJ')*rate\"", "$.methods[0].steps[0].expression")]
    [InlineData("\"fuelBurned*rate\"", "\"0\"", "$.methods[0].inputs[0]")]
    [InlineData("\"unit\": \"t\"", "\"unit\": \"tonne\"", "$.methods[0].inputs[0].unit")]
    [InlineData("\"fuel\": [\"coal\"]", "\"boiler\": []", "$.methods[0].steps")]
    [InlineData("\"lastYear\": 2025", "\"lastYear\": 2026", "$.factors[0].values[1]")]
    [InlineData("\"lastYear\": 2025", "\"lastYear\": 2023", "$.factors[0].values[0].lastYear")]
    [InlineData("[V:S1]", "[V:S2]", "$.factors[0].values[0].source")]
    [InlineData("\"source\": \"[D]\", \"version\"", "\"source\": \"a guess\", \"version\"", "$.factors[0].values[1].source")]
    [InlineData("\"unit\": \"t\" }", "\"unit\": \"t\", \"orElse\": [\"rate\"] }", "$.methods[0].inputs[0].orElse")]
    [InlineData("\"unit\": \"t\" }", "\"unit\": \"t\", \"lowest\": 2, \"highest\": 1 }", "$.methods[0].inputs[0].highest")]
    [InlineData("\"name\": \"emissions\"", "\"name\": \"fuelBurned\"", "$.methods[0].steps[0].name")]
    [InlineData("\"version\": \"2026\"", "\"version\": \"2026\", \"notes\": 1", "$.notes")]
    [InlineData("\"value\": 2,", "\"value\": 2, \"value\": 3,", "$")]
    public void A_fault_is_named_with_its_path(string right, string wrong, string path)
    {
        Sound.ShouldContain(right);
        var faults = Should.Throw<InvalidMethodPackException>(() => MethodPackReading.Parse("test.json", Sound.Replace(right, wrong, StringComparison.Ordinal))).Faults;
        faults.Select(fault => fault.Path).ShouldContain(path);
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var pack = JsonNode.Parse(Sound)!;
        pack["methods"]![0]!["steps"]![0]!["expression"] = "fuelBurned";
        pack["factors"]![0]!["values"]![0]!["source"] = "[V:S2]";
        Should.Throw<InvalidMethodPackException>(() => MethodPackReading.Parse("test.json", pack.ToJsonString())).Faults.Length.ShouldBe(2);
    }

    [Fact]
    public void A_factor_that_changes_within_a_year_is_the_one_of_the_day()
    {
        var pack = JsonNode.Parse(Sound)!;
        pack["factors"]![0]!["values"] = JsonNode.Parse("""
            [{ "value": 2, "scope": { "fuel": "coal" }, "validTo": "2025-06-30", "source": "[D]", "version": "1" },
             { "value": 3, "scope": { "fuel": "coal" }, "validFrom": "2025-07-01", "source": "[D]", "version": "2" }]
            """);
        var read = MethodPackReading.Parse("test.json", pack.ToJsonString());
        var request = Reckoning.Request("burn", 2025, Reckoning.Of(("fuel", "coal")), ("fuelBurned", "10 t"));
        Calculator.Compute(read, request with { AsOf = new DateOnly(2025, 6, 30) }).Required.Result.ShouldBe(20);
        Calculator.Compute(read, request with { AsOf = new DateOnly(2025, 7, 1) }).Required.Result.ShouldBe(30);
    }

    [Fact]
    public void A_factor_is_looked_up_by_as_many_words_as_its_table_has()
    {
        var pack = JsonNode.Parse(Sound.Replace("\"by\": [\"fuel\"]", "\"by\": [\"boilerType\", \"altitude\"]", StringComparison.Ordinal))!;
        pack["factors"]![0]!["values"] = JsonNode.Parse("""
            [{ "value": 0.98, "scope": { "boilerType": "circulating-fluidised-bed", "altitude": "above-1500-m" }, "source": "[D]", "version": "1" },
             { "value": 0.99, "scope": { "boilerType": "circulating-fluidised-bed", "altitude": "to-1500-m" }, "source": "[D]", "version": "1" }]
            """);
        pack["methods"]![0]!["scope"] = JsonNode.Parse("""{ "boilerType": [], "altitude": ["to-1500-m", "above-1500-m"] }""");
        var read = MethodPackReading.Parse("test.json", pack.ToJsonString());
        Trace Burn(string altitude) => read.Work("burn", 2025, Reckoning.Of(("boilerType", "circulating-fluidised-bed"), ("altitude", altitude)), ("fuelBurned", "100 t"));
        (Burn("above-1500-m").Result, Burn("to-1500-m").Result).ShouldBe((98, 99));
        read.Try("burn", 2025, Reckoning.Of(("boilerType", "grate"), ("altitude", "to-1500-m")), ("fuelBurned", "100 t"))
            .Faults.ShouldHaveSingleItem().Given.ShouldContain("grate");
    }
}
