using System.Collections.Immutable;
using CarbonMarket.Local.Infrastructure;

namespace CarbonMarket.Local.Supervision;

/// <summary>Servers that start and stop together, each with its keeper.</summary>
internal sealed class KeptServers(IEnumerable<IServer> servers, Action<string> say, Action changed) : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly ImmutableArray<Keeper> keepers = [.. servers.Select(server => new Keeper(server, TimeProvider.System, say, changed))];
    private Task running = Task.CompletedTask;

    public IEnumerable<ServerStatus> Statuses => keepers.Select(keeper => keeper.Status);

    public void Start() => running = Task.WhenAll(keepers.Select(keeper => keeper.Run(stop.Token)));

    public Task AllReady(CancellationToken ct) => Task.WhenAll(keepers.Select(keeper => keeper.Ready)).WaitAsync(ct);

    public async Task Stop()
    {
        await stop.CancelAsync();
        await running;
    }

    public void Dispose() => stop.Dispose();
}
