using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CarbonMarket.Local.Infrastructure;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Npgsql;

namespace CarbonMarket.Identity.Tests;

/// <summary>The whole service on a real port, as its process would run it.</summary>
public sealed class IdentityService : WebApplicationFactory<Program>
{
    public const string OperatorClientId = "first-operator";
    public static readonly string OperatorSecret = NewSecret();

    private readonly Dictionary<string, string> _settings;
    private readonly Uri _address;

    private IdentityService(Ground ground, int port, string operatorSecret)
    {
        _address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        _settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Postgres"] = ground.Database,
            ["ConnectionStrings:RabbitMq"] = ground.Broker,
            ["Identity:Issuer"] = ground.Issuer,
            ["Identity:MetadataAddress"] = new Uri(_address, ".well-known/openid-configuration").AbsoluteUri,
            ["Identity:SigningKeyFile"] = ground.KeyFile,
            ["Identity:Bootstrap:ClientId"] = OperatorClientId,
            ["Identity:Bootstrap:ClientSecret"] = operatorSecret,
        };
        UseKestrel(port);
        Ground = ground;
        Http = new HttpClient { BaseAddress = _address };
    }

    public Ground Ground { get; }

    public HttpClient Http { get; }

    /// <summary>An instance that may stand by, if another leads.</summary>
    public static IdentityService Start(Ground ground, string? operatorSecret = null)
    {
        var service = new IdentityService(ground, FreePorts.Pick(1)[0], operatorSecret ?? OperatorSecret);
        service.StartServer();
        return service;
    }

    public static async Task<IdentityService> StartReady(Ground ground, string? operatorSecret = null)
    {
        var service = Start(ground, operatorSecret);
        await service.IsReady();
        return service;
    }

    public static string NewSecret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))
        .TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public Task IsReady() => Eventually.IsReady("Identity", Http);

    public async Task<HttpResponseMessage> AskToken(string clientId, string secret, string grant = "client_credentials")
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = grant,
            ["client_id"] = clientId,
            ["client_secret"] = secret,
        });
        return await Http.PostAsync(new Uri("connect/token", UriKind.Relative), form);
    }

    public async Task<string> Token(string clientId, string secret)
    {
        using var answer = await AskToken(clientId, secret);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    public async Task<HttpClient> As(string clientId, string secret) => With(await Token(clientId, secret));

    public Task<HttpClient> As(NewClient client) => As(client.ClientId, client.Secret);

    public Task<HttpClient> AsOperator() => As(OperatorClientId, OperatorSecret);

    public HttpClient With(string token) => new()
    {
        BaseAddress = _address,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Test");
        builder.UseContentRoot(AppContext.BaseDirectory);
        foreach (var (key, value) in _settings)
            builder.UseSetting(key, value);
    }

    public override async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await base.DisposeAsync();
    }
}

/// <summary>What outlives an instance of the service: its database, its broker, its signing key.</summary>
public sealed record Ground(string Database, string Broker, string KeyFile, string Issuer = "http://localhost:5100/")
{
    public static async Task<Ground> New(string name)
    {
        // Beside the tests' own program: written anew by the next run, and gone with the build's output.
        var keyFile = Path.Combine(AppContext.BaseDirectory, $"{name}.pem");
        using (var rsa = RSA.Create(2048))
            await File.WriteAllTextAsync(keyFile, rsa.ExportPkcs8PrivateKeyPem());
        return new Ground(await RealServers.CreateDatabase(name), await RealServers.CreateVirtualHost(), keyFile);
    }

    public async Task<T> Scalar<T>(string query)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The tests' own words.
        await using var command = new NpgsqlCommand(query, connection);
#pragma warning restore CA2100
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task Do(string statements)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The tests' own words.
        await using var command = new NpgsqlCommand(statements, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    public Task<long> Events() => Scalar<long>("select count(*) from identity.mt_events");
}

/// <summary>Tests against the one running Identity.</summary>
[CollectionDefinition]
public sealed class RunningIdentity : ICollectionFixture<IdentityFixture>;

/// <summary>One running Identity that the tests share, and ways to fill it with strangers.</summary>
public sealed class IdentityFixture : IAsyncLifetime
{
    private IdentityService? _service;

