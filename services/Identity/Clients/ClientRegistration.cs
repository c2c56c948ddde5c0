using System.Collections.Immutable;
using CarbonMarket.Identity.Participants;
using CarbonMarket.Kernel;
using Marten;
using Microsoft.EntityFrameworkCore;

namespace CarbonMarket.Identity.Clients;

/// <summary>Registers API clients, and lets in those that another official confirms.</summary>
public sealed class ClientRegistration(ClientChanges changes, ClientApplications applications)
{
    /// <param name="by">The official's client that asks.</param>
    public Task<ImmutableArray<Decision<ParticipantEvent>>> Register(
        IReadOnlyList<Asked> asked, string by, DateTimeOffset at, CancellationToken ct) => changes.InTurn(
        async (session, directory) =>
        {
            var taken = await TakenNames.Read(directory, session, asked, ct);
            var isAlone = (await Officials.Read(session, ct)).HaveOnlyEverBeen(by);
            var streams = await ParticipantStreams.Fetch(session, asked.Select(item => item.ParticipantId), ct);
            var decisions = ImmutableArray.CreateBuilder<Decision<ParticipantEvent>>(asked.Count);
            foreach (var item in asked)
            {
                var decision = streams.Decide(new ParticipantCommand.RegisterClient(
                    item.ParticipantId, item.Client, taken.Include(item.Client), by, isAlone, at));
                if (decision is Decision<ParticipantEvent>.Accepted { Events: [var fact] })
                {
                    var application = await applications.Prepare(item.ParticipantId, item.Client, ct);
                    directory.Applications.Add(application);
                    taken.Add(item.Client);
                    if (fact is ParticipantEvent.ClientRegistered)
                    {
                        await applications.Admit(application, ct);
                        isAlone = false;
                    }
                }
                decisions.Add(decision);
            }
            return decisions.MoveToImmutable();
        }, ct);

    /// <param name="by">The official's client that confirms.</param>
    public Task<ImmutableArray<Decision<ParticipantEvent>>> Confirm(
        IReadOnlyList<Guid> registrations, string by, DateTimeOffset at, CancellationToken ct) => changes.InTurn(
        async (session, directory) =>
        {
            var known = await directory.Applications.Where(application => registrations.Contains(application.Id))
                .ToDictionaryAsync(application => application.Id, ct);
            var holders = (await RevokedRegistration.AmongAny(session, [.. registrations], [], ct))
                .ToDictionary(revoked => revoked.Id, revoked => revoked.ParticipantId);
            foreach (var application in known.Values)
                holders[application.Id] = (await applications.ActsFor(application, ct)).ParticipantId;
            var streams = await ParticipantStreams.Fetch(session, holders.Values, ct);
            var decisions = ImmutableArray.CreateBuilder<Decision<ParticipantEvent>>(registrations.Count);
            foreach (var id in registrations)
            {
                var command = new ParticipantCommand.ConfirmClient(holders.GetValueOrDefault(id), id, by, at);
                var decision = holders.ContainsKey(id) ? streams.Decide(command) : Participant.Decide(known: null, command);
                if (decision is Decision<ParticipantEvent>.Accepted { Events.IsEmpty: false })
                    await applications.Admit(known[id], ct);
                decisions.Add(decision);
            }
            return decisions.MoveToImmutable();
        }, ct);

    /// <summary>One client to be registered.</summary>
    public sealed record Asked(Guid ParticipantId, ApiClient Client);

    /// <summary>
    /// The names that are given away among those of a batch: in the directory, by revoked clients, and by the batch so far.
    /// </summary>
    private sealed class TakenNames
    {
        private readonly HashSet<Guid> _ids = [];
        private readonly HashSet<string> _clientIds = new(StringComparer.Ordinal);

        public static async Task<TakenNames> Read(
            ClientDirectory directory, IQuerySession session, IReadOnlyList<Asked> asked, CancellationToken ct)
        {
            var ids = asked.Select(item => item.Client.Id).ToArray();
            var clientIds = asked.Select(item => item.Client.ClientId).ToArray();
            var taken = new TakenNames();
            await foreach (var known in directory.Applications.AsNoTracking()
                .Where(application => ids.Contains(application.Id) || clientIds.Contains(application.ClientId))
                .AsAsyncEnumerable().WithCancellation(ct))
                taken.Add(known.Id, known.ClientId!);
            foreach (var revoked in await RevokedRegistration.AmongAny(session, ids, clientIds, ct))
                taken.Add(revoked.Id, revoked.ClientId);
            return taken;
        }

        public bool Include(ApiClient client) => _ids.Contains(client.Id) || _clientIds.Contains(client.ClientId);

        public void Add(ApiClient client) => Add(client.Id, client.ClientId);

        private void Add(Guid id, string clientId)
        {
            _ids.Add(id);
            _clientIds.Add(clientId);
        }
    }
}
