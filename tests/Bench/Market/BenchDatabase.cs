using CarbonMarket.Journaling;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.Testing.Servers;
using CarbonMarket.Trading.Market;
using JasperFx;
using Marten;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CarbonMarket.Bench.Market;

/// <summary>
/// A service's event store as that service configures it (Trading's, unless another is asked for), on a PostgreSQL of our own that flushes every commit; both are gone
/// with us.
/// </summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    public const string Schema = "trading";

    public static MarketModel Model { get; } =
        new(PolicyPackCatalog.Load(Path.Combine(AppContext.BaseDirectory, "policy-packs"), ["gansu"]).Versions("gansu"));

    private readonly RunningServers servers = RealServers.Own();
    private string schema = Schema;
    private Action<StoreOptions> history = History.Configure;

    /// <summary>What else is measured here shares them: nothing is faster for having a server to itself.</summary>
    public RunningServers Servers => servers;

    public NpgsqlDataSource Source { get; private set; } = null!;

    public DocumentStore Store { get; private set; } = null!;

    public static async Task<BenchDatabase> Create(
        CancellationToken cancellationToken, string schema = Schema, Action<StoreOptions>? history = null)
    {
        Figures.Say("Starting PostgreSQL ...");
        var database = new BenchDatabase { schema = schema };
        database.history = history ?? database.history;
        try
        {
            database.Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(await database.servers.CreateDatabase("bench", cancellationToken))
            {
                WriteBufferSize = EventStoreExtensions.WriteBufferBytes,
            });
            database.Store = database.OpenStore(_ => { });
            await database.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
            if (await database.Ask<string>("show synchronous_commit") != "on" || await database.Ask<string>("show fsync") != "on")
                throw new InvalidOperationException("This PostgreSQL does not flush its commits; there is nothing to measure.");
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public DocumentStore OpenStore(Action<StoreOptions> configure) => DocumentStore.For(options =>
    {
        options.Connection(Source);
        EventStoreExtensions.Conventions(options, schema, AutoCreate.CreateOrUpdate, history);
        options.AddJournal();
        configure(options);
    });

    /// <summary>The real market of a pack, run by the real engine, in a journal of its own.</summary>
    public JournaledEngine<MarketState, MarketCommand, MarketEvent> Engine(string partition, JournaledEngineOptions options) =>
        JournalingRegistration.Engine("trading", partition, Model, Store, Source, options,
            NullLogger<JournaledEngine<MarketState, MarketCommand, MarketEvent>>.Instance);

    /// <summary>Empty tables and nothing left to write: the next part owes nothing to the one before.</summary>
    public async Task Clear(CancellationToken cancellationToken)
    {
        await Tell($"truncate {schema}.mt_events, {schema}.mt_streams, {schema}.journal_snapshots, {schema}.journal_commands", cancellationToken);
        await Tell("checkpoint", cancellationToken);
    }

    public async Task Tell(string sql, CancellationToken cancellationToken)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 300;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<T> Ask<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        if (Store is not null)
            await Store.DisposeAsync();
        if (Source is not null)
            await Source.DisposeAsync();
        await servers.DisposeAsync();
    }

}
