namespace CarbonMarket.Testing.Servers;

internal interface IServerUnderTest : IAsyncDisposable
{
    /// <summary>True from the first successful start on, also while it is down by <see cref="Kill"/>.</summary>
    bool IsStarted { get; }

    Task Start(CancellationToken ct);

    Task Kill();
}

internal interface IPostgresUnderTest : IServerUnderTest
{
    string ConnectionString(string database);
}

internal interface IRabbitMqUnderTest : IServerUnderTest
{
    string AmqpUri(string virtualHost);

    Task CreateVirtualHost(string name, CancellationToken ct);
}
