using System.Diagnostics;
using System.IO.Hashing;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CarbonMarket.Journaling;

/// <summary>
/// Lets one process of a service lead: the one that holds an advisory lock, on a connection of its own whose end is
/// noticed at once. While it leads it runs every <see cref="ILeaderDuty"/>; when the connection breaks or a duty fails,
/// the duties are cancelled, awaited, and leadership is competed for again.
/// </summary>
public sealed class LeaderElection(
    LeaderElectionOptions options, NpgsqlDataSource database, IEnumerable<ILeaderDuty> duties, ILogger<LeaderElection> logger)
    : BackgroundService
{
    private readonly ILeaderDuty[] duties = [.. duties];
    private readonly long key = KeyOf(options.Service);
    private volatile bool isLeader;

    public bool IsLeader => isLeader;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = options.ShortestPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            var ledSince = Stopwatch.GetTimestamp();
            try
            {
                await Compete(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(exception, "{Service} does not lead any more or could not compete; competing again", options.Service);
            }
            // Who led for a while starts over quickly; who fails at once, or stands by, asks less and less often.
            pause = Stopwatch.GetElapsedTime(ledSince) > options.LongestPause * 2
                ? options.ShortestPause
                : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.LongestPause.Ticks));
            await Task.Delay(pause, TimeProvider.System, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static long KeyOf(string service) =>
        unchecked((long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"carbonmarket:leader:{service}")));

    private async Task Compete(CancellationToken stopping)
    {
        await using var connection = Dedicated();
        await connection.OpenAsync(stopping);
        if (!await TryLock(connection, stopping))
        {
            logger.LogDebug("{Service} stands by: another leads", options.Service);
            return;
        }
        logger.LogInformation("{Service} leads", options.Service);
        isLeader = true;
        try
        {
            await Lead(connection, stopping);
        }
        finally
        {
            isLeader = false;
            logger.LogInformation("{Service} leads no more", options.Service);
        }
    }

    /// <summary>Ends when the first of these ends: the lock's connection, a failing duty, the process.</summary>
    private async Task Lead(NpgsqlConnection connection, CancellationToken stopping)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var working = duties.Select(duty => Task.Run(() => Perform(duty, lost), CancellationToken.None)).ToArray();
        try
        {
            await UntilBroken(connection, lost.Token);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // A duty failed or the process stops; either has been reported.
        }
        finally
        {
            isLeader = false;
            await lost.CancelAsync();
            // The lock is released after this: nobody else leads while one of our duties still works.
            await Task.WhenAll(working);
        }
    }

    private async Task Perform(ILeaderDuty duty, CancellationTokenSource lost)
    {
        try
        {
            await duty.Run(lost.Token);
            if (!lost.IsCancellationRequested)
                logger.LogInformation("{Service}: duty {Duty} is done", options.Service, duty.Name);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            logger.LogDebug("{Service}: duty {Duty} ended", options.Service, duty.Name);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "{Service}: duty {Duty} failed; leadership is given up", options.Service, duty.Name);
            // First: what the other duties break off now is not to be taken for a leader's failure.
            isLeader = false;
            await lost.CancelAsync();
        }
    }

    /// <summary>Waits on the socket, so that a broken connection is seen at once; the question finds one that is only silent.</summary>
    private async Task UntilBroken(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var question = new NpgsqlCommand("select 1", connection) { CommandTimeout = options.SecondsToAnswer };
        while (true)
        {
            await connection.WaitAsync(options.Glance, cancellationToken);
            await question.ExecuteScalarAsync(cancellationToken);
        }
    }

    private async Task<bool> TryLock(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = key } },
            CommandTimeout = options.SecondsToAnswer,
        };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private NpgsqlConnection Dedicated()
    {
        using var pooled = database.CreateConnection();
        var own = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Pooling = false,
            Multiplexing = false,
            Timeout = options.SecondsToAnswer,
            ApplicationName = $"{options.Service}-leader",
        };
        return pooled.CloneWith(own.ConnectionString);
    }
}

/// <param name="Service">Processes with the same service and database compete with each other.</param>
public sealed record LeaderElectionOptions(string Service)
{
    public TimeSpan ShortestPause { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the lock's connection is asked whether it lives, beside waiting on its socket.</summary>
    public TimeSpan Glance { get; init; } = TimeSpan.FromSeconds(1);

    public int SecondsToAnswer { get; init; } = 5;
}
