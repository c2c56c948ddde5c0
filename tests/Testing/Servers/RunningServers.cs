using System.Globalization;
using Npgsql;

namespace CarbonMarket.Testing.Servers;

/// <summary>
/// A PostgreSQL and a RabbitMQ, each started when first needed: in containers where a Docker engine answers, as private
/// processes where none does.
/// </summary>
public sealed class RunningServers : IAsyncDisposable
{
    private readonly SemaphoreSlim starting = new(1, 1);
    private IPostgresUnderTest? postgres;
    private IRabbitMqUnderTest? rabbitMq;
    private TestDirectory? directory;
    private int created;

    public async Task<string> CreateDatabase(string name, CancellationToken ct = default)
    {
        var server = await Postgres(ct);
        var database = string.Create(CultureInfo.InvariantCulture, $"{name.ToLowerInvariant()}_{Interlocked.Increment(ref created)}");
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync(ct);
#pragma warning disable CA2100 // The name is the test's own, and a database name cannot be a parameter.
        await using var create = new NpgsqlCommand($"CREATE DATABASE \"{database}\"", connection);
#pragma warning restore CA2100
        await create.ExecuteNonQueryAsync(ct);
        return server.ConnectionString(database) + ";Maximum Pool Size=20;Connection Idle Lifetime=10;Connection Pruning Interval=5";
    }

    public async Task<string> CreateVirtualHost(CancellationToken ct = default)
    {
        var server = await RabbitMq(ct);
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref created)}");
        await server.CreateVirtualHost(name, ct);
        return server.AmqpUri(name);
    }

    /// <summary>Ends PostgreSQL as a crash would: nothing is written, no session is told.</summary>
    public async Task KillPostgres() => await (await Postgres(default)).Kill();

    /// <summary>Starts it again on the same port and waits until it answers, its recovery included.</summary>
    public async Task RestartPostgres() => await (await Postgres(default)).Start(default);

    /// <summary>Ends RabbitMQ as a crash would, once it would remember its queues.</summary>
    public async Task KillRabbitMq() => await (await RabbitMq(default)).Kill();

    public async Task RestartRabbitMq() => await (await RabbitMq(default)).Start(default);

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null)
            await postgres.DisposeAsync();
        if (rabbitMq is not null)
            await rabbitMq.DisposeAsync();
        directory?.Dispose();
        starting.Dispose();
    }

    private Task<IPostgresUnderTest> Postgres(CancellationToken ct) => Started(() => postgres, async () =>
        postgres = await Docker.Answers(ct) ? new ContainerPostgres() : new ProcessPostgres(Directory()), ct);

    private Task<IRabbitMqUnderTest> RabbitMq(CancellationToken ct) => Started(() => rabbitMq, async () =>
        rabbitMq = await Docker.Answers(ct) ? new ContainerRabbitMq() : new ProcessRabbitMq(Directory()), ct);

    private string Directory() => (directory ??= TestDirectory.Create()).Path;

    private async Task<T> Started<T>(Func<T?> existing, Func<Task<T>> make, CancellationToken ct)
        where T : class, IServerUnderTest
    {
        if (existing() is { IsStarted: true } ready)
            return ready;
        await starting.WaitAsync(ct);
        try
        {
            if (existing() is { IsStarted: true } meanwhile)
                return meanwhile;
            var server = existing() ?? await make();
            // Not the first caller's token: others wait for the same start.
            await server.Start(CancellationToken.None);
            return server;
        }
        finally
        {
            starting.Release();
        }
    }
}
