using System.Text.Json.Nodes;
using CarbonMarket.Gateway.Running;
using CarbonMarket.Testing;
using Microsoft.AspNetCore.Http;

namespace CarbonMarket.Gateway.OpenApi;

public sealed class DocumentTests
{
    private static readonly string[] Others = ["/allocation", "/audit", "/identity", "/settlement", "/verification"];

    [Fact]
    public async Task Anybody_reads_one_description_of_all_services()
    {
        await using var gateway = await Start();
        var document = await Read(gateway, without: "[]");
        Paths(document).ShouldBe([.. Others, "/trading"], ignoreOrder: true);
        document["servers"]![0]!["url"]!.GetValue<string>().ShouldBe("/");
        document.Names().ShouldBe(["Page"]);
    }

    [Theory]
    [InlineData("is down")]
    [InlineData("fails")]
    [InlineData("answers with a page for people")]
    [InlineData("answers with a list")]
    [InlineData("describes itself wrongly")]
    [InlineData("says everything twice")]
    [InlineData("dies in the middle")]
    [InlineData("falls silent at once")]
    [InlineData("falls silent in the middle")]
    public async Task A_service_whose_description_cannot_be_read_is_named_and_the_others_are_there(string fault)
    {
        await using var gateway = await Start();
        if (fault == "is down")
            await gateway["trading"].Stop();
        else
            gateway["trading"].OpenApi = Faulty(fault);
        Paths(await Read(gateway, without: """["trading"]""")).ShouldBe(Others, ignoreOrder: true);
    }

    [Theory]
    [InlineData("primary")]
    [InlineData("another")]
    public async Task A_description_is_asked_of_the_instance_that_answers(string down)
    {
        await using var second = new TinyService { OpenApi = Described("trading") };
        await second.Start();
        await using var gateway = await Start(("ReverseProxy:Clusters:trading:Destinations:another:Address", second.Address));
        await (down == "primary" ? gateway["trading"] : second).Stop();
        Paths(await Read(gateway, without: "[]")).ShouldContain("/trading");
    }

    private static async Task<RunningGateway> Start(params (string Key, string Value)[] settings)
    {
        var gateway = await RunningGateway.Start(settings);
        foreach (var service in (string[])["trading", .. Others.Select(path => path[1..])])
            gateway[service].OpenApi = Described(service);
        return gateway;
    }

    private static RequestDelegate Described(string service) =>
        TinyService.Says(200, Documents.Answering(service, "Page", """{"Page": {"type": "object"}}""").Document!.ToJsonString());

    private static RequestDelegate Faulty(string fault) => fault switch
    {
        "fails" => TinyService.Says(500, "{}"),
        "answers with a page for people" => TinyService.Says(200, "<html>Welcome</html>", "text/html"),
        "answers with a list" => TinyService.Says(200, "[]"),
        "describes itself wrongly" => TinyService.Says(200, """{"openapi": 3, "tags": ["Platform"]}"""),
        "says everything twice" => TinyService.Says(200, """{"paths": {"/trading": {}, "/trading": {}}}"""),
        "falls silent at once" => TinyService.Silent,
        "dies in the middle" => async context =>
        {
            await context.Response.WriteAsync("""{"paths": {"/trading": """);
            await context.Response.Body.FlushAsync();
            context.Abort();
        },
        "falls silent in the middle" => async context =>
        {
            await context.Response.WriteAsync("""{"paths": {"/trading": """);
            await context.Response.Body.FlushAsync();
            await TinyService.Silent(context);
        },
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Not a fault."),
    };

    /// <summary>On a busy machine a service may at first be too slow for the gateway, which then says so.</summary>
    private static Task<JsonObject> Read(RunningGateway gateway, string without) => Eventually.Gives($"only {without} are away",
        async () => JsonNode.Parse(await gateway.With(null).Get("/openapi.json").Text())!.AsObject(),
        document => document["x-unavailable"]!.ToJsonString() == without, ct: TestContext.Current.CancellationToken);

    private static IEnumerable<string> Paths(JsonObject document) => document["paths"]!.AsObject().Select(path => path.Key);
}
