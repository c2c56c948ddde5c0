namespace CarbonMarket.Contracts.Audit.V1;

/// <summary>
/// Domain events that a service has committed, exactly as stored, in the order of its store; up to 500. The body is
/// opaque to everyone but the audit log. Owner: every service. Read by: Audit. Key: Service, EventId.
/// </summary>
public sealed record EventsRecorded
{
    /// <summary>The service's short name: identity, allocation, verification, trading, settlement.</summary>
    public required string Service { get; init; }

    public required IReadOnlyList<Entry> Entries { get; init; }

    public sealed record Entry
    {
        public required Guid EventId { get; init; }

        /// <summary>Position in the service's store; rises, but may skip numbers that were never committed.</summary>
        public required long Sequence { get; init; }

        public required Guid StreamId { get; init; }

        /// <summary>Position in the stream, from 1, without gaps.</summary>
        public required long StreamVersion { get; init; }

        /// <summary>The mapped event name, such as ledger.units-issued.v1.</summary>
        public required string Type { get; init; }

        /// <summary>The event as JSON text.</summary>
        public required string Body { get; init; }

        /// <summary>System time of recording.</summary>
        public required DateTimeOffset RecordedAt { get; init; }

        public string? CorrelationId { get; init; }

        public string? CausationId { get; init; }

        public required string ActorSubject { get; init; }

        public required Guid ActorParticipantId { get; init; }

        public required string ActorClientId { get; init; }
    }
}
