using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CarbonMarket.ServiceDefaults.Databases;

/// <summary>Tables of a service outside its event store, made before anything of it starts; a database that cannot be reached yet is waited for.</summary>
/// <param name="advisoryLock">Own number: instances that start together make the tables one after the other.</param>
/// <param name="script">Makes what is missing and leaves what is there; run in one transaction.</param>
public abstract class OwnTables(NpgsqlDataSource database, long advisoryLock, string script, ILogger logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await Create(cancellationToken);
                return;
            }
            catch (NpgsqlException exception) when (exception.IsTransient || exception.InnerException is not null)
            {
                logger.LogWarning("The store cannot be reached yet: {Reason}", exception.Message);
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task Create(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"select pg_advisory_xact_lock({advisoryLock}); {script}", connection, transaction);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
