using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using CarbonMarket.Testing.Service;
using CarbonMarket.Verification.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(RealServers))]
[assembly: AssemblyFixture(typeof(VerificationService))]

namespace CarbonMarket.Verification.Http;

/// <summary>
/// The service as it runs, on a real PostgreSQL and RabbitMQ, with the other services played beside it; only who is
/// calling is said by the test. All tests share it, each with participants of its own.
/// </summary>
public sealed class VerificationService : WebApplicationFactory<Program>, IAsyncLifetime
{
    /// <summary>The last day for reports in London, and the day after it in Gansu.</summary>
    public static readonly DateTimeOffset LegalTime = new(2022, 3, 31, 22, 0, 0, TimeSpan.Zero);

    private string _postgres = string.Empty;
    private string _rabbitMq = string.Empty;

    public VerificationService()
    {
    }

    /// <summary>An instance of its own, on servers that the test may kill.</summary>
    internal VerificationService(string postgres, string rabbitMq) => (_postgres, _rabbitMq) = (postgres, rabbitMq);

    internal OtherServices Others { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (_postgres.Length == 0)
            (_postgres, _rabbitMq) = (await RealServers.CreateDatabase("verification"), await RealServers.CreateVirtualHost());
        Others = await OtherServices.Start(_rabbitMq);
        await Ready();
        Services.GetRequiredService<MarketClock>().Follow(1, LegalTime, LegalTime, running: false);
    }

    public async Task Ready()
    {
        using var client = CreateClient();
        await Eventually.IsReady("Verification", client);
    }

    /// <param name="role">Null: nobody.</param>
    /// <param name="participant">The organisation acted for.</param>
    public HttpClient As(string? role, Guid participant = default) => TestCaller.Speak(CreateClient(), role, participant);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Others is not null)
            await Others.DisposeAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("ConnectionStrings:Postgres", _postgres);
        builder.UseSetting("ConnectionStrings:RabbitMq", _rabbitMq);
        builder.UseSetting("Logging:LogLevel:Default", "Error");
        builder.UseSetting("Identity:Issuer", "http://localhost/");
        builder.UseSetting("Identity:MetadataAddress", "http://localhost/.well-known/openid-configuration");
        builder.ConfigureTestServices(TestCaller.Register);
    }
}
