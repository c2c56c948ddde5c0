using CarbonMarket.ServiceDefaults.Bus;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.ServiceDefaults.Platform;

public static class PlatformEndpoints
{
    /// <summary>Of the descriptions of clocks: the documents show them as open to everybody, and the gateway lets nobody in without a token.</summary>
    public const string WhoReadsTheClock = "Through the gateway with a token, like everything else; services ask one another without.";

    /// <summary>What every service tells about itself, under its own prefix.</summary>
    public static void MapPlatform(this WebApplication app, ServiceName service)
    {
        var platform = app.MapGroup($"/{service.Value}").WithTags("Platform");
        platform.MapGet("/clock", ReadClock).AllowAnonymous()
            .WithName($"{service.Value}-clock")
            .WithSummary($"Legal time as {service.Value} has it")
            .WithDescription(
                "A sandbox's services follow the clock within moments; wait here for the version that PUT /clock answered. " + WhoReadsTheClock);
        if (app.Services.GetService<ErrorQueues>() is not null)
            platform.MapErrorQueues(service);
        if (app.Services.GetService<EventHead>() is null)
            return;
        platform.MapGet("/events/head", ReadHead)
            .RequireAuthorization(policy => policy.RequireRole(Roles.Auditor, Roles.Regulator, Roles.Operator))
            .WithName($"{service.Value}-events-head")
            .WithSummary($"How many domain events the store of {service.Value} holds");
        RewindPublishing.Map(platform, service);
    }

    private static Ok<ServiceClock> ReadClock(MarketClock clock) =>
        TypedResults.Ok(new ServiceClock(clock.Version, clock.GetUtcNow(), clock.Running));

    private static async Task<Ok<EventHeadReading>> ReadHead(EventHead head, CancellationToken cancellationToken) =>
        TypedResults.Ok(await head.Read(cancellationToken));
}

/// <param name="Version">Version of the sandbox clock's setting that is followed; 0 is the system's time.</param>
/// <param name="LegalTime">Legal time now.</param>
/// <param name="Running">Whether it runs on at the system's pace.</param>
public sealed record ServiceClock(long Version, DateTimeOffset LegalTime, bool Running);
