using System.Runtime.InteropServices;
using CarbonMarket.Local.Infrastructure;
using CarbonMarket.Local.Supervision;

namespace CarbonMarket.Local.Commands;

/// <summary>What runs detached: the supervisor itself. Never typed by people.</summary>
internal static class Supervise
{
    public static async Task<int> Run(Checkout checkout, bool serversOnly, CancellationToken ct)
    {
        checkout.CreateHome();
        using var held = TryLock(checkout);
        if (held is null)
            return 0;
        using var log = new BoundedLog(checkout.Log("supervisor"));
        try
        {
            await RunLocked(checkout, serversOnly, log, ct);
            return 0;
        }
        catch (Exception exception)
        {
            log.WriteLine(exception.ToString());
            throw;
        }
    }

    /// <summary>Null when another supervisor of this checkout lives: the kernel drops the lock with its holder.</summary>
    public static FileStream? TryLock(Checkout checkout)
    {
        try
        {
            return new(checkout.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task RunLocked(Checkout checkout, bool serversOnly, BoundedLog log, CancellationToken ct)
    {
        await using var supervisor = await Supervisor.Create(checkout, serversOnly ? [] : Services.All, log, ct);
        using var control = new ControlServer(checkout, supervisor);
        control.Open();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, StopGently);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, StopGently);
        await supervisor.Run();

        void StopGently(PosixSignalContext signal)
        {
            signal.Cancel = true;
            supervisor.Stop();
        }
    }
}
