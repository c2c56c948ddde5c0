using System.Text.Json.Serialization;
using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.ServiceDefaults.Origins;
using CarbonMarket.ServiceDefaults.Platform;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Weasel.Core;

namespace CarbonMarket.ServiceDefaults.EventStore;

public static class EventStoreExtensions
{
    /// <summary>Each page costs a query and a commit of its own, whatever is on it.</summary>
    private const int EventsPerPage = 2_500;
    private const int PagesInMemory = 4;

    /// <summary>A batch of the journal goes to the server at once and not by the eight kilobytes, each of which wakes it.</summary>
    internal const int WriteBufferBytes = 128 * 1024;

    /// <summary>
    /// The service's own history: Marten on its own database, every event under an explicit name with its provenance,
    /// and the subscriptions that tell the other services and the audit log, run by the elected leader (ADR 0002).
    /// </summary>
    /// <param name="promised">The events of which <typeparamref name="TPublishing"/> makes promises: others it need not read; null: all.</param>
    /// <param name="unfollowed">Types of which most events are and which nobody follows by their type; null where there are no such.</param>
    public static TBuilder AddEventStore<TBuilder, TPublishing>(
        this TBuilder builder, Action<StoreOptions> configure, IReadOnlyList<Type>? promised = null, IReadOnlyList<Type>? unfollowed = null)
        where TBuilder : IHostApplicationBuilder
        where TPublishing : IntegrationPublisher
    {
        var service = builder.ServiceName();
        builder.AddPostgres();
        builder.Services.AddMarten(options =>
            {
                Conventions(options, service, builder.Environment.IsProduction() ? AutoCreate.None : AutoCreate.CreateOrUpdate, configure);
                options.Events.IgnoreIndex(FollowersIndex.Name);
            })
            .BuildSessionsWith<ProvenanceSessionFactory>(ServiceLifetime.Scoped)
            .ApplyAllDatabaseChangesOnStartup()
            .AddAsyncDaemon(DaemonMode.ExternallyManaged)
            .AddSubscriptionWithServices<TPublishing>(ServiceLifetime.Singleton, subscription =>
            {
                subscription.Name = Subscriptions.Publishing;
                Page(subscription.Options);
                foreach (var type in promised ?? [])
                    subscription.IncludeType(type);
            })
            .AddSubscriptionWithServices<AuditFeed>(ServiceLifetime.Singleton, subscription =>
            {
                subscription.Name = Subscriptions.AuditFeed;
                Page(subscription.Options);
            })
            .UseNpgsqlDataSource();
        if (unfollowed is not null)
            builder.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<FollowersIndex>(provider, unfollowed));
        builder.Services.AddSingleton<EventHead>();
        builder.Services.AddSingleton<KnownOrigins>();
        builder.Services.AddHostedService<OriginTables>();
        builder.Services.AddReadiness<OriginCheck>("origins");
        builder.Services.AddSingleton<SubscriptionsDuty>();
        builder.Services.AddSingleton<ILeaderDuty>(provider => provider.GetRequiredService<SubscriptionsDuty>());
        builder.AddLeaderElection();
        return builder;
    }

    /// <inheritdoc cref="AddEventStore{TBuilder,TPublishing}"/>
    public static IHostApplicationBuilder AddEventStore<TPublishing>(
        this IHostApplicationBuilder builder, Action<StoreOptions> configure, IReadOnlyList<Type>? promised = null, IReadOnlyList<Type>? unfollowed = null)
        where TPublishing : IntegrationPublisher =>
        builder.AddEventStore<IHostApplicationBuilder, TPublishing>(configure, promised, unfollowed);

    /// <summary>The data source of the service's database; its limits are small because six services share one server here.</summary>
    public static void AddPostgres(this IHostApplicationBuilder builder)
    {
        var connection = builder.Configuration.GetConnectionString("Postgres")
            ?? throw new InvalidOperationException("ConnectionStrings:Postgres is not set: the service's own database.");
        builder.Services.TryAddSingleton(_ =>
        {
            var source = new NpgsqlDataSourceBuilder(connection);
            source.ConnectionStringBuilder.MaxPoolSize = builder.Configuration.GetValue("Postgres:MaxPoolSize", 30);
            source.ConnectionStringBuilder.ApplicationName = builder.ServiceName();
            source.ConnectionStringBuilder.WriteBufferSize = WriteBufferBytes;
            // A writer that fell silent in mid-transaction may still fill its place in the sequence of events, so the
            // subscriptions wait for it: not for ever.
            source.ConnectionStringBuilder.Options ??= "-c idle_in_transaction_session_timeout=60s";
            return source.Build();
        });
        builder.Services.AddReadiness<StoreCheck>("store");
    }

    public static void AddLeaderElection(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ILeaderDuty, ClockFollowing>();
        builder.Services.AddLeaderElection(builder.ServiceName());
        builder.Services.AddReadiness<LeaderCheck>("leader");
    }

    internal static void Conventions(StoreOptions options, string service, AutoCreate schema, Action<StoreOptions> configure)
    {
        options.DatabaseSchemaName = service;
        options.Events.StreamIdentity = StreamIdentity.AsGuid;
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        options.Events.MetadataConfig.CausationIdEnabled = true;
        options.Events.MetadataConfig.HeadersEnabled = true;
        // A session keeps what it once fetched, also after a clash: the second attempt would decide on, and store, the old state.
        options.Events.UseIdentityMapForAggregates = false;
        options.Projections.Errors.SkipApplyErrors = false;
        options.Projections.Errors.SkipSerializationErrors = false;
        options.Projections.Errors.SkipUnknownEvents = false;
        options.Projections.FastPollingTime = TimeSpan.FromMilliseconds(50);
        options.Projections.SlowPollingTime = TimeSpan.FromMilliseconds(150);
        options.Projections.HealthCheckPollingTime = TimeSpan.FromSeconds(1);
        // What follows the journal comes after those who write it: it takes its turn, and no more of the machine than that.
        options.Projections.MaxConcurrentEventLoadsPerDatabase = 1;
        options.Projections.MaxConcurrentBatchWritesPerDatabase = 1;
        options.AutoCreateSchemaObjects = schema;
        options.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.CamelCase, json =>
        {
            json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip;
            JsonbOrder.Apply(json);
        });
        configure(options);
        foreach (var projection in options.Projections.All)
            Page(projection.Options);
    }

    private static void Page(AsyncOptions options) =>
        (options.BatchSize, options.MaximumHopperSize) = (EventsPerPage, PagesInMemory * EventsPerPage);
}
