using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.ServiceDefaults.Platform;
using Marten;

namespace CarbonMarket.Allocation.Clock;

public static class GetClock
{
    /// <summary>Legal time is public, and services ask for it before they have a token.</summary>
    public static void Map(RouteGroupBuilder clock) => clock.MapGet("/", Handle).AllowAnonymous()
        .WithName("get-clock")
        .WithSummary("Legal time of the platform")
        .WithDescription(
            "legalTime is legal time at the system's moment setAt; a running clock has moved on since. Version 0: legal time is the system's. "
            + PlatformEndpoints.WhoReadsTheClock)
        .Produces<ClockReading>();

    internal static async Task<IResult> Handle(
        IQuerySession session, [FromKeyedServices("system")] TimeProvider system, CancellationToken cancellationToken)
    {
        var clock = await session.LoadAsync<LegalClock>(LegalClock.StreamId, cancellationToken);
        return Results.Ok(clock is null ? new ClockReading(0, system.GetUtcNow(), system.GetUtcNow(), Running: true) : clock.Reading());
    }

    internal static ClockReading Reading(this LegalClock clock) => new(clock.Version, clock.LegalTime, clock.SetAt, clock.Running);
}
