using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace CarbonMarket.ServiceDefaults.Origins;

/// <summary>Degraded, not unready: a person has to look, and nothing that was refused is lost.</summary>
internal sealed class OriginCheck(KnownOrigins known) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await known.Refused(cancellationToken) is > 0 and var streams
                ? HealthCheckResult.Degraded($"Of {streams} streams a service says other things than it said before: its database is older than this one.")
                : HealthCheckResult.Healthy();
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
