using System.Text.Json;
using System.Text.Json.Serialization;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Telemetry;
using CarbonMarket.ServiceDefaults.Tracing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace CarbonMarket.ServiceDefaults;

public static class ServiceDefaultsExtensions
{
    private const string ServiceProperty = "CarbonMarket.Service";
    private const long LargestBody = 8 * 1024 * 1024;

    /// <summary>What every service needs to run: telemetry, health, problems, tokens, legal time, JSON, limits, policy packs.</summary>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string service)
    {
        builder.AddTelemetry(service);
        builder.AddTokenValidation();
        builder.AddMarketClock();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Services.AddSingleton(_ => PolicyPackCatalog.Load(
            builder.Configuration["Policy:Directory"] ?? Path.Combine(AppContext.BaseDirectory, "policy-packs"),
            builder.Markets()));
        builder.Services.AddScoped<ProvenanceContext>();
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = Problem.NameByStatus);
        builder.Services.AddExceptionHandler<UnhandledFaults>();
        builder.Services.ConfigureHttpJsonOptions(options => JsonOfCallers(options.SerializerOptions));
        // Left alone, ASP.NET Core says what it could not read to developers only, and to everybody else that it could not.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(15));
        return builder;
    }

    /// <summary>The middleware in its order, and the endpoints every service has.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        // A pack with a fault must stop the start, not the first request.
        _ = app.Services.GetRequiredService<PolicyPackCatalog>();
        app.UseRequestIds();
        app.UseLanguages();
        app.UseExceptionHandler();
        app.UseStatusCodePages(Problem.OfStatus);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseQueryParameters();
        app.Use((context, next) =>
        {
            context.RequestServices.GetRequiredService<ProvenanceContext>().Current = context.Provenance();
            return next(context);
        });
        app.MapHealth();
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapPlatform(app.Services.GetRequiredService<ServiceName>());
        return app;
    }

    /// <summary>The service named to <see cref="AddTelemetry.AddTelemetry"/>.</summary>
    public static string ServiceName(this IHostApplicationBuilder builder) =>
        builder.Properties.TryGetValue(ServiceProperty, out var name) && name is string service
            ? service
            : throw new InvalidOperationException("Call AddServiceDefaults first: it names the service.");

    /// <summary>The markets this deployment runs, one policy pack and one engine partition each.</summary>
    public static string[] Markets(this IHostApplicationBuilder builder) =>
        (builder.Configuration["Policy:Markets"] ?? "uk-ets,gansu").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal static void NameService(this IHostApplicationBuilder builder, string service)
    {
        builder.Properties[ServiceProperty] = service;
        builder.Services.TryAddSingleton(new ServiceName(service));
    }

    /// <summary>The one JSON form of the platform: camelCase, enums as kebab-case words, numbers strict, unknown members refused.</summary>
    public static void Json(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.Converters.Add(new StorableText());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
    }

    /// <summary>The same of callers, who can be told: nothing they say may be read in two ways.</summary>
    private static void JsonOfCallers(JsonSerializerOptions options)
    {
        Json(options);
        options.AllowDuplicateProperties = false;
        options.Converters.Add(new TimeWithOffset());
    }

    private static void AddMarketClock(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(ClockSettings.Read(builder.Configuration, builder.Environment));
        builder.Services.AddKeyedSingleton("system", TimeProvider.System);
        builder.Services.AddSingleton(new MarketClock(TimeProvider.System));
        builder.Services.RemoveAll<TimeProvider>();
        builder.Services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<MarketClock>());
        builder.Services.AddHttpClient(nameof(ClockFetching), client => client.Timeout = TimeSpan.FromSeconds(5));
        builder.Services.AddSingleton<ClockFetching>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ClockFetching>());
        builder.Services.AddReadiness<ClockFetching>("clock");
    }
}
