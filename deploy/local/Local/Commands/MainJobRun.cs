using System.Diagnostics;
using System.Text.Json;
using CarbonMarket.Local.Infrastructure;
using CarbonMarket.Local.Supervision;

namespace CarbonMarket.Local.Commands;

/// <summary>The files and the seed one run of the main job depends on.</summary>
internal sealed record JobInput(FileInfo? Operators, FileInfo? Allocation, int Seed);

/// <summary>Plays the main job as any client would: it gets the gateway's address and an operator's credentials, no more.</summary>
internal static class MainJobRun
{
    private sealed record JobState(int Generation, bool Finished);

    public static bool IsFinished(Checkout checkout, SystemStatus status) =>
        File.Exists(checkout.JobResult) && Last(checkout) is { Finished: true } last && last.Generation == status.Generation;

    /// <summary>A market in which a job was begun and broken off has history that a second one would trip over.</summary>
    public static bool IsUntouched(Checkout checkout, SystemStatus status) => Last(checkout)?.Generation != status.Generation;

    /// <summary>Zero, or what is wrong with the files has been printed.</summary>
    public static Task<int> Check(Checkout checkout, JobInput input, CancellationToken ct) =>
        Run(new(DotNetHost.Path, [.. Arguments(checkout, input), "--check"]) { UseShellExecute = false }, ct);

    public static async Task<int> Play(Checkout checkout, SystemStatus status, JobInput input, CancellationToken ct)
    {
        await Remember(checkout, new(status.Generation, Finished: false), ct);
        File.Delete(checkout.JobResult);
        var exitCode = await Run(await Describe(checkout, status, input, ct), ct);
        if (exitCode == 0)
            await Remember(checkout, new(status.Generation, Finished: true), ct);
        return exitCode;
    }

    private static async Task<int> Run(ProcessStartInfo start, CancellationToken ct)
    {
        using var job = Process.Start(start)!;
        try
        {
            await job.WaitForExitAsync(ct);
            return job.ExitCode;
        }
        catch (OperationCanceledException)
        {
            Signals.Send(job.Id, UnixSignal.Terminate);
            throw;
        }
    }

    private static async Task<ProcessStartInfo> Describe(Checkout checkout, SystemStatus status, JobInput input, CancellationToken ct)
    {
        var secrets = await LocalSecrets.LoadOrCreate(checkout, [], ct);
        return new(DotNetHost.Path, Arguments(checkout, input))
        {
            UseShellExecute = false,
            Environment =
            {
                ["CARBONMARKET_GATEWAY"] = status.Gateway.ToString(),
                ["CARBONMARKET_CLIENT_ID"] = secrets.OperatorClientId,
                ["CARBONMARKET_CLIENT_SECRET"] = secrets.OperatorClientSecret,
            },
        };
    }

    private static string[] Arguments(Checkout checkout, JobInput input)
    {
        var data = Path.Combine(checkout.Root, "data", "uk-ets-registry");
        return
        [
            checkout.Assembly("MainJob"),
            "--operators", input.Operators?.FullName ?? Path.Combine(data, "operators_2021_2024.csv"),
            "--allocation", input.Allocation?.FullName ?? Path.Combine(data, "allocation_2021_2026.csv"),
            "--seed", input.Seed.ToString(),
            "--out", checkout.JobResult,
        ];
    }

    private static JobState? Last(Checkout checkout) => LocalJson.Read<JobState>(checkout.JobState);

    private static Task Remember(Checkout checkout, JobState state, CancellationToken ct) =>
        PrivateFile.Write(checkout.JobState, JsonSerializer.Serialize(state, LocalJson.Pretty), ct);
}
