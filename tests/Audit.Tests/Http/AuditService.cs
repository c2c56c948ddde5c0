using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using CarbonMarket.Testing.Service;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;

namespace CarbonMarket.Audit.Http;

/// <summary>The service as it runs, on a real PostgreSQL and RabbitMQ; only who is calling is said by the test.</summary>
public sealed class AuditService : WebApplicationFactory<Program>, IAsyncLifetime
{
    private readonly Dictionary<string, Uri> _stores = new(StringComparer.Ordinal);
    private string _postgres = string.Empty;

    public string RabbitMq { get; private set; } = string.Empty;

    public async ValueTask InitializeAsync()
    {
        _postgres = await RealServers.CreateDatabase("audit");
        RabbitMq = await RealServers.CreateVirtualHost();
    }

    /// <param name="role">Null: nobody.</param>
    /// <param name="participant">The organisation acted for.</param>
    public async Task<HttpClient> As(string? role, Guid participant = default)
    {
        var client = CreateClient();
        await Eventually.IsReady("Audit", client, ct: TestContext.Current.CancellationToken);
        return TestCaller.Speak(client, role, participant);
    }

    /// <summary>The service whose store the log is compared with.</summary>
    public void KnowsStore(string name, Uri address) => _stores[name] = address;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("ConnectionStrings:Postgres", _postgres);
        builder.UseSetting("ConnectionStrings:RabbitMq", RabbitMq);
        builder.UseSetting("Identity:Issuer", "http://localhost/");
        builder.UseSetting("Identity:MetadataAddress", "http://localhost/.well-known/openid-configuration");
        builder.UseSetting("MarketClock:Mode", "System");
        foreach (var (name, address) in _stores)
            builder.UseSetting($"Stores:{name}", address.ToString());
        builder.ConfigureTestServices(TestCaller.Register);
    }
}