    public IdentityService Service => _service!;

    public HttpClient Operator { get; private set; } = null!;

    /// <summary>Another official, who confirms what the operator registers.</summary>
    public HttpClient Official { get; private set; } = null!;

    public static Guid NewId() => Guid.CreateVersion7();

    public async ValueTask InitializeAsync()
    {
        _service = await IdentityService.StartReady(await Ground.New("identity"));
        Operator = await _service.AsOperator();
        var official = Client(await Registered("regulator"), "regulator");
        (await Operator.Batch("identity/clients/batch", official)).ShouldAllBe(result => result.Outcome == "accepted");
        Official = await _service.As(official);
    }

    public async ValueTask DisposeAsync()
    {
        Operator?.Dispose();
        Official?.Dispose();
        if (_service is not null)
            await _service.DisposeAsync();
    }

    public async Task<Guid> Registered(string kind)
    {
        var id = NewId();
        var results = await Operator.Batch("identity/participants/batch", Participant(id, kind));
        results.ShouldAllBe(result => result.Outcome == "accepted");
        return id;
    }

    /// <summary>A registered organisation with one client; the client's requests.</summary>
    public async Task<(Guid ParticipantId, HttpClient Http)> Acting(string kind)
    {
        var participant = await Registered(kind);
        var client = Client(participant, kind);
        await Admitted(client);
        return (participant, await Service.As(client));
    }

    /// <summary>Registered by the operator and confirmed by the other official.</summary>
    public async Task Admitted(params IReadOnlyList<NewClient> clients)
    {
        (await Operator.Batch("identity/clients/batch", clients)).ShouldAllBe(result => result.Outcome == "accepted");
        (await Confirm(Official, clients)).ShouldAllBe(result => result.Outcome == "accepted");
    }

    public static Task<IReadOnlyList<ItemAnswer>> Confirm(HttpClient official, params IEnumerable<NewClient> clients) =>
        official.Batch("identity/clients/confirmations/batch", clients.Select(client => new { client.Id }));

    public static NewParticipant Participant(Guid id, string kind = "emitter", string? code = null) => new(id, $"Works {id:n}", kind, code);

    public static NewClient Client(Guid participantId, params string[] roles) =>
        new(NewId(), participantId, $"client-{NewId():n}", IdentityService.NewSecret(), "Its trading desk", roles);
}

public sealed record NewParticipant(Guid ParticipantId, string Name, string Kind, string? RegistrationCode);

public sealed record NewClient(
    Guid Id, Guid ParticipantId, string ClientId, [property: JsonIgnore] string Secret, string DisplayName, IReadOnlyList<string> Roles)
{
    public string SecretDigest { get; init; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)));

    /// <summary>Under another secret.</summary>
    public NewClient WithNewSecret() => new(Id, ParticipantId, ClientId, IdentityService.NewSecret(), DisplayName, Roles);
}

public static class Asking
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Task<HttpResponseMessage> Post(this HttpClient http, string path, object body) =>
        http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, Json);

    public static async Task<IReadOnlyList<ItemAnswer>> Batch<T>(this HttpClient http, string path, params IEnumerable<T> items)
    {
        using var response = await http.Post(path, new { items });
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<BatchAnswer>(Json))!.Results;
    }

    public static Task<JsonElement> Read(this HttpClient http, string path) =>
        http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative))!;

    public static async Task<JsonElement> Problem(this HttpResponseMessage response, int status)
    {
        ((int)response.StatusCode).ShouldBe(status, await response.Content.ReadAsStringAsync());
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}

/// <summary>A batch's answer as any client reads it.</summary>
public sealed record BatchAnswer(IReadOnlyList<ItemAnswer> Results);

public sealed record ItemAnswer(Guid Id, string Outcome, string? Code, string? Reason);
