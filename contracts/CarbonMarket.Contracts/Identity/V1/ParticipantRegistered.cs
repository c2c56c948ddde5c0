namespace CarbonMarket.Contracts.Identity.V1;

/// <summary>
/// An organisation may now act on the platform. Owner: Identity. Read by: Settlement, Verification. Key: ParticipantId.
/// </summary>
public sealed record ParticipantRegistered
{
    public required Guid ParticipantId { get; init; }

    public required string Name { get; init; }

    /// <summary>emitter, trader, verifier, regulator, operator or auditor.</summary>
    public required string Kind { get; init; }

    /// <summary>The organisation's number in its home register: a unified social credit code, a permit number.</summary>
    public string? RegistrationCode { get; init; }

    /// <summary>Legal time.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }
}
