using System.Collections.Concurrent;
using System.Diagnostics;

namespace CarbonMarket.Local.Infrastructure;

/// <summary>What to start, as whom, and what becomes of it when its parent dies.</summary>
public sealed record ChildStart(string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory, BoundedLog Log)
{
    /// <summary>Added to the environment this process has itself; null takes a variable away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>The account to run as; only root can give one.</summary>
    public string? RunAs { get; init; }

    /// <summary>Sent by the kernel when the process that started this one dies, however it dies.</summary>
    public UnixSignal DeathSignal { get; init; } = UnixSignal.Kill;
}

/// <summary>
/// A child in its own session that cannot outlive its parent. <c>setpriv</c> asks the kernel for the death signal and
/// becomes the program itself, so the process id is the program's own.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process process;

    private ChildProcess(Process process)
    {
        this.process = process;
        Identity = ProcessIdentity.Of(process.Id) ?? new(process.Id, 0);
        Exited = WaitForExit();
    }

    public ProcessIdentity Identity { get; }

    public int Id => Identity.Id;

    public bool IsRunning => !Exited.IsCompleted;

    /// <summary>The exit code, once there is one.</summary>
    public Task<int> Exited { get; }

    public static async Task<ChildProcess> Start(ChildStart start)
    {
        var started = await ParentThread.Run(() => Process.Start(Describe(start))!);
        started.StandardInput.Close();
        _ = Copy(started.StandardOutput.BaseStream, start.Log);
        _ = Copy(started.StandardError.BaseStream, start.Log);
        return new(started);
    }

    public void Signal(UnixSignal signal)
    {
        if (IsRunning)
            Signals.Send(Id, signal);
    }

    /// <summary>Asks first, and after <paramref name="patience"/> kills the process with all it started.</summary>
    public async Task<int> Stop(UnixSignal request, TimeSpan patience)
    {
        Signal(request);
        try
        {
            return await Exited.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            return await Kill();
        }
    }

    public async Task<int> Kill()
    {
        // A child that has only just been made has no session of its own yet, and nothing else in it.
        if (IsRunning && !Signals.SendToGroup(Id, UnixSignal.Kill))
            Signals.Send(Id, UnixSignal.Kill);
        return await Exited;
    }

    public void Dispose() => process.Dispose();

    private static ProcessStartInfo Describe(ChildStart start)
    {
        var info = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = start.WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Wrap(start))
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in start.Environment)
            info.Environment[name] = value;
        return info;
    }

    private static IEnumerable<string> Wrap(ChildStart start)
    {
        var account = start.RunAs is { } user ? new[] { "--reuid", user, "--regid", user, "--init-groups" } : [];
        return ["setpriv", "--pdeathsig", Name(start.DeathSignal), .. account, "--", start.FileName, .. start.Arguments];
    }

    private static string Name(UnixSignal signal) => signal switch
    {
        UnixSignal.Interrupt => "INT",
        UnixSignal.Quit => "QUIT",
        UnixSignal.Terminate => "TERM",
        _ => "KILL",
    };

    private async Task<int> WaitForExit()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static async Task Copy(Stream from, BoundedLog to)
    {
        var buffer = new byte[8192];
        try
        {
            for (int read; (read = await from.ReadAsync(buffer)) > 0;)
                to.Write(buffer.AsSpan(0, read));
        }
        catch (IOException)
        {
            // The pipe breaks when the child is killed; its exit is reported by Exited.
        }
        catch (ObjectDisposedException)
        {
            // The child was disposed of while its orphans still held the pipe.
        }
    }

    /// <summary>
    /// The kernel ties the death signal to the thread that forked, and a pool thread may end at any time: all children
    /// are therefore started by this one thread, which lives as long as the process.
    /// </summary>
    private static class ParentThread
    {
        private static readonly BlockingCollection<Action> Work = Begin();

        public static Task<T> Run<T>(Func<T> start)
        {
            var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            Work.Add(() =>
            {
                try
                {
                    completion.SetResult(start());
                }
                catch (Exception exception)
                {
                    completion.SetException(exception);
                }
            });
            return completion.Task;
        }

        private static BlockingCollection<Action> Begin()
        {
            var work = new BlockingCollection<Action>();
            new Thread(() =>
            {
                foreach (var action in work.GetConsumingEnumerable())
                    action();
            }) { IsBackground = true, Name = "parent of all children" }.Start();
            return work;
        }
    }
}
