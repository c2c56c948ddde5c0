using System.Diagnostics;
using CarbonMarket.Local.Infrastructure;
using CarbonMarket.Local.Supervision;

namespace CarbonMarket.Local.Commands;

/// <summary>What each word after <c>./run</c> does. All return an exit code.</summary>
internal sealed class Actions(Checkout checkout)
{
    public const int Failed = 1;
    public const int NotRunning = 3;
    public const int Interrupted = 130;

    private static readonly JobInput UsualJob = new(null, null, 1);

    /// <summary>Start, play the job once in this market, stay until Ctrl-C.</summary>
    public async Task<int> Run(bool detach, CancellationToken ct)
    {
        if (await AlreadyRunning(ct))
            return 0;
        try
        {
            var launch = await Launching.Start(checkout, ct);
            if (launch is not Launch.Ready)
                return launch is Launch.ByAnother && await AlreadyRunning(ct) ? 0 : await GiveUp(detach);
            var exitCode = await PlayOnce(ct);
            var status = (await ControlClient.Status(checkout, ct))!;
            StatusDisplay.Addresses(status, checkout);
            return detach ? exitCode : await Stay(ct);
        }
        catch (OperationCanceledException)
        {
            return await Interrupt();
        }
    }

    public async Task<int> Up(bool detach, bool serversOnly, CancellationToken ct)
    {
        if (await AlreadyRunning(ct))
            return 0;
        try
        {
            var launch = await Launching.Start(checkout, ct, serversOnly);
            if (launch is not Launch.Ready)
                return launch is Launch.ByAnother && await AlreadyRunning(ct) ? 0 : await GiveUp(detach);
            StatusDisplay.Addresses((await ControlClient.Status(checkout, ct))!, checkout);
            return detach ? 0 : await Stay(ct);
        }
        catch (OperationCanceledException)
        {
            return await Interrupt();
        }
    }

