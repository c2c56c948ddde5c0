using CarbonMarket.Journaling;
using JasperFx;
using JasperFx.Events.Daemon;
using Marten;
using Microsoft.Extensions.Logging;

namespace CarbonMarket.ServiceDefaults.EventStore;

/// <summary>
/// The leader runs Marten's daemon (ADR 0006: its own election does not work with the pruned lock package). A shard that
/// stopped is a promise not kept, so the duty gives up leadership and starts afresh rather than go on without it.
/// </summary>
public sealed class SubscriptionsDuty(IDocumentStore store, ILogger<SubscriptionsDuty> logger) : ILeaderDuty
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    public string Name => "subscriptions";

    public bool IsReady { get; private set; }

    public async Task Run(CancellationToken untilLost)
    {
        using var daemon = await store.BuildProjectionDaemonAsync(logger: logger);
        try
        {
            await daemon.StartAllAsync();
            IsReady = true;
            using var glances = new PeriodicTimer(Glance, TimeProvider.System);
            while (await glances.WaitForNextTickAsync(untilLost))
                await Revive(daemon, untilLost);
        }
        finally
        {
            IsReady = false;
            await daemon.StopAllAsync();
        }
    }

    private async Task Revive(IProjectionDaemon daemon, CancellationToken untilLost)
    {
        foreach (var agent in daemon.CurrentAgents().Where(agent => agent.Status != AgentStatus.Running))
        {
            logger.LogWarning("Subscription {Shard} stands {Status} at {Position}: {Failure}; starting it again",
                agent.Name.Identity, agent.Status, agent.Position, agent.Failure);
            await daemon.StartAgentAsync(agent.Name.Identity, untilLost);
        }
        if (daemon.IsHighWaterStale)
            await daemon.RestartHighWaterAgentAsync(untilLost);
    }
}
