using System.Net.Http.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CarbonMarket.ServiceDefaults.Clock;

/// <summary>
/// Asks the clock's owner for the current setting at start and every two seconds after, because a message may be missed
/// while the broker is away. Sandbox only.
/// </summary>
public sealed class ClockFetching(
    MarketClock clock, ClockSettings settings, IHttpClientFactory clients, ILogger<ClockFetching> logger)
    : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseUntilFirst = TimeSpan.FromMilliseconds(250);
    private volatile bool _fetched = settings.Mode == ClockMode.System;

    /// <summary>
    /// False in a sandbox until its clock has been heard of: legal time is unknown then, and must not be taken for the system's.
    /// </summary>
    public bool IsKnown => _fetched || clock.Version > 0;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_fetched ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The market clock has not been read yet."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Mode == ClockMode.System)
            return;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Fetch(stoppingToken);
            await Task.Delay(_fetched ? Pause : PauseUntilFirst, TimeProvider.System, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Fetch(CancellationToken stopping)
    {
        try
        {
            using var client = clients.CreateClient(nameof(ClockFetching));
            var reading = await client.GetFromJsonAsync<ClockReading>(new Uri(settings.Source!, "/clock"), stopping)
                ?? throw new HttpRequestException("The clock's owner answered nothing.");
            clock.Follow(reading.Version, reading.LegalTime, reading.SetAt, reading.Running);
            _fetched = true;
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            logger.LogDebug(exception, "The market clock could not be read; trying again");
        }
    }
}

/// <summary>What GET /clock answers.</summary>
/// <param name="Version">Counts settings from 1; 0 while legal time is the system's.</param>
/// <param name="LegalTime">Legal time at the moment <paramref name="SetAt"/>.</param>
/// <param name="SetAt">System time at which the clock was set.</param>
/// <param name="Running">Whether legal time runs on at the system's pace.</param>
public sealed record ClockReading(long Version, DateTimeOffset LegalTime, DateTimeOffset SetAt, bool Running);
