using CarbonMarket.Local.Infrastructure;

namespace CarbonMarket.Bench.Edges;

/// <summary>Programs of this build as processes that end with us, with one log between them.</summary>
internal sealed class Programs : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("carbonmarket-bench-");
    private readonly List<ChildProcess> running = [];
    private readonly BoundedLog log;

    public Programs() => log = new BoundedLog(Path.Combine(home.FullName, "programs.log"));

    public string Home => home.FullName;

    /// <param name="project">Lies beside us in the build's output: bin/PROJECT/CONFIGURATION/.</param>
    public async Task Start(string project, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, new DirectoryInfo(AppContext.BaseDirectory).Name));
        running.Add(await ChildProcess.Start(
            new(DotNetHost.Path, [Path.Combine(folder, $"CarbonMarket.{project}.dll"), .. arguments], folder, log) { Environment = Runtime(environment) }));
    }

    public string EndOfLog() => string.Join('\n', BoundedLog.Tail(log.Path, 30));

    /// <summary>Nothing runs until <see cref="Resume"/>: what is idle still wakes many times a second.</summary>
    public void Pause() => running.ForEach(program => program.Signal(UnixSignal.Pause));

    public void Resume() => running.ForEach(program => program.Signal(UnixSignal.Continue));

    public async ValueTask DisposeAsync()
    {
        Resume();
        await Task.WhenAll(running.Select(program => program.Stop(UnixSignal.Terminate, Patience)));
        running.ForEach(program => program.Dispose());
        log.Dispose();
        home.Delete(recursive: true);
    }

    /// <summary>All as ./run starts the services: no spinning.</summary>
    private static Dictionary<string, string?> Runtime(IReadOnlyDictionary<string, string?> own) => new(own, StringComparer.Ordinal)
    {
        ["DOTNET_ENVIRONMENT"] = null,
        ["ASPNETCORE_URLS"] = null,
        ["ASPNETCORE_HTTP_PORTS"] = null,
        ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
    };
}
