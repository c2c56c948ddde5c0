using System.Text.Json;
using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Contracts.Audit.V1;
using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Contracts.Settlement.V1.Grpc;
using CarbonMarket.ServiceDefaults;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using CarbonMarket.Testing.Service;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(RealServers))]

namespace CarbonMarket.Settlement.Service;

/// <summary>
/// Settlement as it runs, on a real PostgreSQL and RabbitMQ; the other services' messages are played by the test. Only who
/// is calling is said by the test.
/// </summary>
public class SettlementService : IAsyncLifetime
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
                queue.Handler<TradingUnitsHeld>(context => Promises.Hear(context.Message));
                queue.Handler<SurrenderNoticesGiven>(context => Promises.Hear(context.Message));
                queue.Handler<WithdrawalCompleted>(context => Promises.Hear(context.Message));
                queue.Handler<EventsRecorded>(context => Promises.Hear(context.Message));
            });
        });
        await _others.StartAsync();
        await Clock.Start();
        await StartNeighbours();
        await Start();
    }

    /// <summary>What Settlement is told of the houses around it, once they are there.</summary>
    protected virtual IReadOnlyDictionary<string, string> Neighbours => new Dictionary<string, string>(StringComparer.Ordinal);

    protected virtual Task StartNeighbours() => Task.CompletedTask;

    /// <summary>Ends the process's part and begins it again on the same store: everything in memory is gone.</summary>
    public async Task Restart()
    {
        await End();
        await Start();
    }

    public async Task End()
    {
        var ending = _host!;
        _host = null;
        await ending.DisposeAsync();
    }

    public async Task Start()
    {
        Begin();
        using var client = _host!.CreateClient();
        await Eventually.IsReady("Settlement", client);
    }

    /// <summary>Starts it without waiting for anything.</summary>
    public void Begin()
    {
        _host = new Host(_postgres, _rabbitMq, Clock.Address, Neighbours);
        _host.StartServer();
    }

    /// <summary>Sets legal time, of which every instance is told; this one, if it runs, has heard of it.</summary>
    public async Task SetClock(DateTimeOffset legalTime)
    {
        var reading = Clock.Set(legalTime);
        await Tell(new MarketClockSet { Version = reading.Version, LegalTime = legalTime, SetAt = legalTime, Running = false });
        if (_host is { } host)
            await Eventually.Holds("the service follows the clock", () => host.Services.GetRequiredService<MarketClock>().Version >= reading.Version);
    }

    public Task Tell<T>(T message)
        where T : class => _others!.Publish(message);

    /// <param name="role">Null: nobody.</param>
    public Caller As(string? role, Guid participant = default, string subject = "tester", string market = Market) => new(() =>
    {
        // The host of the moment: a test may restart it.
        var client = _host!.CreateClient();
        client.BaseAddress = new Uri(client.BaseAddress!, $"/settlement/markets/{market}/");
        return TestCaller.Speak(client, role, participant, subject);
    }, Json);

    public async Task<ListTradingAccountsReply> Ask(ListTradingAccountsRequest request, string? role)
    {
        using var channel = GrpcChannel.ForAddress(_host!.Server.BaseAddress, new GrpcChannelOptions { HttpHandler = _host.Server.CreateHandler() });
        var caller = new Metadata();
        if (role is not null)
            caller.Add("authorization", TestCaller.Says(role, Guid.Empty).ToString());
        return await channel.CreateCallInvoker().AsyncUnaryCall(ListTradingAccounts, null, new CallOptions(caller), request);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (_others is not null)
            await _others.StopAsync();
        await Clock.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions();
        ServiceDefaultsExtensions.Json(options);
        return options;
    }

    private sealed class Host(string postgres, string rabbitMq, Uri clock, IReadOnlyDictionary<string, string> neighbours) : WebApplicationFactory<Program>
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
            foreach (var (setting, value) in neighbours)
                builder.UseSetting(setting, value);
            builder.ConfigureTestServices(TestCaller.Register);
        }
    }
}
