using Scalar.AspNetCore;

namespace CarbonMarket.Gateway.OpenApi;

/// <summary>One description of the whole API, for programs and for people.</summary>
public static class DocsFeature
{
    public const string DocumentPath = "/openapi.json";
    public const string DocsPath = "/docs";

    /// <summary>A service writes its document when it is first asked, which on a busy machine takes it seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    public static void AddDocs(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(nameof(ServiceDocuments), client => client.Timeout = Patience);
        builder.Services.AddSingleton<ServiceDocuments>();
    }

    public static void MapDocs(this WebApplication app)
    {
        app.MapGet(DocumentPath, async (ServiceDocuments documents, CancellationToken ct) =>
            Results.Bytes(await documents.Read(ct), "application/json")).AllowAnonymous();
        // Script and style come from the gateway itself: the page works where there is no internet.
        app.MapScalarApiReference(DocsPath, options => options
            .WithTitle("CarbonMarket")
            .WithOpenApiRoutePattern(DocumentPath)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools()
            .AddPreferredSecuritySchemes("oauth2")
            .HideClientButton()).AllowAnonymous();
    }
}
