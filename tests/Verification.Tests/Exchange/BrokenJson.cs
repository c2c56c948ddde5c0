using System.Text.Json;
using System.Text.Json.Nodes;

namespace CarbonMarket.Verification.Exchange;

/// <summary>Months, plans and reports as JSON that are wrong, and all that the API then says: paths with codes, or the one code of a body that is none.</summary>
internal static class BrokenJson
{
    private const string Unreadable = "unreadable-request";

    public static IEnumerable<(string Path, string Body, string[] Faults)> All(string month, string plan, string report, string hash) =>
    [
        .. Bodies(Month(hash)).Select(body => (month, body.Body, body.Faults)),
        .. Bodies(PlanOfBoiler()).Select(body => (plan, body.Body, body.Faults)),
        .. Bodies(Report()).Select(body => (report, body.Body, body.Faults)),
    ];

    private static IEnumerable<(string Body, string[] Faults)> Bodies((JsonNode Good, (string Path, string? Json, string[] Faults)[] Spoilt) of)
    {
        foreach (var (path, json, faults) in of.Spoilt)
            yield return (Spoil(of.Good, path, json), faults);
        var text = of.Good.ToJsonString();
        yield return (text[..(text.Length / 2)], [Unreadable]);
        yield return ($"[{text}]", [Unreadable]);
        yield return (text[..^1] + ",\"urgent\":true}", [Unreadable]);
        yield return (new string('[', 200), [Unreadable]);
    }

    private static (JsonNode, (string, string?, string[])[]) Month(string hash) => (
        JsonNode.Parse($$"""
            {"files":[{"sha256":"{{hash}}","name":"a.csv","kind":"other"}],
             "figures":[{"stream":"S1","input":"quantity","value":1000,"unit":"t","evidence":"{{hash}}"},
                        {"stream":"S1","input":"ncv","value":23.5,"unit":"GJ/t","evidence":"{{hash}}"}]}
            """)!,
        [
            ("figures.0.value", "-1", ["$.figures[0].value out-of-range"]),
            ("figures.0.value", "\"1,000\"", [Unreadable]),
            ("figures.0.value", "\"NaN\"", [Unreadable]),
            ("figures.0.value", "\"１２\"", [Unreadable]),
            ("figures.0.value", "true", [Unreadable]),
            ("figures.0.value", "null", ["$.figures[0].value invalid-figure"]),
            ("figures.0.value", "1e300", [Unreadable]),
            ("figures.0.value", "1e13", ["$.figures[0].value invalid-figure"]),
            ("figures.0.value", "0.00000000001", ["$.figures[0].value invalid-figure"]),
            ("figures.0.unit", "\"GJ\"", ["$.figures[0].unit wrong-dimension"]),
            ("figures.0.unit", "\"bushel\"", ["$.figures[0].unit wrong-dimension"]),
            ("figures.0.unit", null, ["$.figures[0].unit wrong-dimension"]),
            ("figures.0.evidence", "\"a.csv\"", ["$.figures[0].evidence unknown-file"]),
            ("figures.0.stream", "\"S9\"", ["$.figures[0] not-planned", "$.figures figure-missing"]),
            ("figures.1.input", "\"quantity\"", ["$.figures[1] repeated-item", "$.figures[1].unit wrong-dimension", "$.figures figure-missing"]),
            ("figures.1", "null", ["$.figures[1] required", "$.figures figure-missing"]),
            ("figures", "null", ["$.figures list-size", "$.figures figure-missing", "$.figures figure-missing"]),
            ("files.0.name", "\"\\u0000\"", [Unreadable]),
            ("files.0.name", "\"\\u0001\"", ["$.files[0].name invalid-text"]),
            ("files.0.kind", "\"photo\"", ["$.files[0].kind unknown-evidence-kind"]),
            ("files.0.kind", "7", [Unreadable]),
            ("files.0.sha256", "\"abc\"", ["$.files[0].sha256 unknown-file", "$.figures[0].evidence unknown-file", "$.figures[1].evidence unknown-file"]),
            ("files", "[]", ["$.files list-size", "$.figures[0].evidence unknown-file", "$.figures[1].evidence unknown-file"]),
        ]);

