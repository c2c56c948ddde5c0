using System.Security.Cryptography;
using CarbonMarket.Local.Infrastructure;
using DotNet.Testcontainers.Containers;
using Npgsql;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

namespace CarbonMarket.Testing.Servers;

// Both keep one host port for life: what restarts must be found again where it was.
internal sealed class ContainerPostgres : IPostgresUnderTest
{
    private readonly PostgreSqlContainer container = new PostgreSqlBuilder("postgres:17")
        .WithPortBinding(FreePorts.Pick(1)[0], PostgreSqlBuilder.PostgreSqlPort)
        .WithCommand("-c", "max_connections=300")
        .Build();

    public bool IsStarted { get; private set; }

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(container.GetConnectionString()) { Database = database }.ConnectionString;

    public async Task Start(CancellationToken ct)
    {
        await container.StartAsync(ct);
        IsStarted = true;
    }

    /// <summary>Immediate shutdown: PostgreSQL aborts without a checkpoint and recovers at the next start.</summary>
    public Task Kill() => container.EndBy(["sh", "-c", "kill -QUIT 1"]);

    public ValueTask DisposeAsync() => container.DisposeAsync();
}

internal sealed class ContainerRabbitMq : IRabbitMqUnderTest
{
    private const string User = "carbonmarket";
    private static readonly string Password = RandomNumberGenerator.GetHexString(32);

    private readonly RabbitMqContainer container = new RabbitMqBuilder("rabbitmq:4-management")
        .WithPortBinding(FreePorts.Pick(1)[0], RabbitMqBuilder.RabbitMqPort)
        .WithUsername(User)
        .WithPassword(Password)
        .Build();

    public bool IsStarted { get; private set; }

    public string AmqpUri(string virtualHost) =>
        $"amqp://{User}:{Password}@{container.Hostname}:{container.GetMappedPublicPort(RabbitMqBuilder.RabbitMqPort)}/{virtualHost}";

    public async Task CreateVirtualHost(string name, CancellationToken ct)
    {
        await Control(["add_vhost", name], ct);
        await Control(["set_permissions", "-p", name, User, ".*", ".*", ".*"], ct);
    }

    public async Task Start(CancellationToken ct)
    {
        await container.StartAsync(ct);
        IsStarted = true;
    }

    public Task Kill() => container.EndBy(["rabbitmqctl", "eval", "erlang:halt(137, [{flush, false}])."]);

    public ValueTask DisposeAsync() => container.DisposeAsync();

    private async Task Control(string[] arguments, CancellationToken ct)
    {
        var answer = await container.ExecAsync(["rabbitmqctl", .. arguments], ct);
        if (answer.ExitCode != 0)
            throw new InvalidOperationException($"rabbitmqctl {arguments[0]}: {answer.Stderr}");
    }
}

internal static class ContainerEnds
{
    public static async Task EndBy(this IContainer container, string[] command)
    {
        await container.ExecAsync(command);
        await Eventually.Holds($"{container.Name} ends", () => container.State != TestcontainersStates.Running);
        // Tells Testcontainers what has happened, so that Start starts it again.
        await container.StopAsync();
    }
}
