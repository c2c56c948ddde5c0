using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CarbonMarket.Identity.Clients;

/// <summary>Brings the client directory's tables to this version before the service takes requests.</summary>
public sealed class ClientDirectorySchema(IServiceScopeFactory scopes, NpgsqlDataSource database) : IHostedService
{
    // Two instances may start at once; the second waits here and finds nothing left to do.
    private const long Lock = 0x436C69656E7473;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var wait = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection, transaction)
        {
            Parameters = { new() { Value = Lock } },
        };
        await wait.ExecuteNonQueryAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ClientDirectory>().Database.MigrateAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
