using Marten;

namespace CarbonMarket.Identity.Clients;

/// <summary>
/// Holds a revoked client's names for ever, once its row has left the client directory: nobody on the platform gets them
/// again. Written with the event, in one transaction. Whoever looks in both looks in the directory first: a client leaves
/// it and comes on record here in one moment, so that in this order it is found in one of the two.
/// </summary>
/// <param name="Id">Names the registration.</param>
/// <param name="RevokedAt">Legal time.</param>
public sealed record RevokedRegistration(Guid Id, string ClientId, Guid ParticipantId, DateTimeOffset RevokedAt)
{
    internal static Task<IReadOnlyList<RevokedRegistration>> AmongAny(
        IQuerySession session, Guid[] ids, string[] clientIds, CancellationToken ct) => session.Query<RevokedRegistration>()
            .Where(revoked => revoked.Id.IsOneOf(ids) || revoked.ClientId.IsOneOf(clientIds)).ToListAsync(ct);

    internal static Task<RevokedRegistration?> Of(IQuerySession session, string clientId, CancellationToken ct) =>
        session.Query<RevokedRegistration>().Where(revoked => revoked.ClientId == clientId).FirstOrDefaultAsync(ct);
}
