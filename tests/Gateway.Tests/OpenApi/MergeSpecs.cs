using System.Text.Json.Nodes;
using static CarbonMarket.Gateway.OpenApi.Documents;

namespace CarbonMarket.Gateway.OpenApi;

public sealed class MergeSpecs
{
    private const string Page = """{"Page": {"type": "object"}}""";
    private const string OtherPage = """{"Page": {"type": "array"}}""";

    [Fact]
    public void The_merged_document_has_the_paths_of_every_service() =>
        OpenApiMerge.Members(Merged(Answering("audit", "Page", Page), Answering("trading", "Page", Page))["paths"])
            .Select(path => path.Key).ShouldBe(["/audit", "/trading"]);

    [Fact]
    public void What_several_services_describe_alike_is_described_once() =>
        Merged(Answering("audit", "Page", Page), Answering("trading", "Page", Page)).Names().ShouldBe(["Page"]);

    [Fact]
    public void What_they_call_alike_and_mean_differently_gets_a_name_for_each()
    {
        var merged = Merged(Answering("audit", "Page", Page), Answering("trading", "Page", OtherPage), Answering("settlement", "Page", """{"Page": {"type": "null"}}"""));
        merged.Names().ShouldBe(["Page", "trading.Page", "settlement.Page"]);
        Meant("audit").ShouldBe("object");
        Meant("trading").ShouldBe("array");
        Meant("settlement").ShouldBe("null");

        string Meant(string service) => merged.Follow(merged.Operation(service)["answer"]!.Reference())!["type"]!.GetValue<string>();
    }

    [Fact]
    public void What_looks_alike_but_speaks_of_something_else_is_renamed_with_it()
    {
        const string Line = """ "Line": {"items": {"$ref": "#/components/schemas/Page"}} """;
        var merged = Merged(
            Answering("audit", "Line", $$"""{"Page": {"type": "object"}, {{Line}} }"""), Answering("trading", "Line", $$"""{"Page": {"type": "array"}, {{Line}} }"""));
        merged.Operation("trading")["answer"]!.Reference().ShouldBe("#/components/schemas/trading.Line");
        merged["components"]!["schemas"]!["trading.Line"]!["items"]!.Reference().ShouldBe("#/components/schemas/trading.Page");
        merged["components"]!["schemas"]!["Line"]!["items"]!.Reference().ShouldBe("#/components/schemas/Page");
    }

    [Fact]
    public void However_long_the_chain_its_first_link_is_renamed_with_its_last()
    {
        const string Chain = """
            "Page": {"items": {"$ref": "#/components/schemas/Line"}}, "Line": {"items": {"$ref": "#/components/schemas/Order"}},
            "Order": {"items": {"$ref": "#/components/schemas/Unit"}}, "Unit":
            """;
        Merged(Answering("audit", "Page", "{" + Chain + """{"type": "object"}}"""), Answering("trading", "Page", "{" + Chain + """{"type": "array"}}"""))
            .Operation("trading")["answer"]!.Reference().ShouldBe("#/components/schemas/trading.Page");
    }

    [Fact]
    public void A_reference_into_a_renamed_schema_follows_it()
    {
        var merged = Merged(
            Answering("audit", "Page", """{"Page": {"properties": {"next": {"type": "string"}}}}"""),
            Answering("trading", "Line", """{"Page": {"properties": {"next": {"type": "integer"}}}, "Line": {"$ref": "#/components/schemas/Page/properties/next"}}"""));
        var line = merged.Follow(merged.Operation("trading")["answer"]!.Reference())!;
        merged.Follow(line.Reference())!["type"]!.GetValue<string>().ShouldBe("integer");
    }

    [Fact]
    public void The_mapping_of_a_discriminator_follows_a_renamed_schema() =>
        Merged(Answering("audit", "Page", Page), Answering("trading", "Order",
            """{"Page": {"type": "array"}, "Order": {"discriminator": {"mapping": {"page": "#/components/schemas/Page"}}}}"""))["components"]!["schemas"]!["Order"]!
            ["discriminator"]!["mapping"]!["page"]!.GetValue<string>().ShouldBe("#/components/schemas/trading.Page");

    [Fact]
    public void A_token_scheme_of_ones_own_keeps_guarding_what_it_guarded()
    {
        var merged = Merged(
            From("audit", """{"components": {"securitySchemes": {"oauth2": {"type": "oauth2"}}}}"""),
            From("trading", """
                {"paths": {"/trading": {"get": {"security": [{"oauth2": ["orders"]}]}}}, "components": {"securitySchemes": {"oauth2": {"type": "apiKey"}}}}
                """));
        merged.Names("securitySchemes").ShouldBe(["oauth2", "trading.oauth2"]);
        merged.Operation("trading")["security"]!.ToJsonString().ShouldBe("""[{"trading.oauth2":["orders"]}]""");
    }

    [Fact]
    public void Operations_are_told_apart_by_their_ids() =>
        Merged(Answering("audit", "Page", Page), Answering("trading", "Page", Page))["paths"]!.AsObject()
            .Select(path => path.Value!["get"]!["operationId"]!.GetValue<string>()).ShouldBe(["list", "trading-list"]);

    [Fact]
    public void Of_two_services_that_offer_the_same_the_first_is_described() =>
        Merged(From("audit", """{"paths": {"/clock": {"get": {"summary": "first"}}}}"""), From("trading", """{"paths": {"/clock": {"get": {"summary": "second"}, "put": {}}}}"""))
            .Operation("clock")["summary"]!.GetValue<string>().ShouldBe("first");

    [Fact]
    public void A_tag_that_all_have_stands_once() =>
        Merged(Answering("audit", "Page", Page), Answering("trading", "Page", Page))["tags"]!.AsArray().Count.ShouldBe(1);

    [Fact]
    public void A_service_that_did_not_answer_is_named_and_the_rest_is_there()
    {
        var merged = Merged(new ServiceDocument("audit", null), Answering("trading", "Page", Page));
        merged["x-unavailable"]!.ToJsonString().ShouldBe("""["audit"]""");
        merged["openapi"]!.GetValue<string>().ShouldBe("3.1.1");
        merged["paths"]!.AsObject().Count.ShouldBe(1);
    }

    [Fact]
    public void Merging_leaves_the_services_documents_as_they_are()
    {
        var (first, second) = (Answering("audit", "Page", Page), Answering("trading", "Page", OtherPage));
        var before = second.Document!.DeepClone();
        Merged(first, second);
        JsonNode.DeepEquals(second.Document, before).ShouldBeTrue();
    }
}