    /// <summary>The job in a fresh market. Afterwards a system that was running still runs, and one that was not stays up too.</summary>
    public async Task<int> Job(JobInput input, CancellationToken ct)
    {
        if (MissingFile(input) is { } missing)
        {
            Console.Error.WriteLine($"There is no file {missing}.");
            return Failed;
        }
        try
        {
            // Before a fresh market closes the running one.
            var faults = await MainJobRun.Check(checkout, input, ct);
            if (faults != 0)
                return faults;
            // The first market of a new .local has never been seen by anybody: no fresher one is needed.
            var isNew = !File.Exists(checkout.State);
            if (await ControlClient.Status(checkout, ct) is null)
            {
                var launch = await Launching.Start(checkout, ct);
                if (launch is Launch.NotReady)
                    return Failed;
                isNew &= launch is Launch.Ready;
            }
            var market = isNew ? await ControlClient.Status(checkout, ct) : await FreshMarket(ct);
            return market is { } status ? await MainJobRun.Play(checkout, status, input, ct) : Failed;
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }

    public async Task<int> Stop(CancellationToken ct)
    {
        if (await ControlClient.Status(checkout, ct) is not { } status)
        {
            Console.WriteLine("Nothing runs in this checkout.");
            return 0;
        }
        Console.WriteLine("Stopping ...");
        await foreach (var _ in ControlClient.Ask(checkout, ControlRequest.Stop, ct))
        {
            // Each line is a server that has ended; the supervisor hangs up when all have.
        }
        await Ended(status.Supervisor, ct);
        Console.WriteLine("Stopped.");
        return 0;
    }

    public async Task<int> Status(CancellationToken ct)
    {
        if (await ControlClient.Status(checkout, ct) is not { } status)
        {
            Console.WriteLine("Not running. Start with ./run or ./run up.");
            return NotRunning;
        }
        StatusDisplay.Servers(status);
        StatusDisplay.Addresses(status, checkout);
        return status.IsReady ? 0 : Failed;
    }

    public async Task<int> Logs(string server, bool follow, int lines, CancellationToken ct)
    {
        var logs = Directory.Exists(checkout.In("logs")) ? Directory.GetFiles(checkout.In("logs"), "*.log") : [];
        if (Array.Find(logs, log => string.Equals(Path.GetFileNameWithoutExtension(log), server, StringComparison.OrdinalIgnoreCase)) is not { } path)
        {
            var known = string.Join(", ", logs.Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
            Console.Error.WriteLine($"There is no log of '{server}'. Logs: {(logs.Length > 0 ? known : "none yet")}.");
            return Failed;
        }
        string[] arguments = follow ? ["-n", $"{lines}", "-F", path] : ["-n", $"{lines}", path];
        using var tail = Process.Start(new ProcessStartInfo("tail", arguments) { UseShellExecute = false })!;
        await tail.WaitForExitAsync(CancellationToken.None);
        return ct.IsCancellationRequested ? 0 : tail.ExitCode;
    }

    public async Task<int> Clean(CancellationToken ct)
    {
        await Stop(ct);
        if (!Directory.Exists(checkout.Home))
            return 0;
        if (LocalState.Of(checkout) is not { } state)
        {
            Console.Error.WriteLine($"{checkout.Home} holds no state.json of this program; nothing was removed.");
            return Failed;
        }
        using (var held = Supervise.TryLock(checkout))
        {
            if (held is null)
            {
                Console.Error.WriteLine("A supervisor of this checkout is still there; nothing was removed.");
                return Failed;
            }
            await Leftovers.End(checkout, Console.WriteLine, ct);
            if (state.KeepsPostgresOutside && state.IsOf(checkout) && Directory.Exists(state.PostgresDirectory))
                Directory.Delete(state.PostgresDirectory, recursive: true);
            Directory.Delete(checkout.Home, recursive: true);
        }
        Console.WriteLine($"Removed {checkout.Home}.");
        return 0;
    }

    public static async Task<int> Packages(CancellationToken ct) =>
        await DebianPackages.InstallMissing(Console.WriteLine, ct) ? 0 : Failed;

    private async Task<bool> AlreadyRunning(CancellationToken ct)
    {
        if (await ControlClient.Status(checkout, ct) is not { } status)
            return false;
        Console.WriteLine("CarbonMarket already runs in this checkout; it was not touched.");
        StatusDisplay.Servers(status);
        StatusDisplay.Addresses(status, checkout);
        Console.WriteLine("  ./run job plays the main job in a fresh market, ./run stop ends the system.");
        return true;
    }

    private async Task<int> PlayOnce(CancellationToken ct)
    {
        var status = (await ControlClient.Status(checkout, ct))!;
        if (MainJobRun.IsFinished(checkout, status))
        {
            Console.WriteLine($"The main job has been played in this market: {checkout.JobResult}. ./run job plays it again in a fresh one.");
            return 0;
        }
        var market = MainJobRun.IsUntouched(checkout, status) ? status : await FreshMarket(ct);
        return market is null ? Failed : await MainJobRun.Play(checkout, market, UsualJob, ct);
    }

    private async Task<SystemStatus?> FreshMarket(CancellationToken ct)
    {
        await foreach (var reply in ControlClient.Ask(checkout, ControlRequest.FreshMarket, ct))
        {
            if (reply.Kind is ControlReply.Done)
                return reply.Status;
            if (reply.Text is { } text)
                Console.WriteLine(text);
        }
        Console.Error.WriteLine($"No fresh market could be opened. See {checkout.Log("supervisor")}");
        return null;
    }

    /// <summary>Until Ctrl-C, or until somebody else stops the system.</summary>
    private async Task<int> Stay(CancellationToken ct)
    {
        Console.WriteLine("Everything runs. Ctrl-C stops it all.");
        await foreach (var reply in ControlClient.Ask(checkout, ControlRequest.Follow, ct))
        {
            if (reply.Status is { State: SystemState.Stopping })
                break;
        }
        Console.WriteLine("The system has been stopped.");
        return 0;
    }

    private async Task<int> Interrupt()
    {
        Console.WriteLine();
        await Stop(CancellationToken.None);
        return Interrupted;
    }

    private async Task<int> GiveUp(bool detach)
    {
        if (!detach)
            await Stop(CancellationToken.None);
        return Failed;
    }

    private static string? MissingFile(JobInput input) => new[] { input.Operators, input.Allocation }
        .FirstOrDefault(file => file is { Exists: false })?.FullName;

    private static async Task Ended(ProcessIdentity process, CancellationToken ct)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (process.IsAlive)
            await ticks.WaitForNextTickAsync(ct);
    }
}
