using System.Diagnostics;
using System.Text.Json;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.MainJob.Play;
using CarbonMarket.Testing.Servers;

[assembly: AssemblyFixture(typeof(CarbonMarket.EndToEnd.LocalSystem))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace CarbonMarket.EndToEnd;

/// <summary>
/// The whole system as ./run starts it, in a folder of its own: PostgreSQL, RabbitMQ, all services, the gateway, and the
/// supervisor that keeps them alive. Started once; each job plays in a fresh market of it.
/// </summary>
public sealed class LocalSystem : IAsyncLifetime
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("carbonmarket-");
    private readonly SmallRegistry _registry;
    private readonly ChargedPacks _packs;
    private readonly LastWill _lastWill;

    public LocalSystem()
    {
        // As root, PostgreSQL runs under its own account, which must be able to enter.
        File.SetUnixFileMode(_home.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        _registry = new SmallRegistry(_home);
        _packs = new ChargedPacks(_home);
        _lastWill = new("sh", "-c", """CARBONMARKET_LOCAL_DIR="$1" dotnet "$2" clean; rm -rf "$3" """, "sh", Local, Program, _home.FullName);
    }

    public Uri Gateway => new(Status().GetProperty("gateway").GetString()!);

    /// <summary>The settlement bank's simulator, and what it asks for.</summary>
    public (Uri Address, string Key) Bank => (new Uri(Server("settlement-bank").GetProperty("address").GetString()!), Secret("bank"));

    /// <summary>The first operator, who registers everybody else.</summary>
    public ApiClient Operator => new(Secret("operatorClientId"), Secret("operatorClientSecret"));

    /// <summary>The job's first official, who confirms whom the operator registers.</summary>
    public ApiClient Official => ApiClient.DerivedFrom(Operator, Cast.FirstOfficial);

    /// <summary>What an undisturbed job gave; every disturbed one must give the same.</summary>
    public JobRun Undisturbed { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        try
        {
            Undisturbed = await Play(_ => { });
        }
        catch (Exception exception)
        {
            await DisposeAsync();
            throw new InvalidOperationException($"The system could not be brought up. {Logs()}", exception);
        }
    }

    /// <summary>Plays the job in a fresh market; each line it writes is shown to <paramref name="hear"/> as it comes.</summary>
    public async Task<JobRun> Play(Action<string> hear)
    {
        var lines = new List<string>();
        using var job = Start("job", "--operators", _registry.OperatorsFile, "--allocation", _registry.AllocationFile);
        var errors = job.StandardError.ReadToEndAsync();
        while (await job.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            hear(line);
        }
        await job.WaitForExitAsync();
        return new JobRun(job.ExitCode, string.Join('\n', [.. lines, await errors]),
            File.Exists(ResultFile) ? JsonDocument.Parse(await File.ReadAllTextAsync(ResultFile)).RootElement : default);
    }

    /// <summary>SIGKILL, which nobody can catch. The supervisor sees the death and starts the server again.</summary>
    public void Kill(string server)
    {
        using var process = Process.GetProcessById(Server(server).GetProperty("process").GetProperty("id").GetInt32());
        process.Kill();
    }

    public int RestartsOf(string server) => Server(server).GetProperty("restarts").GetInt32();

    public async ValueTask DisposeAsync()
    {
        using var clean = Start("clean");
        await Task.WhenAll(clean.StandardOutput.ReadToEndAsync(), clean.StandardError.ReadToEndAsync());
        await clean.WaitForExitAsync();
        if (_home.Exists)
            _home.Delete(recursive: true);
        _lastWill.Dispose();
    }

    private string Secret(string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Local, "secrets.json"))).RootElement.GetProperty(name).GetString()!;

    private string ResultFile => Path.Combine(Local, "main-job.json");

    private string Local => Path.Combine(_home.FullName, "local");

    private JsonElement Status() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Local, "status.json"))).RootElement;

    private JsonElement Server(string name) => Status().GetProperty("servers").EnumerateArray()
        .Single(server => server.GetProperty("name").GetString() == name);

    /// <summary>The programs lie beside this one in the build's output: bin/PROJECT/CONFIGURATION/.</summary>
    private static string Program { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Local", new DirectoryInfo(AppContext.BaseDirectory).Name, "CarbonMarket.Local.dll"));

    private Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["CARBONMARKET_LOCAL_DIR"] = Local,
                ["CARBONMARKET_ROOT"] = _home.FullName,
                ["Policy__Directory"] = _packs.Folder,
                // Killed processes would leave their diagnostic sockets in /tmp.
                ["DOTNET_EnableDiagnostics"] = "0",
                // None of the processes lives long enough to earn back what it takes to profile it.
                ["DOTNET_TieredPGO"] = "0",
            },
        })!;

    private string Logs() => Directory.Exists(Path.Combine(Local, "logs"))
        ? string.Join('\n', Directory.EnumerateFiles(Path.Combine(Local, "logs"), "*.log")
            .SelectMany(file => File.ReadLines(file).TakeLast(20).Prepend($"--- {Path.GetFileName(file)}")))
        : "";
}

/// <summary>How a job ended: its exit code, what it said, and the result it wrote.</summary>
public sealed record JobRun(int ExitCode, string Output, JsonElement Result)
{
    public long Number(string name) => Result.GetProperty(name).GetInt64();

    public bool Holds(string name) => Result.GetProperty(name).GetBoolean();

    /// <summary>Everything but how long it took.</summary>
    public IReadOnlyDictionary<string, string> Figures() => Result.EnumerateObject()
        .Where(property => property.Name != "seconds")
        .ToDictionary(property => property.Name, property => property.Value.GetRawText());
}
