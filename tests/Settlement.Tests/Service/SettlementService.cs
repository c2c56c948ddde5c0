using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Contracts.Audit.V1;
using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Contracts.Settlement.V1.Grpc;
using CarbonMarket.ServiceDefaults;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using MassTransit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

[assembly: AssemblyFixture(typeof(RealServers))]

namespace CarbonMarket.Settlement.Service;

/// <summary>
/// Settlement as it runs, on a real PostgreSQL and RabbitMQ; the other services' messages are played by the test. Only who
/// is calling is said by the test.
/// </summary>
public sealed class SettlementService : IAsyncLifetime
{
    public const string Market = "uk-ets";
    public static readonly JsonSerializerOptions Json = Options();

    // The wire name of the question, as the proto has it: other services ask by this name.
    private static readonly Method<ListTradingAccountsRequest, ListTradingAccountsReply> ListTradingAccounts = new(
        MethodType.Unary, "carbonmarket.settlement.v1.LedgerQueries", "ListTradingAccounts",
        Marshallers.Create(request => request.ToByteArray(), ListTradingAccountsRequest.Parser.ParseFrom),
        Marshallers.Create(reply => reply.ToByteArray(), ListTradingAccountsReply.Parser.ParseFrom));

    private string _postgres = string.Empty;
    private string _rabbitMq = string.Empty;
    private Host? _host;
    private IBusControl? _others;

    public Overheard Promises { get; } = new();

    /// <summary>Its database, for a test that spoils something.</summary>
    public string Postgres => _postgres;

    /// <summary>Stands at Wednesday 16 June 2021, 09:00 in London, until set.</summary>
    public ClockOwner Clock { get; } = new(new DateTimeOffset(2021, 6, 16, 8, 0, 0, TimeSpan.Zero));

    public DateTimeOffset LegalTime => Clock.Reading.LegalTime;

    public async ValueTask InitializeAsync()
    {
        (_postgres, _rabbitMq) = (await RealServers.CreateDatabase("settlement"), await RealServers.CreateVirtualHost());
        _others = Bus.Factory.CreateUsingRabbitMq(bus =>
        {
            bus.Host(new Uri(_rabbitMq));
            bus.ReceiveEndpoint("others-played-by-the-test", queue =>
            {
                queue.ConcurrentMessageLimit = 1;
                queue.Handler<TradingAccountsFunded>(context => Promises.Hear(context.Message));
                queue.Handler<TradesSettled>(context => Promises.Hear(context.Message));
                queue.Handler<WithdrawalCompleted>(context => Promises.Hear(context.Message));
                queue.Handler<EventsRecorded>(context => Promises.Hear(context.Message));
            });
        });
        await _others.StartAsync();
        await Clock.Start();
        await Start();
    }

    /// <summary>Ends the process's part and begins it again on the same store: everything in memory is gone.</summary>
    public async Task Restart()
    {
        await End();
        await Start();
    }

    public async Task End() => await _host!.DisposeAsync();

    public async Task Start()
    {
        Begin();
        using var client = _host!.CreateClient();
        await Eventually.Holds("Settlement is ready", async () => (await client.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode);
    }

    /// <summary>Starts it without waiting for anything.</summary>
    public void Begin()
    {
        _host = new Host(_postgres, _rabbitMq, Clock.Address);
        _host.StartServer();
    }

    /// <summary>Sets legal time, of which every instance is told.</summary>
    public Task SetClock(DateTimeOffset legalTime)
    {
        var reading = Clock.Set(legalTime);
        return Tell(new MarketClockSet { Version = reading.Version, LegalTime = legalTime, SetAt = legalTime, Running = false });
    }

    public Task Tell<T>(T message)
        where T : class => _others!.Publish(message);

    /// <param name="role">Null: nobody.</param>
    public Caller As(string? role, Guid participant = default, string subject = "tester", string market = Market) => new(() =>
    {
        // The host of the moment: a test may restart it.
        var client = _host!.CreateClient();
        client.BaseAddress = new Uri(client.BaseAddress!, $"/settlement/markets/{market}/");
        if (role is not null)
        {
            client.DefaultRequestHeaders.Add(TestCaller.Role, role);
            client.DefaultRequestHeaders.Add(TestCaller.Subject, subject);
            client.DefaultRequestHeaders.Add(TestCaller.Participant, participant.ToString());
        }
        return client;
    });

    public async Task<ListTradingAccountsReply> Ask(ListTradingAccountsRequest request, string? role)
    {
        using var channel = GrpcChannel.ForAddress(_host!.Server.BaseAddress, new GrpcChannelOptions { HttpHandler = _host.Server.CreateHandler() });
        var caller = new Metadata();
        if (role is not null)
            caller.Add(TestCaller.Role, role);
        return await channel.CreateCallInvoker().AsyncUnaryCall(ListTradingAccounts, null, new CallOptions(caller), request);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (_others is not null)
            await _others.StopAsync();
        await Clock.DisposeAsync();
    }

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions();
        ServiceDefaultsExtensions.Json(options);
        return options;
    }

