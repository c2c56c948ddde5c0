using System.Net.Http.Headers;
using CarbonMarket.Gateway.Running;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

[assembly: AssemblyFixture(typeof(RunningGateway))]

namespace CarbonMarket.Gateway.Running;

/// <summary>
/// The gateway as it runs, on a port of its own in front of six small servers and an Identity that can only sign. Tests
/// that ask and change nothing share one; whoever stops services or needs other limits starts its own.
/// </summary>
public sealed class RunningGateway : IAsyncLifetime
{
    private static readonly string[] Names = ["identity", "allocation", "verification", "trading", "settlement", "audit", Grpc];
    private const string Grpc = "trading-grpc";
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal)
    {
        ["Urls"] = "http://127.0.0.1:0",
        ["Logging:LogLevel:Default"] = "None",
        ["Logging:LogLevel:Yarp.ReverseProxy"] = "None",
        ["Logging:LogLevel:Microsoft.Extensions"] = "None",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "None",
        ["Identity:Issuer"] = TokenSigner.Issuer,
        ["Upstream:HealthInterval"] = "00:00:00.1",
    };

    private readonly Dictionary<string, TinyService> _services = Names.ToDictionary(name => name, name => new TinyService(isHttp2: name == Grpc), StringComparer.Ordinal);
    private Hosted? _host;

    public RunningGateway()
    {
    }

    private RunningGateway(IEnumerable<(string Key, string Value)> settings)
    {
        foreach (var (key, value) in settings)
            _settings[key] = value;
    }

    public Uri Address => _host!.ClientOptions.BaseAddress;

    internal TokenSigner Signer { get; } = new();

    internal TinyService this[string service] => _services[service];

    internal IServiceProvider Services => _host!.Services;

    internal static async Task<RunningGateway> Start(params IEnumerable<(string Key, string Value)> settings)
    {
        var gateway = new RunningGateway(settings);
        await gateway.InitializeAsync();
        return gateway;
    }

    public async ValueTask InitializeAsync()
    {
        foreach (var (name, service) in _services)
        {
            await service.Start();
            _settings.TryAdd($"ReverseProxy:Clusters:{name}:Destinations:primary:Address", service.Address);
        }
        var identity = this["identity"];
        _settings["Identity:MetadataAddress"] = $"{identity.Address}.well-known/openid-configuration";
        identity.Answer = context => TinyService.Says(200, context.Request.Path == "/keys"
            ? Signer.Keys()
            : $$"""{"issuer":"{{TokenSigner.Issuer}}","jwks_uri":"{{identity.Address}}keys"}""")(context);
        _host = new Hosted(_settings);
        // Without naming a port here: the factory would set it while the program is already starting.
        _host.UseKestrel();
        _host.StartServer();
    }

    /// <param name="token">Null: none.</param>
    public HttpClient With(string? token)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A client with a valid token.</summary>
    public HttpClient As(string client) => With(Signer.Token(client));

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        foreach (var service in _services.Values)
            await service.DisposeAsync();
        Signer.Dispose();
    }

    private sealed class Hosted(Dictionary<string, string> settings) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Test");
            builder.UseContentRoot(AppContext.BaseDirectory);
            foreach (var (key, value) in settings)
                builder.UseSetting(key, value);
        }
    }
}
