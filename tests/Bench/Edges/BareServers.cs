using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace CarbonMarket.Bench.Edges;

/// <summary>
/// The least that a request through a gateway costs here: YARP with one route and nothing else, before an endpoint that
/// reads a body and answers as many bytes as an order's answer has. Each is a process of its own: this program, told to be it.
/// </summary>
internal static class BareServers
{
    public const string Word = "serve";
    public const string Path = "/no-op";
    private const string Answer =
        """{"id":"0199d1c4-6f3c-7a51-8f0e-2f4c1b7d9e10","outcome":"accepted","code":null,"reason":null,"filledQuantity":0,"status":"open"}""";

    /// <param name="arguments">Own port, and for the proxy that of the endpoint.</param>
    public static Task Serve(string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var proxied = arguments is [_, var port] ? port : null;
        if (proxied is not null)
            builder.Services.AddReverseProxy().LoadFromMemory(
                [new RouteConfig { RouteId = "all", ClusterId = "no-op", Match = new RouteMatch { Path = "{**rest}" } }],
                [new ClusterConfig { ClusterId = "no-op", Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal) { ["one"] = new() { Address = Address(proxied) } } }]);
        var app = builder.Build();
        if (proxied is null)
            app.MapPost(Path, Nothing);
        else
            app.MapReverseProxy();
        return app.RunAsync(Address(arguments[0]));
    }

    public static string Address(int port) => Address(port.ToString(CultureInfo.InvariantCulture));

    private static string Address(string port) => $"http://127.0.0.1:{port}";

    private static async Task<IResult> Nothing(HttpRequest request)
    {
        await request.Body.CopyToAsync(Stream.Null, request.HttpContext.RequestAborted);
        return Results.Text(Answer, "application/json");
    }
}
