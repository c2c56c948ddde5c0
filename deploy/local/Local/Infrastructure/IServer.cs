namespace CarbonMarket.Local.Infrastructure;

/// <summary>Something that runs as a process of ours, answers a probe, and can be started again after any death.</summary>
public interface IServer
{
    string Name { get; }

    /// <summary>Where it is reached, for people to read.</summary>
    string? Address { get; }

    /// <summary>The gentlest signal that ends it cleanly.</summary>
    UnixSignal StopSignal { get; }

    /// <summary>How long a clean end may take.</summary>
    TimeSpan StopPatience { get; }

    Task<ChildProcess> Launch(CancellationToken ct);

    /// <summary>True when it serves real requests; never throws for a server that merely does not.</summary>
    Task<bool> Answers(CancellationToken ct);
}

public static class ServerWaits
{
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until the server answers; a server that ends or stays silent is an error with its last words.</summary>
    public static async Task UntilAnswers(this IServer server, ChildProcess child, BoundedLog log, TimeSpan patience, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(patience);
        using var probes = new PeriodicTimer(BetweenProbes);
        try
        {
            while (!await server.Answers(deadline.Token))
            {
                if (!child.IsRunning)
                    throw new InvalidOperationException(Explain($"{server.Name} ended with {await child.Exited}", log));
                await probes.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException silence) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException(Explain($"{server.Name} did not answer within {patience.TotalSeconds:0} s", log), silence);
        }
    }

    private static string Explain(string what, BoundedLog log) =>
        $"{what}. The end of {log.Path}:\n  {string.Join("\n  ", BoundedLog.Tail(log.Path, 15))}";
}
