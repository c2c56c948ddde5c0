namespace CarbonMarket.Kernel;

/// <summary>Who acted, for which organisation, by which API client. Stored with every event.</summary>
/// <param name="Subject">The person or machine the token was issued to.</param>
/// <param name="ParticipantId">The organisation acted for; empty for the platform itself.</param>
/// <param name="ClientId">The API client that carried the request.</param>
public sealed record Actor(string Subject, Guid ParticipantId, string ClientId)
{
    /// <summary>The platform acting on its own schedule or on another service's event.</summary>
    public static Actor Platform(string service) => new(service, Guid.Empty, service);
}

/// <summary>Where a command came from: stored as metadata with each event it leads to.</summary>
public sealed record Provenance(string CorrelationId, string CausationId, Actor Actor);
