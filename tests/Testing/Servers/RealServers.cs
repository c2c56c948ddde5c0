using Xunit;

namespace CarbonMarket.Testing.Servers;

/// <summary>
/// The PostgreSQL and RabbitMQ that all tests of one test program share, each started when first asked for. Declare
/// <c>[assembly: AssemblyFixture(typeof(RealServers))]</c> to stop them as soon as the last test is done; whatever
/// happens, they cannot outlive the test program.
/// </summary>
public sealed class RealServers : IAsyncLifetime
{
    private static readonly RunningServers Shared = new();

    /// <summary>A fresh, empty database; its name begins with <paramref name="name"/>. Returns the connection string.</summary>
    public static Task<string> CreateDatabase(string name, CancellationToken ct = default) => Shared.CreateDatabase(name, ct);

    /// <summary>A fresh virtual host. Returns the AMQP address, with user and password.</summary>
    public static Task<string> CreateVirtualHost(CancellationToken ct = default) => Shared.CreateVirtualHost(ct);

    /// <summary>Servers of the caller's own, which it may kill and restart without disturbing other tests. Dispose of them.</summary>
    public static RunningServers Own() => new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => Shared.DisposeAsync();
}
