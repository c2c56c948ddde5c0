using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http;

namespace CarbonMarket.ServiceDefaults.Tracing;

/// <summary>
/// Where the work of this scope came from: the request's caller or the message's. Set once at the edge, read by the
/// session factory so that every event carries it.
/// </summary>
public sealed class ProvenanceContext(ServiceName service)
{
    public const string CorrelationHeader = "X-Correlation-Id";
    public const string CausationHeader = "causation-id";
    public const string SubjectHeader = "actor-subject";
    public const string ParticipantHeader = "actor-participant";
    public const string ClientHeader = "actor-client";

    public Provenance Current { get; set; } = new(string.Empty, string.Empty, Actor.Platform(service.Value));
}

public static class ProvenanceExtensions
{
    private const int LongestId = 100;

    /// <summary>
    /// The request's provenance. Causation is the request itself; the correlation id is the caller's, or the trace's.
    /// </summary>
    public static Provenance Provenance(this HttpContext context)
    {
        var asked = context.Request.Headers[ProvenanceContext.CorrelationHeader].ToString();
        var correlation = asked.Length is > 0 and <= LongestId ? asked : context.TraceIdentifier;
        return new Provenance(correlation, context.TraceIdentifier, context.Actor());
    }
}
