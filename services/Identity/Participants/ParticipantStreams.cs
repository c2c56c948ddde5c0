using CarbonMarket.Kernel;
using JasperFx.Events;
using Marten;

namespace CarbonMarket.Identity.Participants;

/// <summary>
/// The streams one batch writes to, fetched in one round trip. Several decisions on one participant see each other, and
/// all of them are committed by the session together.
/// </summary>
internal sealed class ParticipantStreams
{
    private readonly Dictionary<Guid, Open> _streams;

    private ParticipantStreams(Dictionary<Guid, Open> streams) => _streams = streams;

    public static async Task<ParticipantStreams> Fetch(IDocumentSession session, IEnumerable<Guid> ids, CancellationToken ct)
    {
        Guid[] distinct = [.. ids.Distinct()];
        var streams = await session.Events.FetchManyForWriting<Participant>(distinct, ct);
        return new ParticipantStreams(distinct.Zip(streams).ToDictionary(pair => pair.First, pair => new Open(pair.Second)));
    }

    public Decision<ParticipantEvent> Decide(ParticipantCommand command)
    {
        var stream = _streams[command.ParticipantId];
        var decision = Participant.Decide(stream.Participant, command);
        if (decision is Decision<ParticipantEvent>.Accepted accepted)
            foreach (var @event in accepted.Events)
                stream.Append(@event);
        return decision;
    }

    private sealed class Open(IEventStream<Participant> stream)
    {
        public Participant? Participant { get; private set; } = stream.Aggregate;

        public void Append(ParticipantEvent @event)
        {
            stream.AppendOne(@event);
            Participant = Participant.After(Participant, @event);
        }
    }
}
