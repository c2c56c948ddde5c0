using System.Security.Claims;
using System.Text.Encodings.Web;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CarbonMarket.Audit.Http;

/// <summary>The service as it runs, on a real PostgreSQL and RabbitMQ; only who is calling is said by the test.</summary>
public sealed class AuditService : WebApplicationFactory<Program>, IAsyncLifetime
{
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
        await Eventually.Holds("the service is ready: its queue stands",
            async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode, ct: TestContext.Current.CancellationToken);
        if (role is null)
            return client;
        client.DefaultRequestHeaders.Add(TestCaller.Role, role);
        client.DefaultRequestHeaders.Add(TestCaller.Participant, participant.ToString());
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("ConnectionStrings:Postgres", _postgres);
        builder.UseSetting("ConnectionStrings:RabbitMq", RabbitMq);
        builder.UseSetting("Identity:Issuer", "http://localhost/");
        builder.UseSetting("Identity:MetadataAddress", "http://localhost/.well-known/openid-configuration");
        builder.UseSetting("MarketClock:Mode", "System");
        builder.ConfigureTestServices(services =>
            services.AddAuthentication(TestCaller.Scheme).AddScheme<AuthenticationSchemeOptions, TestCaller>(TestCaller.Scheme, null));
    }

    private sealed class TestCaller(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public new const string Scheme = "test";
        public const string Role = "test-role";
        public const string Participant = "test-participant";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers[Role].ToString() is not { Length: > 0 } role)
                return Task.FromResult(AuthenticateResult.NoResult());
            var identity = new ClaimsIdentity(
                [new("sub", "tester"), new("client_id", "tests"), new("role", role), new("participant", Request.Headers[Participant].ToString())],
                Scheme, "sub", "role");
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme)));
        }
    }
}