    private sealed class Host(string postgres, string rabbitMq, Uri clock) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseContentRoot(AppContext.BaseDirectory);
            builder.UseSetting("ConnectionStrings:Postgres", postgres);
            builder.UseSetting("ConnectionStrings:RabbitMq", rabbitMq);
            builder.UseSetting("Logging:LogLevel:Default", "Error");
            builder.UseSetting("MarketClock:Mode", "Sandbox");
            builder.UseSetting("MarketClock:Source", clock.ToString());
            builder.UseSetting("Identity:Issuer", "http://localhost/");
            builder.UseSetting("Identity:MetadataAddress", "http://localhost/.well-known/openid-configuration");
            builder.ConfigureTestServices(services =>
                services.AddAuthentication(TestCaller.Scheme).AddScheme<AuthenticationSchemeOptions, TestCaller>(TestCaller.Scheme, null));
        }
    }

    private sealed class TestCaller(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public new const string Scheme = "test";
        public const string Role = "test-role";
        public const string Subject = "test-subject";
        public const string Participant = "test-participant";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers[Role].ToString() is not { Length: > 0 } role)
                return Task.FromResult(AuthenticateResult.NoResult());
            var identity = new ClaimsIdentity(
                [
                    new("sub", Request.Headers[Subject].ToString()), new("client_id", "tests"), new("role", role),
                    new("participant", Request.Headers[Participant].ToString()),
                ],
                Scheme, "sub", "role");
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme)));
        }
    }
}

/// <summary>What Settlement promised, in the order it was heard.</summary>
public sealed class Overheard
{
    private readonly Lock _gate = new();
    private readonly List<object> _messages = [];

    public Task Hear(object message)
    {
        lock (_gate)
            _messages.Add(message);
        return Task.CompletedTask;
    }

    public IReadOnlyList<T> Of<T>()
    {
        lock (_gate)
            return [.. _messages.OfType<T>()];
    }
}

/// <summary>One caller of the HTTP API.</summary>
public sealed class Caller(Func<HttpClient> connect)
{
    public async Task<(int Status, JsonElement Body)> Send(HttpMethod method, string path, object? body = null)
    {
        using var client = connect();
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body, options: SettlementService.Json);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone());
    }

    /// <summary>What is no JSON, with its media type and the Link header.</summary>
    public async Task<(string? MediaType, string Text, string? Link)> Read(string path, string accept)
    {
        using var client = connect();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", accept);
        using var response = await client.SendAsync(request);
        return (response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(),
            response.Headers.TryGetValues("Link", out var links) ? string.Join(", ", links) : null);
    }

    public Task<JsonElement> Get(string path) => Succeed(HttpMethod.Get, path);

    public Task<JsonElement> Put(string path, object body) => Succeed(HttpMethod.Put, path, body);

    public Task<JsonElement> Post(string path, object body) => Succeed(HttpMethod.Post, path, body);

    /// <summary>The codes of the items of a batch, "accepted" for those that were.</summary>
    public async Task<IReadOnlyList<string?>> Batch(string path, params IEnumerable<object> items) =>
    [
        .. (await Post(path, new { items })).GetProperty("results").EnumerateArray().Select(result =>
            result.GetProperty("outcome").GetString() is "accepted" ? "accepted" : result.GetProperty("code").GetString()),
    ];

    /// <summary>The problem's code, having been refused with that status.</summary>
    public async Task<string?> Refused(int status, HttpMethod method, string path, object? body = null)
    {
        var answer = await Send(method, path, body);
        answer.Status.ShouldBe(status, answer.Body.ToString());
        return answer.Body.ValueKind == JsonValueKind.Object ? answer.Body.GetProperty("code").GetString() : null;
    }

    private async Task<JsonElement> Succeed(HttpMethod method, string path, object? body = null)
    {
        var (status, answer) = await Send(method, path, body);
        status.ShouldBeInRange(200, 299, $"{method} {path}: {answer}");
        return answer;
    }
}
