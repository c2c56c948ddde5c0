using Marten;
using Marten.Linq.MatchesSql;

namespace CarbonMarket.Identity.Participants;

internal static class Operators
{
    /// <summary>Whether some client other than this one may operate the platform.</summary>
    public static async Task<bool> RemainWithout(string clientId, IQuerySession session, CancellationToken ct)
    {
        var operators = await session.Query<Participant>()
            .Where(participant => participant.MatchesSql("d.data ->> 'kind' = ?", ParticipantKind.Operator.Word()))
            .ToListAsync(ct);
        return operators.SelectMany(participant => participant.Clients).Any(client => client.ClientId != clientId);
    }
}
