using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using CarbonMarket.Testing.Service;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(RealServers))]

namespace CarbonMarket.Allocation.Http;

/// <summary>The service as it runs, on a real PostgreSQL and RabbitMQ; only who is calling is said by the test.</summary>
public class AllocationService : WebApplicationFactory<Program>, IAsyncLifetime
{
    private string _postgres = string.Empty;

    public string RabbitMq { get; private set; } = string.Empty;

    protected virtual string ClockMode => "Sandbox";

    public async ValueTask InitializeAsync()
    {
        _postgres = await RealServers.CreateDatabase("allocation");
        RabbitMq = await RealServers.CreateVirtualHost();
        await Eventually.Holds("legal time is known", () => Services.GetRequiredService<ClockFetching>().IsKnown);
    }

    public HttpClient Operator => As("operator", "olga");

    public HttpClient Regulator => As("regulator", "ann");

    public HttpClient OtherRegulator => As("regulator", "bob");

    /// <param name="role">Null: nobody.</param>
    /// <param name="participant">The organisation acted for.</param>
    public HttpClient As(string? role, string subject = "tester", Guid participant = default) =>
        TestCaller.Speak(CreateClient(), role, participant, subject);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("ConnectionStrings:Postgres", _postgres);
        builder.UseSetting("ConnectionStrings:RabbitMq", RabbitMq);
        builder.UseSetting("Identity:Issuer", "http://localhost/");
        builder.UseSetting("Identity:MetadataAddress", "http://localhost/.well-known/openid-configuration");
        builder.UseSetting("MarketClock:Mode", ClockMode);
        builder.UseSetting("MarketClock:Source", "http://localhost/");
        builder.ConfigureTestServices(services =>
        {
            TestCaller.Register(services);
            // The clock's owner reads the clock from itself, as every other service does.
            services.AddHttpClient(nameof(ClockFetching)).ConfigurePrimaryHttpMessageHandler(provider => new OwnDoor(provider));
        });
    }

    /// <summary>Looks for the server at each request: the first come before it has started.</summary>
    private sealed class OwnDoor(IServiceProvider services) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var invoker = new HttpMessageInvoker(((TestServer)services.GetRequiredService<IServer>()).CreateHandler());
            return await invoker.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>A deployment whose legal time is the system's.</summary>
public sealed class ProductionAllocationService : AllocationService
{
    protected override string ClockMode => "System";
}

internal static class Answers
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public static async Task<JsonElement> Json(this Task<HttpResponseMessage> sending, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync(Stopping);
        response.StatusCode.ShouldBe(expected, text);
        return JsonDocument.Parse(text).RootElement;
    }

    public static async Task<string> Code(this Task<HttpResponseMessage> sending, HttpStatusCode expected) =>
        (await sending.Json(expected)).GetProperty("code").GetString()!;

    public static Task<HttpResponseMessage> Put(this HttpClient client, string path, object body) => client.PutAsJsonAsync(path, body, Stopping);

    public static Task<HttpResponseMessage> Post(this HttpClient client, string path, object? body = null) => client.PostAsJsonAsync(path, body, Stopping);

    public static Task<HttpResponseMessage> Get(this HttpClient client, string path) => client.GetAsync(new Uri(path, UriKind.Relative), Stopping);

    /// <summary>Outcome of each item, or its code.</summary>
    public static async Task<string[]> Outcomes(this Task<HttpResponseMessage> sending) =>
        [.. (await sending.Json()).GetProperty("results").EnumerateArray().Select(
            result => result.GetProperty("code").GetString() ?? result.GetProperty("outcome").GetString()!)];

    /// <summary>Path and code of each fault.</summary>
    public static async Task<string[]> Faults(this Task<HttpResponseMessage> sending) =>
        [.. (await sending.Json(HttpStatusCode.BadRequest)).GetProperty("errors").EnumerateArray().Select(
            fault => $"{fault.GetProperty("path").GetString()} {fault.GetProperty("code").GetString()}")];
}
