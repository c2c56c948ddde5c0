using CarbonMarket.Journaling;
using JasperFx;
using JasperFx.Events.Daemon;
using Marten;
using Microsoft.Extensions.Logging;

namespace CarbonMarket.ServiceDefaults.EventStore;

/// <summary>
/// The leader runs Marten's daemon (ADR 0006: its own election does not work with the pruned lock package). A subscription
/// that stopped, or could not be started with the others, is a promise not kept: it is started again every second, and the service is not
/// ready while one stands.
/// </summary>
public sealed class SubscriptionsDuty(IDocumentStore store, ILogger<SubscriptionsDuty> logger) : ILeaderDuty, IDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    /// <summary>A subscription that is being rewound stands still meanwhile and must not be started by the next glance.</summary>
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly string[] _all = [.. AllOf(store)];
    private volatile IProjectionDaemon? _running;

    public string Name => "subscriptions";

    public bool IsReady { get; private set; }

    public void Dispose() => _one.Dispose();

    public async Task Run(CancellationToken untilLost)
    {
        using var daemon = await store.BuildProjectionDaemonAsync(logger: logger);
        try
        {
            await daemon.StartAllAsync();
            _running = daemon;
            using var glances = new PeriodicTimer(Glance, TimeProvider.System);
            do
                await Glimpse(daemon, untilLost);
            while (await glances.WaitForNextTickAsync(untilLost));
        }
        finally
        {
            IsReady = false;
            _running = null;
            await daemon.StopAllAsync();
        }
    }

    /// <summary>Has a subscription go through the store's events again from a sequence number on; never forward, past what it has not told.</summary>
    public async Task<Rewinding> Rewind(string subscription, long fromSequence, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_running is not { } daemon)
                return new Rewinding(IsDone: false, Position: null);
            var position = await store.PositionOf(subscription, cancellationToken);
            if (fromSequence > position + 1)
                return new Rewinding(IsDone: false, position);
            await daemon.RewindSubscriptionAsync(subscription, cancellationToken, sequenceFloor: fromSequence - 1);
            return new Rewinding(IsDone: true, position);
        }
        finally
        {
            _one.Release();
        }
    }

    private static IEnumerable<string> AllOf(IDocumentStore store) => store.Options is StoreOptions options
        ? options.Projections.AllShards().Select(shard => shard.Name.Identity)
        : throw new NotSupportedException("This release of Marten keeps its subscriptions elsewhere.");

    private async Task Glimpse(IProjectionDaemon daemon, CancellationToken untilLost)
    {
        await _one.WaitAsync(untilLost);
        try
        {
            await Revive(daemon, untilLost);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task Revive(IProjectionDaemon daemon, CancellationToken untilLost)
    {
        var agents = daemon.CurrentAgents().ToDictionary(agent => agent.Name.Identity, StringComparer.Ordinal);
        // One that could not be started in the first place has no agent, and the daemon says nothing of it.
        var standing = _all.Where(shard => agents.GetValueOrDefault(shard) is not { Status: AgentStatus.Running }).ToList();
        IsReady = standing.Count == 0;
        foreach (var shard in standing)
        {
            var agent = agents.GetValueOrDefault(shard);
            logger.LogWarning("Subscription {Shard} stands {Status} at {Position}: {Failure}; starting it again", shard, agent?.Status, agent?.Position, agent?.Failure);
            await daemon.StartAgentAsync(shard, untilLost);
        }
        if (daemon.IsHighWaterStale)
            await daemon.RestartHighWaterAgentAsync(untilLost);
    }
}

/// <summary>What came of setting a subscription back.</summary>
/// <param name="IsDone">False with a position: that is where it stands, and it was to begin beyond it.</param>
/// <param name="Position">How far it had come; null: this instance does not lead.</param>
public readonly record struct Rewinding(bool IsDone, long? Position);
