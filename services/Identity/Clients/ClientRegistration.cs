using System.Collections.Immutable;
using CarbonMarket.Identity.Participants;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Tracing;
using Marten;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Application = OpenIddict.EntityFrameworkCore.Models.OpenIddictEntityFrameworkCoreApplication<System.Guid>;

namespace CarbonMarket.Identity.Clients;

/// <summary>
/// Registers API clients: the fact in the participant's stream and the secret's hash in the client directory, in one
/// PostgreSQL transaction, so that neither is ever there without the other.
/// </summary>
public sealed class ClientRegistration(
    IDocumentStore store, NpgsqlDataSource database, ClientApplications applications, ProvenanceContext provenance)
{
    public Task<ImmutableArray<Decision<ParticipantEvent>>> Register(
        IReadOnlyList<Asked> asked, DateTimeOffset at, CancellationToken ct) => Contention.Retry(async () =>
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
            session.Carry(provenance.Current);
            await using var directory = await ClientDirectory.In(transaction, ct);

            var decisions = await Decide(asked, at, session, directory, ct);
            await session.SaveChangesAsync(ct);
            await directory.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return decisions;
        });

    private async Task<ImmutableArray<Decision<ParticipantEvent>>> Decide(
        IReadOnlyList<Asked> asked, DateTimeOffset at, IDocumentSession session, ClientDirectory directory, CancellationToken ct)
    {
        var holders = await Holders.Read(directory, session, asked, ct);
        var streams = await ParticipantStreams.Fetch(session, asked.Select(item => item.ParticipantId), ct);
        var decisions = ImmutableArray.CreateBuilder<Decision<ParticipantEvent>>(asked.Count);
        foreach (var item in asked)
        {
            var holder = await holders.Of(item, applications, ct);
            var decision = streams.Decide(new ParticipantCommand.RegisterClient(item.ParticipantId, item.Client, holder, at));
            if (decision is Decision<ParticipantEvent>.Accepted { Events.IsEmpty: false })
            {
                var application = await applications.Prepare(item.ParticipantId, item.Client, item.Secret, ct);
                directory.Applications.Add(application);
                holders.Note(application);
            }
            decisions.Add(decision);
        }
        return decisions.MoveToImmutable();
    }

    /// <summary>One client to be registered. Its text shows no secret, whoever prints it.</summary>
    public sealed record Asked(Guid ParticipantId, ApiClient Client, string Secret)
    {
        public override string ToString() => $"{Client} of {ParticipantId}";
    }

    /// <summary>
    /// Who holds the client ids of a batch: the directory, those that were revoked, and what the batch has added so far.
    /// </summary>
    private sealed class Holders
    {
        private readonly Dictionary<Guid, Application> _byId = [];
        private readonly Dictionary<string, Application> _byClientId = new(StringComparer.Ordinal);
        private readonly HashSet<Guid> _revokedIds = [];
        private readonly HashSet<string> _revokedClientIds = new(StringComparer.Ordinal);

        public static async Task<Holders> Read(
            ClientDirectory directory, IQuerySession session, IReadOnlyList<Asked> asked, CancellationToken ct)
        {
            var ids = asked.Select(item => item.Client.Id).ToArray();
            var clientIds = asked.Select(item => item.Client.ClientId).ToArray();
            var holders = new Holders();
            await foreach (var known in directory.Applications.AsNoTracking()
                .Where(application => ids.Contains(application.Id) || clientIds.Contains(application.ClientId))
                .AsAsyncEnumerable().WithCancellation(ct))
                holders.Note(known);
            foreach (var revoked in await RevokedRegistration.AmongAny(session, ids, clientIds, ct))
            {
                holders._revokedIds.Add(revoked.Id);
                holders._revokedClientIds.Add(revoked.ClientId);
            }

            return holders;
        }

        public void Note(Application application)
        {
            _byId[application.Id] = application;
            _byClientId[application.ClientId!] = application;
        }

        public async Task<ClientIdHolder> Of(Asked asked, ClientApplications applications, CancellationToken ct)
        {
            if (_revokedIds.Contains(asked.Client.Id) || _revokedClientIds.Contains(asked.Client.ClientId))
                return ClientIdHolder.AnotherRegistration;
            if (_byClientId.TryGetValue(asked.Client.ClientId, out var holder) && holder.Id != asked.Client.Id)
                return ClientIdHolder.AnotherRegistration;
            if (!_byId.TryGetValue(asked.Client.Id, out var registered))
                return ClientIdHolder.Nobody;
            return await applications.ValidateClientSecretAsync(registered, asked.Secret, ct)
                ? ClientIdHolder.ThisRegistration
                : ClientIdHolder.ThisRegistrationWithOtherSecret;
        }
    }
}
