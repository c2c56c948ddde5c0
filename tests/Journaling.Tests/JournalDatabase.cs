using CarbonMarket.Kernel;
using CarbonMarket.Testing.Servers;
using JasperFx.Events;
using Marten;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

[assembly: AssemblyFixture(typeof(RealServers))]

namespace CarbonMarket.Journaling.Tests;

/// <summary>A service's database with Marten configured as services configure it.</summary>
public sealed class JournalDatabase : IAsyncDisposable
{
    public const string Schema = "counting";
    private const string Service = "counting";

    private JournalDatabase(string connectionString, Action<StoreOptions>? configure)
    {
        ConnectionString = connectionString;
        Source = NpgsqlDataSource.Create(connectionString);
        Store = DocumentStore.For(options =>
        {
            options.Connection(Source);
            Configure(options);
            options.Events.MapEventType<CommandRefused>(CommandRefused.EventName);
            JournalTables.AddTo(options);
            configure?.Invoke(options);
        });
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public DocumentStore Store { get; }

    public static async Task<JournalDatabase> Create(Action<StoreOptions>? configure = null)
    {
        var database = new JournalDatabase(await RealServers.CreateDatabase("journal"), configure);
        await database.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        return database;
    }

    public static void Configure(StoreOptions options)
    {
        options.DatabaseSchemaName = Schema;
        options.Events.StreamIdentity = StreamIdentity.AsGuid;
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        options.Events.MetadataConfig.CausationIdEnabled = true;
        options.Events.MetadataConfig.HeadersEnabled = true;
        options.UseSystemTextJsonForSerialization();
        options.Events.MapEventType<CounterEvent.Added>("counter.added.v1");
        options.Events.MapEventType<CounterEvent.Taken>("counter.taken.v1");
        options.Events.MapEventType<CounterEvent.Missed>("counter.missed.v1");
        options.Events.MapEventType<CounterEvent.Broken>("counter.broken.v1");
    }

    public static Guid StreamOf(string partition) => DeterministicGuid.From($"{Service}:{partition}");

    internal MartenJournal Journal(string partition) => new(Store, Source, StreamOf(partition), TimeProvider.System);

    internal JournaledEngine<CounterBank, CounterCommand, CounterEvent> Engine(
        string partition, JournaledEngineOptions? options = null, Func<IJournal, IJournal>? through = null,
        IJournaledModel<CounterBank, CounterCommand, CounterEvent>? model = null) => new(
        Service, partition, model ?? new CounterModel(),
        new EngineStorage(() => (through ?? (journal => journal))(Journal(partition)),
            new SnapshotStore(Store, Source, StreamOf(partition), TimeProvider.System), TimeProvider.System),
        options ?? new JournaledEngineOptions { ShortestPause = TimeSpan.FromMilliseconds(20) }, NullLogger.Instance);

    public async Task<T> Ask<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task Tell(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await Source.DisposeAsync();
    }
}
