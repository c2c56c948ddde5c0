using System.Collections.Immutable;
using Marten;
using Marten.Linq.MatchesSql;

namespace CarbonMarket.Identity.Participants;

/// <summary>The organisations whose clients may let others in: operators and regulators.</summary>
internal sealed class Officials
{
    private readonly ImmutableArray<Participant> _participants;

    private Officials(IEnumerable<Participant> participants) => _participants = [.. participants];

    public static async Task<Officials> Read(IQuerySession session, CancellationToken ct)
    {
        var kinds = Enum.GetValues<ParticipantKind>().Where(kind => kind.Confirms()).Select(kind => kind.Word()).ToArray();
        return new Officials(await session.Query<Participant>()
            .Where(participant => participant.MatchesSql("d.data ->> 'kind' = any(?)", (object)kinds)).ToListAsync(ct));
    }

    /// <summary>
    /// Whether no other client of theirs has ever been registered. Revoked ones count: nobody becomes the only official,
    /// and with it free of the others' confirmation, by revoking them.
    /// </summary>
    public bool HaveOnlyEverBeen(string clientId) => _participants.All(participant =>
        participant.Clients.All(client => client.ClientId == clientId)
        && participant.Revoked.All(client => client.ClientId == clientId));

    public RemainingOfficials Without(string clientId) => new(
        Count(clientId, _participants.Where(participant => participant.Kind == ParticipantKind.Operator)),
        Count(clientId, _participants));

    private static int Count(string clientId, IEnumerable<Participant> participants) =>
        participants.SelectMany(participant => participant.Clients).Count(client => client.ClientId != clientId);
}
