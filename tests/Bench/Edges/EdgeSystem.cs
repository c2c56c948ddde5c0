using System.Security.Cryptography;
using CarbonMarket.Bench.Market;
using CarbonMarket.Local.Infrastructure;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using CarbonMarket.Trading.Market;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CarbonMarket.Bench.Edges;

/// <summary>A trader with means enough, and the client that acts for it.</summary>
internal sealed record Firm(Guid ParticipantId, ApiClient Client);

/// <summary>
/// What an order comes by on its way through the gateway, as real processes: Identity, the clock's owner, Settlement, Trading
/// and the gateway. Market data and what is promised to other services are told as always; there is no audit log.
/// </summary>
internal sealed class EdgeSystem : IAsyncDisposable
{
    public const string Market = "gansu";
    private const int MostFirms = 64;
    private const long Units = 1_000_000_000;
    private const long CashMinor = 10_000_000_000_000;

    private static readonly string[] WithData = ["Identity", "Allocation", "Settlement", "Trading"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Programs programs = new();
    private readonly Dictionary<string, int> ports = [];
    private readonly ServiceProvider clients;
    private readonly Tokens tokens;
    private readonly MarketClient gateway;
    private readonly ApiClient first = new("bench-operator", RandomNumberGenerator.GetHexString(64));
    private NpgsqlDataSource? journal;

    private EdgeSystem()
    {
        string[] doors = [.. WithData, "Gateway", "Trading-grpc", "Settlement-grpc", "Gateway-grpc"];
        foreach (var (door, port) in doors.Zip(FreePorts.Pick(doors.Length)))
            ports.Add(door, port);
        clients = Resilience.HttpClients(Gateway, RetryLimits.Default);
        var http = clients.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(MarketClient));
        tokens = new Tokens(http, TimeProvider.System);
        gateway = new MarketClient(http, tokens);
    }

    public Uri Gateway => new(Address("Gateway"));

    public Uri GatewayForGrpc => new(Address("Gateway-grpc"));

    public IReadOnlyList<Firm> Firms { get; private set; } = [];

    public static async Task<EdgeSystem> Start(RunningServers servers, CancellationToken cancellationToken)
    {
        Figures.Say("Starting the services and the gateway ...");
        var system = new EdgeSystem();
        try
        {
            await system.StartServices(servers, cancellationToken);
            await system.Open(cancellationToken);
            return system;
        }
        catch (Exception exception)
        {
            var log = system.EndOfLog();
            await system.DisposeAsync();
            throw new InvalidOperationException($"The services could not be brought up. The end of their log:\n{log}", exception);
        }
    }

    public string EndOfLog() => programs.EndOfLog();

    /// <summary>So that what is measured beside it has the machine for itself.</summary>
    public void Pause() => programs.Pause();

    public Task Resume(CancellationToken cancellationToken)
    {
        programs.Resume();
        return IsReady(cancellationToken);
    }

    public Task<string> Token(Firm firm, CancellationToken cancellationToken) => tokens.For(firm.Client, renew: false, cancellationToken);

    /// <summary>Version of the market's journal: how many events are durable.</summary>
    public Task<long> Version(CancellationToken cancellationToken) =>
        Ask($"select version from trading.mt_streams where id = '{Venues.StreamOf(Market)}'", cancellationToken);

