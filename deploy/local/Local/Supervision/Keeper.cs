using CarbonMarket.Local.Infrastructure;

namespace CarbonMarket.Local.Supervision;

/// <summary>Keeps one server alive: whatever it dies of, it is started again, at once or, if it keeps dying, after a while.</summary>
public sealed class Keeper
{
    private static readonly TimeSpan LongLife = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongService = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ProbeUntilReady = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ProbeWhenReady = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(5);

    private readonly IServer server;
    private readonly TimeProvider time;
    private readonly Action<string> say;
    private readonly Action changed;
    private readonly TaskCompletionSource firstReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ServerStatus status;

    /// <param name="server">What to keep alive.</param>
    /// <param name="time">The system's time, never the market's.</param>
    /// <param name="say">Hears of deaths and restarts.</param>
    /// <param name="changed">Called after every change of <see cref="Status"/>.</param>
    public Keeper(IServer server, TimeProvider time, Action<string> say, Action changed)
    {
        (this.server, this.time, this.say, this.changed) = (server, time, say, changed);
        status = new(server.Name, ServerState.Stopped, null, server.Address, 0, null, null);
    }

    public ServerStatus Status => status;

    /// <summary>Done when the server has answered for the first time.</summary>
    public Task Ready => firstReady.Task;

    /// <summary>Ends, with the server, when asked to stop.</summary>
    public async Task Run(CancellationToken stop)
    {
        var quickDeaths = 0;
        while (!stop.IsCancellationRequested)
        {
            var born = time.GetTimestamp();
            await LiveOnce(stop);
            if (stop.IsCancellationRequested)
                break;
            // One that has served was able to: what ended it came from without.
            var longEnough = status.State is ServerState.Ready or ServerState.Unready ? LongService : LongLife;
            quickDeaths = time.GetElapsedTime(born) < longEnough ? quickDeaths + 1 : 0;
            Change(status with { State = ServerState.Waiting, Process = null, Restarts = status.Restarts + 1 });
            await Wait(WaitAfter(quickDeaths), stop);
        }
        Change(status with { State = ServerState.Stopped, Process = null });
    }

    /// <summary>Nothing after a long life, then doubling: a crash is repaired at once, a fault that stays does not burn the processor.</summary>
    public static TimeSpan WaitAfter(int quickDeaths) => quickDeaths <= 1
        ? TimeSpan.Zero
        : TimeSpan.FromMilliseconds(Math.Min(250 * Math.Pow(2, quickDeaths - 2), LongestWait.TotalMilliseconds));

    private async Task LiveOnce(CancellationToken stop)
    {
        ChildProcess child;
        try
        {
            child = await server.Launch(stop);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Trouble($"{server.Name} could not be started: {exception.Message}");
            return;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        using (child)
        {
            Change(status with { State = ServerState.Starting, Process = child.Identity, Seconds = null });
            await WhileItLives(child, stop);
        }
    }

    private async Task WhileItLives(ChildProcess child, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var probing = Probe(over.Token);
        try
        {
            var exitCode = await child.Exited.WaitAsync(stop);
            Trouble($"{server.Name} (pid {child.Id}) ended with {exitCode}; starting it again.");
        }
        catch (OperationCanceledException)
        {
            Change(status with { State = ServerState.Stopping });
            await child.Stop(server.StopSignal, server.StopPatience);
        }
        await over.CancelAsync();
        await probing;
    }

    private async Task Probe(CancellationToken over)
    {
        var born = time.GetTimestamp();
        while (!over.IsCancellationRequested)
        {
            var answers = await AnswersInTime(over);
            if (over.IsCancellationRequested)
                return;
            if (answers && status.State != ServerState.Ready)
                Change(status with { State = ServerState.Ready, Trouble = null, Seconds = status.Seconds ?? time.GetElapsedTime(born).TotalSeconds });
            else if (!answers && status.State == ServerState.Ready)
                Change(status with { State = ServerState.Unready });
            if (answers)
                firstReady.TrySetResult();
            await Wait(answers ? ProbeWhenReady : ProbeUntilReady, over);
        }
    }

    private async Task<bool> AnswersInTime(CancellationToken over)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(over);
        patience.CancelAfter(ProbePatience);
        try
        {
            return await server.Answers(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task Wait(TimeSpan duration, CancellationToken stop)
    {
        try
        {
            await Task.Delay(duration, time, stop);
        }
        catch (OperationCanceledException)
        {
            // Asked to stop: the caller looks.
        }
    }

    private void Trouble(string what)
    {
        say(what);
        Change(status with { Trouble = what });
    }

    private void Change(ServerStatus next)
    {
        status = next;
        changed();
    }
}
