using CarbonMarket.Identity.Participants;
using CarbonMarket.Kernel;

namespace CarbonMarket.Identity.Clients;

/// <summary>Revokes API clients, also those that nobody has confirmed.</summary>
public sealed class ClientRevocation(ClientChanges changes, ClientApplications applications)
{
    /// <returns>What was decided; when accepted, what is now on record, however long it has been there.</returns>
    public Task<(Decision<ParticipantEvent> Decision, RevokedRegistration? Revoked)> Revoke(
        string clientId, DateTimeOffset at, CancellationToken ct) => changes.InTurn(
        async (session, directory) =>
        {
            var holder = await Holder(directory, clientId, ct);
            var revoked = await RevokedRegistration.Of(session, clientId, ct);
            var participant = revoked?.ParticipantId ?? holder;
            var command = new ParticipantCommand.RevokeClient(
                participant ?? Guid.Empty, clientId, (await Officials.Read(session, ct)).Without(clientId), at);
            var decision = participant is { } known
                ? (await ParticipantStreams.Fetch(session, [known], ct)).Decide(command)
                : Participant.Decide(known: null, command);
            if (decision is not Decision<ParticipantEvent>.Accepted { Events: [ParticipantEvent.ClientRevoked fact] })
                return (decision, revoked);
            revoked = new RevokedRegistration(fact.RegistrationId, fact.ClientId, fact.ParticipantId, fact.At);
            session.Insert(revoked);
            await directory.Remove(fact.RegistrationId, ct);
            return (decision, revoked);
        }, ct);

    private async Task<Guid?> Holder(ClientDirectory directory, string clientId, CancellationToken ct) =>
        await directory.Find(clientId, ct) is { } application ? (await applications.ActsFor(application, ct)).ParticipantId : null;
}
