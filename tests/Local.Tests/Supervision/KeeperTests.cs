using CarbonMarket.Local.Infrastructure;
using CarbonMarket.Local.Supervision;
using CarbonMarket.Testing;

namespace CarbonMarket.Local.Tests.Supervision;

public sealed class KeeperTests : IAsyncDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("carbonmarket-keeper-");
    private readonly CancellationTokenSource stop = new();
    private readonly List<string> said = [];
    private Task running = Task.CompletedTask;

    [Fact]
    public async Task A_killed_server_is_started_again()
    {
        var keeper = Keep("exec sleep 1000");
        await Until(keeper, ServerState.Ready);
        var first = keeper.Status.Process!;

        Signals.Send(first.Id, UnixSignal.Kill);

        await Eventually.Holds("another process serves", () => keeper.Status is { State: ServerState.Ready, Restarts: 1 });
        keeper.Status.Process.ShouldNotBe(first);
        first.IsAlive.ShouldBeFalse();
        said.ShouldContain(line => line.Contains("ended with 137", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_ends_at_once_is_tried_again_and_again()
    {
        var keeper = Keep("echo broken; exit 3");

        await Eventually.Holds("it was tried four times", () => keeper.Status.Restarts >= 4);

        keeper.Status.Trouble.ShouldNotBeNull().ShouldContain("ended with 3");
        BoundedLog.Tail(LogPath, 1).ShouldBe(["broken"]);
    }

    [Fact]
    public async Task Stopping_lets_a_server_end_in_its_own_way()
    {
        var keeper = Keep("trap 'echo goodbye; exit 0' TERM; echo hello; while :; do sleep 0.05; done");
        await Eventually.Holds("it runs", () => BoundedLog.Tail(LogPath, 1) is ["hello"]);

        await Stop();

        keeper.Status.State.ShouldBe(ServerState.Stopped);
        await Eventually.Holds("its last word is in the log", () => BoundedLog.Tail(LogPath, 1) is ["goodbye"]);
    }

    [Fact]
    public async Task A_server_deaf_to_the_request_is_killed_with_all_it_started()
    {
        var keeper = Keep("trap '' TERM; sleep 1000 & echo $!; wait; while :; do sleep 0.05; done", patience: TimeSpan.FromMilliseconds(200));
        await Eventually.Holds("it runs", () => BoundedLog.Tail(LogPath, 1).Count == 1);
        var grandchild = ProcessIdentity.Of(int.Parse(BoundedLog.Tail(LogPath, 1)[0])).ShouldNotBeNull();

        await Stop();

        keeper.Status.State.ShouldBe(ServerState.Stopped);
        await Eventually.Holds("its child is gone", () => !grandchild.IsAlive);
    }

    [Fact]
    public void A_crash_is_repaired_at_once_and_a_fault_that_stays_ever_more_rarely()
    {
        Keeper.WaitAfter(0).ShouldBe(TimeSpan.Zero);
        Keeper.WaitAfter(1).ShouldBe(TimeSpan.Zero);
        Keeper.WaitAfter(2).ShouldBe(TimeSpan.FromMilliseconds(250));
        Keeper.WaitAfter(4).ShouldBe(TimeSpan.FromSeconds(1));
        Keeper.WaitAfter(1000).ShouldBe(TimeSpan.FromSeconds(15));
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        stop.Dispose();
        directory.Delete(recursive: true);
    }

    private string LogPath => Path.Combine(directory.FullName, "log");

    private Keeper Keep(string script, TimeSpan? patience = null)
    {
        var server = new ShellServer(script, new(LogPath), patience ?? TimeSpan.FromSeconds(10));
        var keeper = new Keeper(server, TimeProvider.System, said.Add, () => { });
        running = keeper.Run(stop.Token);
        return keeper;
    }

    private async Task Stop()
    {
        await stop.CancelAsync();
        await running;
    }

    private static Task Until(Keeper keeper, ServerState state) =>
        Eventually.Holds($"it is {state}", () => keeper.Status.State == state);

    /// <summary>As much of a server as the keeper cares about; serves as soon as it runs.</summary>
    private sealed class ShellServer(string script, BoundedLog log, TimeSpan patience) : IServer
    {
        public string Name => "shell";

        public string? Address => null;

        public UnixSignal StopSignal => UnixSignal.Terminate;

        public TimeSpan StopPatience => patience;

        public Task<ChildProcess> Launch(CancellationToken ct) => ChildProcess.Start(new("sh", ["-c", script], "/", log));

        public Task<bool> Answers(CancellationToken ct) => Task.FromResult(true);
    }
}
