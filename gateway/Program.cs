using CarbonMarket.Gateway;
using CarbonMarket.Gateway.OpenApi;
using CarbonMarket.Gateway.Problems;
using CarbonMarket.Gateway.Protection;
using CarbonMarket.Gateway.Routing;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Telemetry;
using CarbonMarket.ServiceDefaults.Tracing;

// The routes lie beside the program, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddTelemetry("gateway");
builder.AddTokenValidation();
builder.AddRateLimits();
builder.AddProxy();
builder.AddDocs();
builder.Services.AddProblemDetails();
builder.Services.AddReadiness<KeysCheck>("keys");
builder.Services.AddReadiness<ServicesCheck>("services");
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = builder.Configuration.GetValue<long>("Limits:LargestBodyBytes");
});

var app = builder.Build();
app.UseTrustedProxies();
app.UseLanguages();
app.UseRequestIds();
app.UseSecurityHeaders(DocsFeature.DocsPath);
app.UseGatewayProblems();
app.UseAuthentication();
// Between the two: a caller's bucket is found by its token, and whoever has none is limited before being refused.
app.UseRateLimiter();
app.UseAuthorization();
app.MapHealth();
app.MapDocs();
app.MapGet("/", () => new
{
    name = "CarbonMarket",
    documentation = DocsFeature.DocsPath,
    openApi = DocsFeature.DocumentPath,
    token = "/connect/token",
    discovery = "/.well-known/openid-configuration",
    health = "/health/ready",
}).AllowAnonymous();
app.MapReverseProxy();
await app.RunAsync();
