using System.Diagnostics;
using System.Globalization;
using CarbonMarket.Local.Infrastructure;
using CarbonMarket.Local.Supervision;

namespace CarbonMarket.Local.Commands;

internal enum Launch
{
    Ready,

    /// <summary>The reason has been printed.</summary>
    NotReady,

    /// <summary>Somebody else was faster; the system is theirs.</summary>
    ByAnother,
}

/// <summary>Starts a supervisor that outlives the terminal, and waits for what it brings up.</summary>
internal static class Launching
{
    public const string ServersOnly = "--servers-only";

    private static readonly TimeSpan SupervisorPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SystemPatience = TimeSpan.FromSeconds(180);

    public static async Task<Launch> Start(Checkout checkout, CancellationToken ct, bool serversOnly = false)
    {
        if (!await DebianPackages.InstallMissing(Console.WriteLine, ct))
            return Launch.NotReady;
        checkout.CreateHome();
        Console.WriteLine($"Starting CarbonMarket in {checkout.Home} ...");
        var ours = await Detach(checkout, serversOnly, ct);
        if (await Supervisor(checkout, ct) is not { } supervisor)
            return Launch.NotReady;
        if (supervisor.Id != ours)
            return Launch.ByAnother;
        return await UntilReady(checkout, ct) ? Launch.Ready : Launch.NotReady;
    }

    /// <summary>Prints each server as it becomes ready.</summary>
    public static async Task<bool> UntilReady(Checkout checkout, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(SystemPatience);
        var shown = new HashSet<string>(StringComparer.Ordinal);
        SystemStatus? last = null;
        try
        {
            await foreach (var reply in ControlClient.Ask(checkout, ControlRequest.Follow, patience.Token))
            {
                last = reply.Status!;
                Show(last, shown);
                if (last.IsReady)
                    return true;
            }
            Console.Error.WriteLine($"The supervisor ended. See {checkout.Log("supervisor")}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            Explain(checkout, last);
        }
        return false;
    }

    /// <returns>The process id of a supervisor that ends at once when there is one already.</returns>
    private static async Task<int> Detach(Checkout checkout, bool serversOnly, CancellationToken ct)
    {
        // The shell ends at once, so the supervisor belongs to nobody's session and nobody's terminal.
        const string script = """setsid "$@" </dev/null >>"$0" 2>&1 & echo $!""";
        var info = new ProcessStartInfo("sh",
            ["-c", script, checkout.Log("supervisor"), DotNetHost.Path, checkout.Assembly("Local"), "supervise", .. serversOnly ? new[] { ServersOnly } : []])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = checkout.Home,
        };
        info.Environment[Checkout.HomeVariable] = checkout.Home;
        info.Environment["CARBONMARKET_ROOT"] = checkout.Root;
        using var shell = Process.Start(info)!;
        return int.Parse(await shell.StandardOutput.ReadToEndAsync(ct), CultureInfo.InvariantCulture);
    }

    private static async Task<ProcessIdentity?> Supervisor(Checkout checkout, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(SupervisorPatience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (true)
            {
                if (await ControlClient.Status(checkout, patience.Token) is { } status)
                    return status.Supervisor;
                await ticks.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            Console.Error.WriteLine("The supervisor did not start:");
            foreach (var line in BoundedLog.Tail(checkout.Log("supervisor"), 20))
                Console.Error.WriteLine("  " + line);
            return null;
        }
    }

    private static void Show(SystemStatus status, HashSet<string> shown)
    {
        foreach (var notice in status.Notices.Where(shown.Add))
            Console.WriteLine("  " + notice);
        foreach (var server in status.Servers)
        {
            if (server.State == ServerState.Ready && shown.Add(server.Name))
                Console.WriteLine($"  {server.Name,-13} ready after {server.Seconds:0.0} s at {server.Address}");
            else if (server.Trouble is { } trouble && shown.Add(trouble))
                Console.WriteLine($"  {server.Name,-13} {trouble}");
        }
    }

    private static void Explain(Checkout checkout, SystemStatus? last)
    {
        Console.Error.WriteLine($"Not everything is ready after {SystemPatience.TotalSeconds:0} s; the supervisor keeps trying (./run status, ./run stop).");
        foreach (var server in last?.Servers.Where(server => server.State != ServerState.Ready) ?? [])
        {
            Console.Error.WriteLine($"{server.Name} is {server.State}. {server.Trouble} The end of {checkout.Log(server.Name)}:");
            foreach (var line in BoundedLog.Tail(checkout.Log(server.Name), 10))
                Console.Error.WriteLine("  " + line);
        }
    }
}
