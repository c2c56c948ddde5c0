using System.Diagnostics;

namespace CarbonMarket.Testing.Servers;

/// <summary>
/// For what outlives this test program by design, such as a supervisor: a command that is run should the program die
/// before it could clean up itself. Dispose of it once that is done.
/// </summary>
public sealed class LastWill : IDisposable
{
    // setsid: whatever ends this program, a terminal or a timeout included, must not end the executor too.
    private const string Executor = """exec </dev/null >/dev/null 2>&1; tail --pid="$0" -f /dev/null; exec "$@" """;

    private readonly Process executor;

    public LastWill(params string[] command)
    {
        executor = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Executor, $"{Environment.ProcessId}", .. command])
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
        })!;
    }

    public void Dispose()
    {
        executor.Kill(entireProcessTree: true);
        executor.Dispose();
    }
}
