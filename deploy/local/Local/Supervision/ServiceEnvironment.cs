using CarbonMarket.Local.Infrastructure;

namespace CarbonMarket.Local.Supervision;

/// <summary>Everything the services are told, all of it through the environment.</summary>
internal sealed class ServiceEnvironment(
    Checkout checkout, LocalState state, LocalSecrets secrets, PrivatePostgres postgres, PrivateRabbitMq rabbitMq)
{
    public static string Database(int generation, string service) => $"m{generation}_{service}";

    public static string VirtualHost(int generation) => $"m{generation}";

    public string Address(string name) => $"http://127.0.0.1:{state.Ports[name]}";

    public IReadOnlyDictionary<string, string?> Of(ServiceDescription service, int generation)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Sandbox",
            ["DOTNET_ENVIRONMENT"] = null,
            ["ASPNETCORE_URLS"] = null,
            ["ASPNETCORE_HTTP_PORTS"] = null,
            ["Kestrel__Endpoints__Http__Url"] = Address(service.Name),
            ["Identity__Issuer"] = Address(Services.Gateway) + "/",
            ["Identity__MetadataAddress"] = Address(Services.Identity) + "/.well-known/openid-configuration",
            ["MarketClock__Mode"] = "Sandbox",
            ["Logging__Console__FormatterName"] = "simple",
            ["Logging__Console__FormatterOptions__SingleLine"] = "true",
            ["Logging__Console__FormatterOptions__TimestampFormat"] = "HH:mm:ss.fff ",
        };
        Runtime(environment);
        if (service.OwnsData)
            Data(environment, service, generation);
        if (service.ServesGrpc)
        {
            environment["Kestrel__Endpoints__Grpc__Url"] = Address(service.GrpcPort);
            environment["Kestrel__Endpoints__Grpc__Protocols"] = "Http2";
        }
        OwnSettings(environment, service, generation);
        return environment;
    }

    /// <summary>
    /// Many processes share two cores: a thread without work sleeps at once. Spinning took two fifths of the time of a busy
    /// gateway.
    /// </summary>
    private static void Runtime(Dictionary<string, string?> environment)
    {
        environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        environment["DOTNET_NOLOGO"] = "1";
    }

    private void Data(Dictionary<string, string?> environment, ServiceDescription service, int generation)
    {
        environment["ConnectionStrings__Postgres"] =
            postgres.ConnectionString(Database(generation, service.Name), service.Name, secrets.Services[service.Name]);
        environment["ConnectionStrings__RabbitMq"] = rabbitMq.AmqpUri(VirtualHost(generation));
        environment["MarketClock__Source"] = Address(Services.Allocation);
    }

    private void OwnSettings(Dictionary<string, string?> environment, ServiceDescription service, int generation)
    {
        switch (service.Name)
        {
            case Services.Identity:
                environment["Identity__SigningKeyFile"] = checkout.SigningKey;
                environment["Identity__Bootstrap__ClientId"] = secrets.OperatorClientId;
                environment["Identity__Bootstrap__ClientSecret"] = secrets.OperatorClientSecret;
                break;
            case Services.Settlement:
                environment["SettlementBank__Address"] = Address(Services.Bank);
                environment["SettlementBank__Key"] = secrets.Bank;
                break;
            case Services.Bank:
                environment["Bank__Key"] = secrets.Bank;
                environment["Bank__File"] = checkout.In($"bank-m{generation}.jsonl");
                environment["Bank__TimeZones__uk-ets"] = "Europe/London";
                environment["MarketClock__Source"] = Address(Services.Allocation);
                // It is late now and then, and says some things twice.
                environment["Bank__HoldBack"] = "2";
                environment["Bank__RepeatEvery"] = "3";
                break;
            case Services.Trading:
                environment["Settlement__GrpcAddress"] = Address("settlement-grpc");
                break;
            case Services.Audit:
                foreach (var store in Services.WithEventStore)
                    environment[$"Stores__{store.Name}"] = Address(store.Name);
                break;
            case Services.Gateway:
                foreach (var behind in Services.WithData)
                    environment[$"ReverseProxy__Clusters__{behind.Name}__Destinations__primary__Address"] = Address(behind.Name);
                environment["ReverseProxy__Clusters__trading-grpc__Destinations__primary__Address"] = Address("trading-grpc");
                break;
        }
    }
}
