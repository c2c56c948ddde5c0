using CarbonMarket.Local.Infrastructure;

namespace CarbonMarket.Local.Supervision;

/// <summary>
/// Children die with their supervisor; should one have been missed, the next supervisor finds it in the last status,
/// where process id and start time together say that it is really ours. A copied folder brings the status of a system
/// that may well run: its servers are nobody's leftovers.
/// </summary>
internal static class Leftovers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task End(Checkout checkout, Action<string> say, CancellationToken ct)
    {
        if (LocalState.Of(checkout)?.IsOf(checkout) != true || LastStatus(checkout) is not { Supervisor.IsAlive: false } last)
            return;
        var alive = last.Servers.Where(server => server.Process is { IsAlive: true }).ToArray();
        foreach (var server in alive)
        {
            say($"{server.Name} (pid {server.Process!.Id}) was left over by an earlier run: ending it.");
            Signals.Send(server.Process.Id, UnixSignal.Terminate);
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (Array.Exists(alive, server => server.Process!.IsAlive))
                await ticks.WaitForNextTickAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            foreach (var server in alive.Where(server => server.Process!.IsAlive))
                Signals.SendToGroup(server.Process!.Id, UnixSignal.Kill);
        }
    }

    private static SystemStatus? LastStatus(Checkout checkout)
    {
        try
        {
            return LocalJson.Read<SystemStatus>(checkout.Status);
        }
        catch (System.Text.Json.JsonException)
        {
            // Written by another version; the kernel's death signal has done this work already.
            return null;
        }
    }
}
