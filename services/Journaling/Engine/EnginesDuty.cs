namespace CarbonMarket.Journaling;

/// <summary>The leader runs every partition's engine. When one stops, all do: they are the service's one state.</summary>
internal sealed class EnginesDuty<TState, TCommand, TEvent>(string service, Engines<TState, TCommand, TEvent> engines) : IEnginesDuty
    where TCommand : notnull
    where TEvent : notnull
{
    public string Name => $"{service} engines";

    public bool IsReady => engines.All.All(engine => engine.IsReady);

    public async Task Run(CancellationToken untilLost)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(untilLost);
        var running = engines.All.Select(engine => engine.Run(stop.Token)).ToList();
        var first = await Task.WhenAny(running);
        await stop.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }
}
