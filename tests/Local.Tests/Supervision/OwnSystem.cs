using System.Diagnostics;
using CarbonMarket.Local.Supervision;
using CarbonMarket.Testing.Servers;

namespace CarbonMarket.Local.Tests.Supervision;

/// <summary>The command line as people use it, on a <c>.local</c> of its own, without the services.</summary>
public sealed class OwnSystem : IAsyncLifetime
{
    // Spaces, because a stranger's path may have them.
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("carbonmarket local tests ");
    private readonly LastWill lastWill;

    public OwnSystem()
        : this("")
    {
    }

    internal OwnSystem(string folder)
    {
        if (Environment.IsPrivilegedProcess)
            directory.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        Checkout = Checkout.Here() with { Home = Path.Combine(directory.FullName, folder, ".local") };
        Directory.CreateDirectory(Path.GetDirectoryName(Checkout.Home)!);
        lastWill = new("sh", "-c", """CARBONMARKET_LOCAL_DIR="$1" dotnet "$2" clean; rm -rf "$3" """, "sh",
            Checkout.Home, Checkout.Assembly("Local"), directory.FullName);
    }

    public Checkout Checkout { get; }

    internal SystemStatus LastStatus => LocalJson.Read<SystemStatus>(Checkout.Status)!;

    internal LocalState State => LocalJson.Read<LocalState>(Checkout.State)!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task<string> Up()
    {
        var (exitCode, output) = await Type("up", "--detach", "--servers-only");
        exitCode.ShouldBe(0, output);
        return output;
    }

    public async Task<(int ExitCode, string Output)> Type(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Checkout.Assembly("Local"), .. words])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                [Checkout.HomeVariable] = Checkout.Home,
                // A proxy knows nothing of this machine's ports.
                ["http_proxy"] = "http://127.0.0.1:1",
                // The runtime's own files in /tmp would outlive the supervisors that are killed here.
                ["DOTNET_EnableDiagnostics"] = "0",
            },
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }

    public async ValueTask DisposeAsync()
    {
        await Type("clean");
        directory.Delete(recursive: true);
        lastWill.Dispose();
    }
}
