using System.Diagnostics;
using CarbonMarket.MainJob.Display;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.MainJob.Plan;
using CarbonMarket.MainJob.Play;
using CarbonMarket.MainJob.Registry;
using CarbonMarket.MainJob.Results;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace CarbonMarket.MainJob;

/// <summary>From the files to the result, with an exit code a script can use.</summary>
public static class Job
{
    public const int Shown = 0;
    public const int NotShown = 1;
    public const int BadInput = 2;

    /// <summary>How long an effect may take to arrive, a killed and restarted server included.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<int> Run(JobArguments arguments, CancellationToken stopping)
    {
        var reading = RegistryFiles.Read(arguments.OperatorsFile, arguments.AllocationFile);
        if (reading.Extract is not { } extract)
        {
            await TellFaults(reading);
            return BadInput;
        }
        if (arguments.CheckOnly)
            return Shown;
        if (GatewaySettings.FromEnvironment() is not { } settings)
        {
            await Console.Error.WriteLineAsync(GatewaySettings.Missing);
            return BadInput;
        }
        try
        {
            return await Play(arguments, extract, settings, stopping);
        }
        catch (Exception exception) when (exception is RefusedException or TimeoutException or HttpRequestException
            or Polly.ExecutionRejectedException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"The main job stopped: {exception.Message}");
            return NotShown;
        }
    }

    private static async Task<int> Play(
        JobArguments arguments, RegistryExtract extract, GatewaySettings settings, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        await using var clients = Resilience.HttpClients(settings.Gateway, RetryLimits.Default);
        using var http = clients.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(MarketClient));
        var market = new MarketClient(http, new Tokens(http, TimeProvider.System));
        var ids = new Ids(arguments.Seed);
        var scene = new Scene(extract, new MarketPlan(extract, arguments.Seed), ids,
            new Cast(extract, ids, settings.Client), new Holdings(), market, new Waiting(Patience));
        var job = new MarketJob(scene);
        var (result, statuses, audit) = await OnBoard(async board =>
        {
            await job.Play(board, stopping);
            return await new FinalChecks(scene, job).Run(
                board, () => Stopwatch.GetElapsedTime(started).TotalSeconds, stopping);
        });
        await ResultFile.Write(arguments.ResultFile, result, stopping);
        Summary.Show(AnsiConsole.Console, result, statuses, audit);
        AnsiConsole.MarkupLineInterpolated($"{market.Requests:N0} requests. Result: {arguments.ResultFile}");
        return result.Differences().Any() ? NotShown : Shown;
    }

    private static async Task<T> OnBoard<T>(Func<IBoard, Task<T>> play)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive)
            return await play(new PlainBoard(Console.Out));
        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(),
                new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(progress => play(new BarBoard(progress)));
    }

    private static async Task TellFaults(RegistryReading reading)
    {
        foreach (var fault in reading.Faults)
            await Console.Error.WriteLineAsync(fault.ToString());
        await Console.Error.WriteLineAsync(
            $"{reading.Faults.Length} fault{(reading.Faults.Length == 1 ? "" : "s")}; nothing was imported.");
    }
}
