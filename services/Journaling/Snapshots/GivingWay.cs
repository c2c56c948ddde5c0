using System.Runtime.InteropServices;

namespace CarbonMarket.Journaling;

/// <summary>
/// Work that is in nobody's way: on a thread of its own, which the system lets run on what the others leave over. Writing a
/// large state takes a third of a second; at equal rights the writer and the database, who wait for each other ten times
/// in that time, would each time wait for it as well.
/// </summary>
internal static partial class GivingWay
{
    /// <summary>About a tenth of the share of a thread that does not give way; at 19 a busy machine would hardly come to it.</summary>
    internal const int Niceness = 10;

    private const int CallingThread = 0;

    public static Task<T> Run<T>(Func<T> work) => Task.Factory.StartNew(() =>
    {
        // .NET leaves a thread's priority alone on Linux, where niceness is each thread's own. Elsewhere it works at equal rights.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(CallingThread, CallingThread, Niceness);
        return work();
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int ofWhat, uint id, int niceness);
}
