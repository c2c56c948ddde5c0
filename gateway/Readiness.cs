using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace CarbonMarket.Gateway;

/// <summary>Without Identity's keys no token can be checked, so nothing could be let through.</summary>
internal sealed class KeysCheck(IOptionsMonitor<JwtBearerOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await options.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!.GetConfigurationAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (InvalidOperationException exception)
        {
            return HealthCheckResult.Unhealthy("Identity's keys could not be read: " + exception.Message);
        }
    }
}

/// <summary>Says which services are away. The gateway itself stays ready: the others are still served.</summary>
internal sealed class ServicesCheck(IProxyStateLookup proxy) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var away = proxy.GetClusters()
            .Where(cluster => cluster.Destinations.Values.All(instance => instance.Health.Active == DestinationHealth.Unhealthy))
            .Select(cluster => cluster.ClusterId).Order(StringComparer.Ordinal).ToList();
        return Task.FromResult(HealthCheckResult.Healthy(away.Count == 0 ? null : $"Away: {string.Join(", ", away)}."));
    }
}