    /// <summary>No order stands any more, and whatever follows Trading's journal has come to its end; but for the feed of the log that is not there.</summary>
    public async Task Quiet(CancellationToken cancellationToken)
    {
        await Task.WhenAll(Firms.Select(firm => gateway.Post(
            firm.Client, $"trading/markets/{Market}/orders/cancellation", new { cancellationId = Guid.CreateVersion7() }, cancellationToken)));
        await Eventually.Holds("Trading has told and written down everything", async () => await Ask(
            "select max(e.seq_id) - (select min(last_seq_id) from trading.mt_event_progression where name like '%:All' and name not like 'audit%') from trading.mt_events e",
            cancellationToken) == 0, Patience, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await programs.DisposeAsync();
        await clients.DisposeAsync();
        if (journal is not null)
            await journal.DisposeAsync();
    }

    private async Task<long> Ask(string sql, CancellationToken cancellationToken)
    {
        await using var command = journal!.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private string Address(string door) => BareServers.Address(ports[door]);

    private async Task StartServices(RunningServers servers, CancellationToken cancellationToken)
    {
        var rabbitMq = await servers.CreateVirtualHost(cancellationToken);
        await File.WriteAllTextAsync(SigningKey, RSA.Create(3072).ExportPkcs8PrivateKeyPem(), cancellationToken);
        foreach (var service in WithData)
        {
            var database = await servers.CreateDatabase(service, cancellationToken);
            if (service == "Trading")
                journal = NpgsqlDataSource.Create(database);
            await programs.Start(service, Environment(service, new(StringComparer.Ordinal)
            {
                ["ConnectionStrings__Postgres"] = database,
                ["ConnectionStrings__RabbitMq"] = rabbitMq,
                ["MarketClock__Source"] = Address("Allocation"),
                ["Policy__Markets"] = Market,
                ["Identity__SigningKeyFile"] = SigningKey,
                ["Identity__Bootstrap__ClientId"] = first.ClientId,
                ["Identity__Bootstrap__ClientSecret"] = first.Secret,
                ["Settlement__GrpcAddress"] = Address("Settlement-grpc"),
            }));
        }
        var clusters = WithData.ToDictionary(Cluster, service => (string?)Address(service), StringComparer.Ordinal);
        clusters.Add(Cluster("Trading-grpc"), Address("Trading-grpc"));
        // Some services are not here, and that need not be said every two seconds.
        clusters.Add("Logging__LogLevel__Yarp.ReverseProxy.Health", "None");
        await programs.Start("Gateway", Environment("Gateway", clusters));
    }

    private string SigningKey => Path.Combine(programs.Home, "signing-key.pem");

    private static string Cluster(string service) => $"ReverseProxy__Clusters__{service.ToLowerInvariant()}__Destinations__primary__Address";

    private Dictionary<string, string?> Environment(string service, Dictionary<string, string?> own)
    {
        own["ASPNETCORE_ENVIRONMENT"] = "Sandbox";
        own["MarketClock__Mode"] = "Sandbox";
        own["Kestrel__Endpoints__Http__Url"] = Address(service);
        own["Identity__Issuer"] = Address("Gateway") + "/";
        own["Identity__MetadataAddress"] = Address("Identity") + "/.well-known/openid-configuration";
        if (ports.ContainsKey($"{service}-grpc"))
        {
            own["Kestrel__Endpoints__Grpc__Url"] = Address($"{service}-grpc");
            own["Kestrel__Endpoints__Grpc__Protocols"] = "Http2";
        }
        return own;
    }

    private async Task IsReady(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        foreach (var service in (string[])[.. WithData, "Gateway"])
            await Eventually.Holds($"{service} is ready", async () =>
                (await http.GetAsync(new Uri(Address(service) + "/health/ready"), cancellationToken)).IsSuccessStatusCode, Patience, cancellationToken);
    }

    private async Task Open(CancellationToken cancellationToken)
    {
        await IsReady(cancellationToken);
        var clock = await gateway.Put<ClockReading>(first, "clock", new ClockSetting(RunningMarket.Morning, Running: false), cancellationToken);
        foreach (var service in WithData)
            await Eventually.Holds($"{service} follows the clock", async () =>
                (await gateway.Get<ClockReading>(first, $"{service.ToLowerInvariant()}/clock", cancellationToken)).Version >= clock.Version, Patience, cancellationToken);
        await Endow(cancellationToken);
    }

    private async Task Endow(CancellationToken cancellationToken)
    {
        var (authority, regulator, official) = (Guid.CreateVersion7(), Client("regulator"), Client("official"));
        var accounts = Enumerable.Range(1, MostFirms).ToDictionary(number => new Firm(Guid.CreateVersion7(), Client($"firm-{number}")), _ => Guid.CreateVersion7());
        Firms = [.. accounts.Keys];
        await gateway.PostBatches(first, "identity/participants/batch", Firms.Select(firm => new NewParticipant(firm.ParticipantId, firm.Client.ClientId, "emitter"))
            .Append(new NewParticipant(authority, "authority", "regulator")), _ => { }, cancellationToken);
        await gateway.AdmitClients(first, regulator,
            [Of(authority, regulator, "regulator"), Of(authority, official, "regulator"), .. Firms.Select(firm => Of(firm.ParticipantId, firm.Client, "emitter"))],
            _ => { }, cancellationToken);
        await gateway.PostBatches(regulator, $"settlement/markets/{Market}/accounts/batch",
            accounts.Select(firm => new NewAccount(firm.Value, firm.Key.ParticipantId, "trading")), _ => { }, cancellationToken);
        await gateway.PostBatches(first, $"settlement/markets/{Market}/cash-deposits/batch",
            accounts.Values.Select(account => new NewDeposit(Guid.CreateVersion7(), account, CashMinor)), _ => { }, cancellationToken);
        foreach (var account in accounts.Values)
        {
            var issuance = $"settlement/markets/{Market}/issuances/{Guid.CreateVersion7()}";
            await gateway.Put(regulator, issuance, new NewIssuance(account, OrderFlow.Instrument, null, Units), cancellationToken);
            await gateway.Post(official, $"{issuance}/approval", new Nothing(), cancellationToken);
        }
        foreach (var firm in Firms)
            await Eventually.Holds("Trading knows what everybody has", () => Has(firm, cancellationToken), Patience, cancellationToken);
    }

    private async Task<bool> Has(Firm firm, CancellationToken cancellationToken)
    {
        var account = await gateway.Get<System.Text.Json.JsonElement>(firm.Client, $"trading/markets/{Market}/account", cancellationToken);
        return account.GetProperty("cash").GetProperty("availableMinor").GetInt64() == CashMinor && account.GetProperty("units").GetArrayLength() == 1;
    }

    private ApiClient Client(string name) => ApiClient.DerivedFrom(first, name);

    private static NewClient Of(Guid participant, ApiClient client, string role) =>
        new(Guid.CreateVersion7(), participant, client.ClientId, client.SecretDigest, client.ClientId, [role]);
}
