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
    public const string CorrelationHeader = RequestIds.CorrelationId;
    public const string CausationHeader = "causation-id";
    public const string SubjectHeader = "actor-subject";
    public const string ParticipantHeader = "actor-participant";
    public const string ClientHeader = "actor-client";

    public Provenance Current { get; set; } = new(string.Empty, string.Empty, Actor.Platform(service.Value));
}

public static class ProvenanceExtensions
{
    /// <summary>The request's provenance: its own id is the cause of what follows (<see cref="RequestIds"/>).</summary>
    public static Provenance Provenance(this HttpContext context) => new(
        context.Request.Headers[RequestIds.CorrelationId].ToString(), context.TraceIdentifier, context.Actor());
}
