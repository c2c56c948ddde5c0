using System.Text.Json;
using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.Contracts.Trading.V1.Grpc;
using CarbonMarket.ServiceDefaults;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using CarbonMarket.Testing.Service;
using CarbonMarket.Trading.Tests.Reconciliation;
using Grpc.Core;
using Grpc.Net.Client;
using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

[assembly: AssemblyFixture(typeof(RealServers))]

namespace CarbonMarket.Trading.Tests.Service;

/// <summary>
/// Trading as it runs, on a real PostgreSQL and RabbitMQ, with Settlement's side of the conversation played by the test:
/// its messages over the broker, its ledger over gRPC. Only who is calling is said by the test.
/// </summary>
public class TradingService : IAsyncLifetime
{
    public const string Market = "uk-ets";
    public static readonly JsonSerializerOptions Json = Options();

    private readonly RegistryLedger _ledger = new();
    private string _postgres = string.Empty;
    private string _rabbitMq = string.Empty;
    private Host? _host;
    private IBusControl? _settlement;
    private long _clockVersion;

    public Overheard Promises { get; } = new();

    internal RegistryLedger Ledger => _ledger;

    public IServiceProvider Services => _host!.Services;

    /// <summary>Wednesday 16 June 2021, 09:00 in London: a session of the uk-ets pack.</summary>
    public DateTimeOffset LegalTime { get; private set; } = new(2021, 6, 16, 8, 0, 0, TimeSpan.Zero);

    public async ValueTask InitializeAsync()
    {
        (_postgres, _rabbitMq) = (await RealServers.CreateDatabase("trading"), await RealServers.CreateVirtualHost());
        await _ledger.Start();
        _settlement = Bus.Factory.CreateUsingRabbitMq(bus =>
        {
            bus.Host(new Uri(_rabbitMq));
            bus.ReceiveEndpoint("settlement-played-by-the-test", queue =>
            {
                queue.ConcurrentMessageLimit = 1;
                queue.Handler<TradesExecuted>(context => Promises.Hear(context.Message));
                queue.Handler<TradingDayClosed>(context => Promises.Hear(context.Message));
                queue.Handler<WithdrawalReleased>(context => Promises.Hear(context.Message));
            });
        });
        await _settlement.StartAsync();
        await Start();
    }

    /// <summary>Ends the process's part and begins it again on the same store: everything in memory is gone.</summary>
    public async Task Restart()
    {
        await _host!.DisposeAsync();
        await Start();
    }

    /// <summary>The next commit fails, and the market is loaded anew; the process leads on.</summary>
    public async Task BreakTheJournalsConnection()
    {
        await using var database = NpgsqlDataSource.Create(_postgres);
        await using var command = database.CreateCommand(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query like '%set version = $3%'");
        ((long)(await command.ExecuteScalarAsync())!).ShouldBeGreaterThan(0);
    }

    public void SetClock(DateTimeOffset legalTime)
    {
        LegalTime = legalTime;
        Follow();
    }

    public Task Tell<T>(T message)
        where T : class => _settlement!.Publish(message);

    /// <param name="role">Null: nobody.</param>
    /// <param name="subject">The person or machine that acts.</param>
    public Caller As(string? role, Guid participant = default, string subject = "tester") =>
        new(() => Client(role, participant, subject), Json);

    /// <summary>gRPC as it is spoken to the service; what is called says who calls by <see cref="Headers"/>.</summary>
    public GrpcChannel Grpc() => GrpcChannel.ForAddress(
        _host!.Server.BaseAddress, new GrpcChannelOptions { HttpHandler = _host.Server.CreateHandler(), DisposeHttpClient = true });

    public static Metadata Headers(string role, Guid participant = default, string? subject = null) =>
        new() { { "authorization", TestCaller.Says(role, participant, subject).ToString() } };

    /// <inheritdoc cref="As"/>
    public HttpClient Client(string? role, Guid participant = default, string subject = "tester")
    {
        var client = _host!.CreateClient();
        client.BaseAddress = new Uri(client.BaseAddress!, $"/trading/markets/{Market}/");
        return TestCaller.Speak(client, role, participant, subject);
    }

    /// <summary>A stream of order entry; the caller begins its session.</summary>
    public AsyncDuplexStreamingCall<OrderEntryRequest, OrderEntryReply> OrderEntry(string role, Guid participant, string? subject = null) => new OrderEntry.OrderEntryClient(
        GrpcChannel.ForAddress(_host!.Server.BaseAddress, new GrpcChannelOptions { HttpHandler = _host.Server.CreateHandler() }))
        .Trade(Headers(role, participant, subject));

    /// <summary>Settlement says that cash or units have arrived.</summary>
    public Task Fund(Guid participant, string? instrument, long amount) => Tell(new TradingAccountsFunded
    {
        Market = Market,
        Fundings =
        [
            new TradingAccountsFunded.Funding
            {
                FundingId = Guid.CreateVersion7(), ParticipantId = participant, Instrument = instrument,
                Quantity = instrument is null ? 0 : amount, CashMinor = instrument is null ? amount : 0, At = LegalTime,
            },
        ],
    });

    /// <summary>Settlement says that so many units on a trading account are held.</summary>
    public Task Hold(Guid participant, string instrument, long quantity, long version) => Tell(new TradingUnitsHeld
    {
        Market = Market,
        Holds = [new TradingUnitsHeld.Hold { ParticipantId = participant, Instrument = instrument, Quantity = quantity, Version = version, At = LegalTime }],
    });

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (_settlement is not null)
            await _settlement.StopAsync();
        await _ledger.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>For services that run under other rules than those shipped.</summary>
    protected virtual void Configure(IServiceCollection services)
    {
    }

    private async Task Start()
    {
        _host = new Host(_postgres, _rabbitMq, _ledger.Address, services =>
        {
            services.AddSingleton(Clock());
            Configure(services);
        });
        using var client = _host.CreateClient();
        await Eventually.IsReady("Trading", client);
    }

    /// <summary>Of a service that never knew another time than the test's, and so has not gone ahead of it before it is told.</summary>
    private MarketClock Clock()
    {
        var clock = new MarketClock(TimeProvider.System);
        clock.Follow(++_clockVersion, LegalTime, LegalTime, running: false);
        return clock;
    }

    private void Follow()
    {
        _clockVersion++;
        _host!.Services.GetRequiredService<MarketClock>().Follow(_clockVersion, LegalTime, LegalTime, running: false);
    }

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions();
        ServiceDefaultsExtensions.Json(options);
        return options;
    }

    private sealed class Host(string postgres, string rabbitMq, Uri ledger, Action<IServiceCollection> configure) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseContentRoot(AppContext.BaseDirectory);
            builder.UseSetting("ConnectionStrings:Postgres", postgres);
            builder.UseSetting("ConnectionStrings:RabbitMq", rabbitMq);
            builder.UseSetting("Identity:Issuer", "http://localhost/");
            builder.UseSetting("Identity:MetadataAddress", "http://localhost/.well-known/openid-configuration");
            builder.UseSetting("Settlement:GrpcAddress", ledger.ToString());
            builder.ConfigureTestServices(services =>
            {
                TestCaller.Register(services);
                configure(services);
            });
        }
    }
}
