using System.Text.Json;
using System.Text.Json.Nodes;
using CarbonMarket.Calculation.Verifier;
using static CarbonMarket.Calculation.Tests.Reckoning;

namespace CarbonMarket.Calculation.Tests;

/// <summary>A trace explains a figure completely, survives its travels, and a change in it is found.</summary>
public sealed class TraceTests
{
    private static readonly Trace Coal = Emissions.Work("combustion-ncv", 2024, Of(("fuel", "bituminous")), ("quantity", "1,000.005 t"), ("ncv", "23,736 MJ/t"));

    [Fact]
    public void It_says_what_was_given_in_which_unit_and_what_was_used()
    {
        var quantity = Coal.Inputs[0].Entries.ShouldHaveSingleItem();
        (quantity.Given, quantity.Value, quantity.Origin.Kind).ShouldBe((1000.005m, 1000.01m, "event"));
        var ncv = Coal.Inputs[1].Entries.ShouldHaveSingleItem();
        (ncv.Given, ncv.GivenUnit, ncv.Value).ShouldBe((23_736, "MJ/t", 23.736m));
        Coal.Inputs[1].Rounding.ShouldBe(new Rounding(RoundingMode.HalfUp, 3));
    }

    [Fact]
    public void It_travels_as_json_and_comes_out_the_same()
    {
        var again = Trace.FromJson(Coal.ToJson());
        again.ToJson().ShouldBe(Coal.ToJson());
        again.Hash().ShouldBe(Coal.Hash());
        Recomputation.Recompute(again, Emissions).ShouldBeNull();
        JsonNode.Parse(Coal.ToJson())!["result"]!.GetValueKind().ShouldBe(JsonValueKind.String);
    }

    [Theory]
    [InlineData("$.steps[0].value", "\"2255.75\"")]
    [InlineData("$.steps[0].expression", "\"quantity*ncv\"")]
    [InlineData("$.factors[0].value", "\"45\"")]
    [InlineData("$.factors[2].source", "\"[V:S9]\"")]
    [InlineData("$.result", "\"1\"")]
    [InlineData("$.unit", "\"t\"")]
    [InlineData("$.inputs[0].entries[0].value", "\"999\"")]
    [InlineData("$.inputs[2].basis", "\"penalty-default\"")]
    [InlineData("$.methodSource", "\"[D]\"")]
    public void A_changed_line_is_found_and_named(string line, string text)
    {
        Recomputation.Recompute(Trace.FromJson(With(line, text)), Emissions)!.Line.ShouldBe(line);
    }

    [Fact]
    public void A_changed_input_changes_the_first_line_that_depends_on_it()
    {
        Recomputation.Recompute(Trace.FromJson(With("$.inputs[0].entries[0].given", "\"999\"")), Emissions)!.Line.ShouldBe("$.inputs[0].entries[0].value");
    }

    [Fact]
    public void What_became_of_an_input_that_does_not_fit_any_more_is_said()
    {
        Recomputation.Recompute(Trace.FromJson(With("$.inputs[0].entries[0].givenUnit", "\"MWh\"")), Emissions)!.Line.ShouldBe("$.quantity");
        Recomputation.Recompute(Coal, Energy)!.Line.ShouldBe("$.pack");
    }

    [Fact]
    public void The_verifier_says_equal_or_the_line_or_that_it_is_no_trace()
    {
        Verdict.Of(Coal.ToJson(), Coal.Hash()).Exit.ShouldBe(Verdict.Equal);
        Verdict.Of(Coal.ToJson(), new string('0', 64)).Exit.ShouldBe(Verdict.Differs);
        Verdict.Of(Coal.ToJson().Replace("2255.7", "2255.8", StringComparison.Ordinal), null).Text.ShouldContain("$.steps[0]");
        Verdict.Of("{}", null).Exit.ShouldBe(Verdict.NoTrace);
        Verdict.Of("null", null).Exit.ShouldBe(Verdict.NoTrace);
        Verdict.Of("[1", null).Exit.ShouldBe(Verdict.NoTrace);
        foreach (var lines in new[] { "inputs", "factors", "steps", "scope" })
        {
            foreach (var empty in new[] { "[null]", "null", "7" })
                Verdict.Of(With("$." + lines, empty), null).Exit.ShouldBe(Verdict.NoTrace);
        }
        Verdict.Of(With("$.result", "2255.71"), null).Exit.ShouldBe(Verdict.NoTrace);
        Verdict.Of(With("$.result", "\"many\""), null).Exit.ShouldBe(Verdict.NoTrace);
        Verdict.Of(With("$.inputs[0].entries", "[]"), null).Exit.ShouldBe(Verdict.Differs);
        Verdict.Of(With("$.unit", "\"tonnes\""), null).Exit.ShouldBe(Verdict.Differs);
        Verdict.Of(With("$.inputs[0].entries[0].given", "\"79228162514264337593543950335\""), null).Exit.ShouldBe(Verdict.Differs);
        Verdict.Of(With("$.inputs[0].entries[0].givenUnit", "\"10^4t*10^4t*10^4t*10^4t*10^4t*10^4t*10^4t*10^4t/t/t/t/t/t/t/t\""), null).Exit.ShouldBe(Verdict.Differs);
        Verdict.Of((Coal with { PackVersion = "1999" }).ToJson(), null).Exit.ShouldBe(Verdict.NoTrace);
    }

    [Fact]
    public void It_is_a_page_in_both_languages_and_markup_in_it_stays_text()
    {
        var hostile = Coal with { MethodSource = "<script>alert(1)</script>" };
        var (english, chinese) = (TracePage.Render(hostile, Emissions, "en"), TracePage.Render(Coal, Emissions, "zh-CN"));
        english.ShouldContain("Fossil fuel combustion by calorific value");
        english.ShouldContain("23736 MJ/t");
        english.ShouldContain("&lt;script&gt;");
        english.ShouldNotContain("<script>");
        chinese.ShouldContain("化石燃料燃烧（低位发热量）");
        chinese.ShouldContain("缺省值");
        chinese.ShouldContain(Coal.Hash());
    }

    private static string With(string line, string json)
    {
        var changed = JsonNode.Parse(Coal.ToJson())!;
        Replace(changed, line, JsonNode.Parse(json));
        return changed.ToJsonString();
    }

    private static void Replace(JsonNode root, string path, JsonNode? value)
    {
        var steps = path[2..].Replace("]", string.Empty, StringComparison.Ordinal).Split('.', '[');
        var node = steps[..^1].Aggregate(root, (at, step) => int.TryParse(step, out var index) ? at[index]! : at[step]!);
        node[steps[^1]] = value;
    }
}
