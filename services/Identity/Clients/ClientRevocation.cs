using CarbonMarket.Identity.Participants;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Tracing;
using Marten;
using Npgsql;

namespace CarbonMarket.Identity.Clients;

/// <summary>
/// Revokes API clients: the fact goes into the participant's stream and the secret's hash out of the client directory, in
/// one PostgreSQL transaction, so that no client is revoked in name only.
/// </summary>
public sealed class ClientRevocation(
    IDocumentStore store, NpgsqlDataSource database, ClientApplications applications, ProvenanceContext provenance)
{
    // One revocation at a time, on the whole platform: two operators that revoke each other must not both find that the
    // other one remains.
    private const long Lock = 0x5265766F6B65;

    /// <returns>What was decided; when accepted, what is now on record, however long it has been there.</returns>
    public Task<(Decision<ParticipantEvent> Decision, RevokedRegistration? Revoked)> Revoke(
        string clientId, DateTimeOffset at, CancellationToken ct) => Contention.Retry(async () =>
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await Wait(transaction, ct);
            await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
            session.Carry(provenance.Current);
            await using var directory = await ClientDirectory.In(transaction, ct);

            var holder = await Holder(directory, clientId, ct);
            var revoked = await RevokedRegistration.Of(session, clientId, ct);
            var participant = revoked?.ParticipantId ?? holder;
            var command = new ParticipantCommand.RevokeClient(
                participant ?? Guid.Empty, clientId, await Operators.RemainWithout(clientId, session, ct), at);
            var decision = participant is { } known
                ? (await ParticipantStreams.Fetch(session, [known], ct)).Decide(command)
                : Participant.Decide(known: null, command);
            if (decision is not Decision<ParticipantEvent>.Accepted { Events: [ParticipantEvent.ClientRevoked fact] })
                return (decision, revoked);
            revoked = new RevokedRegistration(fact.RegistrationId, fact.ClientId, fact.ParticipantId, fact.At);
            session.Insert(revoked);
            await session.SaveChangesAsync(ct);
            await directory.Remove(fact.RegistrationId, ct);
            await transaction.CommitAsync(ct);
            return (decision, revoked);
        });

    private static async Task Wait(NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var wait = new NpgsqlCommand("select pg_advisory_xact_lock($1)", transaction.Connection, transaction)
        {
            Parameters = { new() { Value = Lock } },
        };
        await wait.ExecuteNonQueryAsync(ct);
    }

    private async Task<Guid?> Holder(ClientDirectory directory, string clientId, CancellationToken ct) =>
        await directory.Find(clientId, ct) is { } application ? (await applications.ActsFor(application, ct)).ParticipantId : null;
}
