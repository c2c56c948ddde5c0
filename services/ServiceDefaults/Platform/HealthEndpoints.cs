using CarbonMarket.Journaling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace CarbonMarket.ServiceDefaults.Platform;

public static class HealthEndpoints
{
    private const string Ready = "ready";

    /// <summary>Live: the process answers. Ready: it may be sent work (store, broker, clock, and the leader's duties).</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = Write })
            .AllowAnonymous();
    }

    /// <summary>Adds one condition of readiness.</summary>
    public static void AddReadiness<TCheck>(this IServiceCollection services, string name)
        where TCheck : class, IHealthCheck => services.AddHealthChecks().AddCheck<TCheck>(name, tags: [Ready]);

    private static Task Write(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { status = entry.Value.Status.ToString(), entry.Value.Description }, StringComparer.Ordinal),
    });
}

internal sealed class StoreCheck(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}

/// <summary>Only the leader is sent work: a standby answers unready until it takes over.</summary>
internal sealed class LeaderCheck(LeaderElection election, IEnumerable<ILeaderDuty> duties) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var waiting = duties.Where(duty => !duty.IsReady).Select(duty => duty.Name).ToList();
        return Task.FromResult(
            !election.IsLeader ? HealthCheckResult.Unhealthy("Standing by: another instance leads.")
            : waiting.Count > 0 ? HealthCheckResult.Unhealthy($"Starting: {string.Join(", ", waiting)}.")
            : HealthCheckResult.Healthy());
    }
}
