using System.Text.Json.Nodes;
using CsCheck;
using static CarbonMarket.Gateway.OpenApi.Documents;

namespace CarbonMarket.Gateway.OpenApi;

public sealed class MergeProperties
{
    // Further than any chain of references among three schemas is new.
    private const int Deep = 8;
    private static readonly string[] Names = ["Page", "Line", "Order"];
    private static readonly string[] Services = ["audit", "settlement", "trading"];

    /// <summary>A schema is a word, and perhaps speaks of another schema: itself, too.</summary>
    private static readonly Gen<string> Schema = Gen.Select(Gen.Int[0, 1], Gen.Int[-1, 2], (word, other) => other < 0
        ? $$"""{"type": "{{word}}"}"""
        : $$$"""{"type": "{{{word}}}", "items": {"$ref": "#/components/schemas/{{{Names[other]}}}"}}""");

    private static readonly Gen<(string[] Schemas, int Answer)> Service = Gen.Select(Schema.Array[3], Gen.Int[0, 2]);

    [Fact]
    public void Every_answer_means_after_the_merge_what_it_meant_before() => Service.Array[3].Sample(drawn =>
    {
        var documents = drawn.Select((service, index) => Answering(Services[index], Names[service.Answer],
            "{" + string.Join(", ", service.Schemas.Select((schema, number) => $"\"{Names[number]}\": {schema}")) + "}")).ToArray();
        var merged = Merged(documents);
        return documents.All(document =>
            Meaning(merged, merged.Operation(document.Service)["answer"]!) == Meaning(document.Document!, document.Document!.Operation(document.Service)["answer"]!));
    });

    private static string Meaning(JsonObject document, JsonNode answer)
    {
        var words = new List<string>();
        for (JsonNode? reference = answer; reference is not null && words.Count < Deep;)
        {
            var schema = document.Follow(reference.Reference());
            words.Add(schema?["type"]?.GetValue<string>() ?? "leads nowhere");
            reference = schema?["items"];
        }

        return string.Join(" of ", words);
    }
}
