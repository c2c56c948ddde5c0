using System.Security.Cryptography;
using CarbonMarket.Local.Infrastructure;

namespace CarbonMarket.Testing.Servers;

internal sealed class ProcessPostgres(string directory) : IPostgresUnderTest
{
    private readonly BoundedLog log = new(Path.Combine(directory, "postgres.log"));
    private PrivatePostgres? server;
    private ChildProcess? child;

    public bool IsStarted { get; private set; }

    public string ConnectionString(string database) => server!.ConnectionString(database);

    public async Task Start(CancellationToken ct)
    {
        server ??= new(new(Path.Combine(directory, "postgres"), FreePorts.Pick(1)[0], RandomNumberGenerator.GetHexString(32), log));
        child = await server.Launch(ct);
        await server.UntilAnswers(child, log, TimeSpan.FromSeconds(60), ct);
        IsStarted = true;
    }

    public Task Kill() => child!.Kill();

    public async ValueTask DisposeAsync()
    {
        // Nobody needs the data again, so there is nothing to flush.
        if (child is not null)
            await child.Stop(UnixSignal.Quit, server!.StopPatience);
        child?.Dispose();
        log.Dispose();
    }
}

internal sealed class ProcessRabbitMq(string directory) : IRabbitMqUnderTest
{
    /// <summary>
    /// Debian's version, 3.10, writes the name of a new quorum queue to disk some three seconds later, tells nobody when, and a
    /// queue whose name a crash took has no leader ever after.
    /// </summary>
    private static readonly TimeSpan QueueNamesOnDisk = TimeSpan.FromSeconds(5);

    private readonly BoundedLog log = new(Path.Combine(directory, "rabbitmq.log"));
    private PrivateRabbitMq? server;
    private ChildProcess? child;

    public bool IsStarted { get; private set; }

    public string AmqpUri(string virtualHost) => server!.AmqpUri(virtualHost);

    public Task CreateVirtualHost(string name, CancellationToken ct) => server!.CreateVirtualHost(name, ct);

    public async Task Start(CancellationToken ct)
    {
        server ??= Describe();
        child = await server.Launch(ct);
        await server.UntilAnswers(child, log, TimeSpan.FromSeconds(120), ct);
        IsStarted = true;
    }

    public async Task Kill()
    {
        await Task.Delay(QueueNamesOnDisk);
        await child!.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        if (child is not null)
            await child.Kill();
        if (server is not null)
            await server.StopNameServer();
        server?.Dispose();
        child?.Dispose();
        log.Dispose();
    }

    private PrivateRabbitMq Describe()
    {
        var ports = FreePorts.Pick(4);
        var node = $"carbonmarket-test-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}@localhost";
        return new(new(Path.Combine(directory, "rabbitmq"), node, new(ports[0], ports[1], ports[2], ports[3]),
            "carbonmarket", RandomNumberGenerator.GetHexString(32), log));
    }
}