    private static (JsonNode, (string, string?, string[])[]) PlanOfBoiler() => (
        JsonNode.Parse("""
            {"reason":"Another boiler.","meters":[{"code":"M1","name":"Scale","accuracyPercent":0.5,"calibrationMonths":12}],
             "streams":[{"code":"S1","name":"Boiler","method":"combustion-ncv","scope":{"fuel":"bituminous"}}],
             "inputs":[{"stream":"S1","input":"quantity","basis":"measured","meter":"M1","procedure":"P"},{"stream":"S1","input":"ncv","basis":"measured","procedure":"P"},
                       {"stream":"S1","input":"carbonPerEnergy","basis":"default","procedure":"P"},{"stream":"S1","input":"oxidationRate","basis":"default","procedure":"P"}]}
            """)!,
        [
            ("meters.0.accuracyPercent", "-0.5", ["$.meters[0].accuracyPercent out-of-range"]),
            ("meters.0.calibrationMonths", "1.5", [Unreadable]),
            ("meters.0.calibrationMonths", "0", ["$.meters[0].calibrationMonths out-of-range"]),
            ("meters.0.code", "\"\"", ["$.meters[0].code invalid-text", "$.inputs[0].meter unknown-meter"]),
            ("streams.0.method", "\"guess\"", ["$.streams[0].method unknown-method"]),
            ("streams.0.scope.fuel", "\"peat\"", ["$.streams[0].scope.fuel invalid-scope"]),
            ("streams.0.scope", "{\"fuel\":\"bituminous\",\"colour\":\"black\"}", ["$.streams[0].scope invalid-scope"]),
            ("inputs.1.basis", "\"guessed\"", ["$.inputs[1].basis unknown-basis"]),
            ("inputs.1.input", "\"quantity\"", ["$.inputs[1].input repeated-item", "$.inputs input-missing"]),
            ("inputs.0.basis", "\"default\"", ["$.inputs[0].basis no-default"]),
        ]);

    private static (JsonNode, (string, string?, string[])[]) Report() => (
        JsonNode.Parse("""{"year":2025,"sources":[{"name":"Boiler","tonnes":700},{"name":"Kiln","tonnes":300}]}""")!,
        [
            ("sources.0.tonnes", "-1", ["$.sources[0].tonnes invalid-tonnes"]),
            ("sources.0.tonnes", "0.5", ["$.sources[0].tonnes invalid-tonnes"]),
            ("sources.0.tonnes", "1000000000001", ["$.sources[0].tonnes invalid-tonnes"]),
            ("sources.0.tonnes", "\"1.000,5\"", [Unreadable]),
            ("sources.1.name", "\"Boiler\"", ["$.sources[1].name repeated-item"]),
            ("sources.1.name", "\" \"", ["$.sources[1].name invalid-text"]),
            ("sources", "[]", ["$.sources report-size"]),
            ("year", "1900", ["$.year invalid-year"]),
            ("year", "20255", ["$.year invalid-year"]),
            ("year", "\"2025-02-30\"", [Unreadable]),
            ("fromEvidence", "true", ["$.sources sources-given"]),
            ("replacesVersion", "0", ["$.replacesVersion invalid-version"]),
        ]);

    private static string Spoil(JsonNode good, string path, string? json)
    {
        var (spoilt, names) = (good.DeepClone(), path.Split('.'));
        var parent = names[..^1].Aggregate(spoilt, (node, name) => node is JsonArray list ? list[name[0] - '0']! : node[name]!);
        var value = json is null ? null : JsonNode.Parse(json, documentOptions: new JsonDocumentOptions());
        if (parent is JsonArray array)
            array[names[^1][0] - '0'] = value;
        else
            parent[names[^1]] = value;
        return spoilt.ToJsonString();
    }
}
