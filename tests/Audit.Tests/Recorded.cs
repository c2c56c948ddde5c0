using CarbonMarket.Contracts.Audit.V1;
using CarbonMarket.Kernel;

namespace CarbonMarket.Audit;

/// <summary>Events as a service's feed tells them.</summary>
internal static class Recorded
{
    public static readonly Guid Mill = DeterministicGuid.From("participant:mill");
    public static readonly Guid Quarry = DeterministicGuid.From("participant:quarry");
    public static readonly Guid Smelter = DeterministicGuid.From("participant:smelter");
    public static readonly Guid Ministry = DeterministicGuid.From("participant:ministry");
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Event number <paramref name="sequence"/> of the service, which is also its place in its only stream.</summary>
    public static EventsRecorded.Entry Entry(
        string service, long sequence, string? body = null, Guid actor = default, DateTimeOffset? at = null, string stream = "one") => new()
        {
            EventId = DeterministicGuid.From(DeterministicGuid.From($"{service}:{stream}"), "event", sequence),
            Sequence = sequence,
            StreamId = DeterministicGuid.From($"{service}:{stream}"),
            StreamVersion = sequence,
            Type = "unit.moved.v1",
            Body = body ?? $$"""{"number":{{sequence}},"text":"\"é中\" and more"}""",
            RecordedAt = at ?? Noon.AddMilliseconds(sequence),
            CorrelationId = $"request-{sequence}",
            CausationId = null,
            ActorSubject = "alice",
            ActorParticipantId = actor,
            ActorClientId = "mill-client",
        };

    public static EventsRecorded Envelope(string service, params IEnumerable<EventsRecorded.Entry> entries) =>
        new() { Service = service, Entries = [.. entries] };

    public static EventsRecorded Envelope(string service, int from, int count) =>
        Envelope(service, Enumerable.Range(from, count).Select(sequence => Entry(service, sequence)));

    public static string Naming(params Guid[] participants) =>
        $$"""{"lines":[{{string.Join(',', participants.Select(id => $$"""{"participantId":"{{id}}","quantity":1}"""))}}]}""";
}
