using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CarbonMarket.ServiceDefaults.Telemetry;

public static class TelemetryExtensions
{
    /// <summary>
    /// Traces, metrics and logs by OpenTelemetry, sent where OTEL_EXPORTER_OTLP_ENDPOINT says; without it they are kept
    /// in the process only. Also names the service.
    /// </summary>
    public static TBuilder AddTelemetry<TBuilder>(this TBuilder builder, string service)
        where TBuilder : IHostApplicationBuilder
    {
        builder.NameService(service);
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        // The libraries' own chatter is for whoever asks for it by configuration.
        foreach (var library in (string[])["Microsoft", "System", "MassTransit", "Marten", "JasperFx", "Npgsql", "OpenIddict", "Polly", "Yarp"])
            builder.Logging.AddFilter(library, LogLevel.Warning);
        var exported = builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };
        if (!exported)
            return builder;
        builder.Logging.AddOpenTelemetry(logging => logging.IncludeScopes = true);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService($"carbonmarket-{service}"))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation()
                .AddMeter("CarbonMarket.*", "Marten", "MassTransit", "Npgsql"))
            .WithTracing(tracing => tracing
                .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation()
                .AddSource("CarbonMarket.*", "Marten", "MassTransit", "Npgsql", "Yarp.ReverseProxy"))
            .UseOtlpExporter();
        return builder;
    }
}
