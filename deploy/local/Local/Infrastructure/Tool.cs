using System.Diagnostics;

namespace CarbonMarket.Local.Infrastructure;

/// <summary>A program run to its end for its answer.</summary>
internal static class Tool
{
    public static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>Standard output; a failure carries all the program said.</summary>
    public static async Task<string> Run(string fileName, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var (exitCode, output, error) = await Try(fileName, arguments, ct);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException($"{fileName} failed with {exitCode}: {error.Trim()} {output.Trim()}");
    }

    public static async Task<(int ExitCode, string Output, string Error)> Try(
        string fileName, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var info = new ProcessStartInfo(fileName, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, await output, await error);
    }
}
