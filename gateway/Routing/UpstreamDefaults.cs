using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace CarbonMarket.Gateway.Routing;

public sealed class UpstreamOptions
{
    /// <summary>How long a service may be silent before the caller is told 504.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    [Required]
    public string HealthPath { get; set; } = "/health/ready";

    public TimeSpan HealthInterval { get; set; } = TimeSpan.FromSeconds(2);

    public TimeSpan HealthTimeout { get; set; } = TimeSpan.FromSeconds(2);
}

/// <summary>
/// What holds for every cluster whose configuration says nothing else: time-outs, and health by asking (a standby is
/// sent no work) and by watching. When no instance is healthy the request is sent all the same: the service knows best
/// whether it can answer, and a service that is just back must not wait for the next look.
/// </summary>
public sealed class UpstreamDefaults(IOptions<UpstreamOptions> options) : IProxyConfigFilter
{
    private const int FailuresUntilUnhealthy = 2;
    private readonly UpstreamOptions _upstream = options.Value;

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) => new(cluster with
    {
        HttpRequest = (cluster.HttpRequest ?? new ForwarderRequestConfig()) with
        {
            // A stream lives as long as something is said on it: heartbeats come more often than this.
            ActivityTimeout = cluster.HttpRequest?.ActivityTimeout ?? _upstream.Timeout,
            // Without TLS there is nothing to negotiate HTTP/2 by; trying would only cost.
            Version = cluster.HttpRequest?.Version ?? HttpVersion.Version11,
            VersionPolicy = cluster.HttpRequest?.VersionPolicy ?? HttpVersionPolicy.RequestVersionOrLower,
        },
        HealthCheck = cluster.HealthCheck ?? new HealthCheckConfig
        {
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Interval = _upstream.HealthInterval,
                Timeout = _upstream.HealthTimeout,
                Path = _upstream.HealthPath,
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
            },
            Passive = new PassiveHealthCheckConfig
            {
                Enabled = true,
                Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate,
                ReactivationPeriod = _upstream.HealthInterval,
            },
        },
        Metadata = cluster.Metadata ?? new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName] = FailuresUntilUnhealthy.ToString(CultureInfo.InvariantCulture),
        },
    });

    /// <summary>A service's gRPC port is another door to the same service, and has no document of its own.</summary>
    public static bool IsGrpc(ClusterState cluster) => cluster.Model.Config.HttpRequest?.Version == HttpVersion.Version20;

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => new(route);
}
