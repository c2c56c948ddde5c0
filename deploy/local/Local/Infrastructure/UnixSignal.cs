using System.Runtime.InteropServices;

namespace CarbonMarket.Local.Infrastructure;

/// <summary>What a process may be sent, by Linux's numbers: ways to stop, and to have it stand still for a while.</summary>
public enum UnixSignal
{
    /// <summary>PostgreSQL: fast shutdown.</summary>
    Interrupt = 2,

    /// <summary>PostgreSQL: immediate shutdown, recovery at the next start.</summary>
    Quit = 3,

    Kill = 9,

    Terminate = 15,

    Continue = 18,

    /// <summary>Stands still until it is told to continue; nothing else but a kill reaches it meanwhile.</summary>
    Pause = 19,
}

internal static partial class Signals
{
    /// <summary>False when nobody is there any more to receive it.</summary>
    public static bool Send(int processId, UnixSignal signal) => Kill(processId, (int)signal) == 0;

    /// <summary>Reaches the process and everything it started in its own session.</summary>
    public static bool SendToGroup(int leaderId, UnixSignal signal) => Kill(-leaderId, (int)signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);
}
