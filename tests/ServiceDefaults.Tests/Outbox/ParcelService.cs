using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Bus;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Origins;
using CarbonMarket.ServiceDefaults.Tests.Outbox.Contracts;
using CarbonMarket.Testing;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Aggregation;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CarbonMarket.ServiceDefaults.Tests.Outbox
{
    /// <summary>A small service on the real ground: it records parcels, promises each to the others, and reads its own promises.</summary>
    public sealed class ParcelService : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private ParcelService(WebApplication app) => _app = app;

        public Arrivals Arrivals => _app.Services.GetRequiredService<Arrivals>();

        public ErrorQueues Errors => _app.Services.GetRequiredService<ErrorQueues>();

        public bool Leads => _app.Services.GetRequiredService<LeaderElection>().IsLeader;

        public IBusControl Bus => _app.Services.GetRequiredService<IBusControl>();

        public IEnumerable<ILeaderDuty> Duties => _app.Services.GetServices<ILeaderDuty>();

        public KnownOrigins Origins => _app.Services.GetRequiredService<KnownOrigins>();

        public ISerializer Serializer => _app.Services.GetRequiredService<IDocumentStore>().Options.Serializer();

        public EventHead Head => _app.Services.GetRequiredService<EventHead>();

        /// <summary>As the one instance there is: done when it leads and its queue stands, so that no parcel comes too early.</summary>
        public static async Task<ParcelService> Start(string database, string broker)
        {
            var service = await StartBeside(database, broker);
            await service.IsReady();
            return service;
        }

        /// <summary>As one more instance, which stands by while another leads.</summary>
        public static async Task<ParcelService> StartBeside(string database, string broker, Action<IServiceCollection>? with = null)
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ConnectionStrings:Postgres"] = database,
                ["ConnectionStrings:RabbitMq"] = broker,
                ["Identity:Issuer"] = "http://localhost/",
                ["Identity:MetadataAddress"] = "http://localhost/none",
                ["Urls"] = "http://127.0.0.1:0",
            });
            builder.AddServiceDefaults("parcels");
            builder.Services.AddSingleton<Arrivals>();
            builder.AddEventStore<ParcelPublishing>(store =>
            {
                store.Events.MapEventType<ParcelSent>("parcel.sent.v1");
                store.Projections.Add<ParcelProjection>(ProjectionLifecycle.Inline);
            });
            builder.AddBus(bus => bus.AddConsumer<WhenParcelAnnounced>());
            with?.Invoke(builder.Services);
            var app = builder.Build();
            app.UseServiceDefaults();
            await app.StartAsync();
            return new ParcelService(app);
        }

        public Task IsReady() => Eventually.Holds("the service leads and takes messages", () => Duties.All(duty => duty.IsReady), TimeSpan.FromSeconds(60));

        public async Task Send(params IEnumerable<int> numbers)
        {
            await using var scope = _app.Services.CreateAsyncScope();
            var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
            foreach (var number in numbers)
                session.Events.StartStream(Guid.CreateVersion7(), new ParcelSent(number));
            await session.SaveChangesAsync();
        }

        /// <summary>Breaks the connection that the leader's lock is held on.</summary>
        public async Task LoseLeadership(CancellationToken cancellation)
        {
            await using var select = _app.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'parcels-leader' and datname = current_database()");
            ((long)(await select.ExecuteScalarAsync(cancellation))!).ShouldBeGreaterThan(0);
        }

        /// <summary>Until <see cref="ShowPositions"/> whoever asks how far this subscription has come gets an error.</summary>
        public Task HidePositionOf(string subscription) => Execute(
            $$"""
            create sequence parcels.asked;
            create function parcels.shows(subscription text) returns boolean language plpgsql as $f$ begin
                if subscription = '{{subscription}}' then
                    perform nextval('parcels.asked');
                    raise exception 'hidden';
                end if;
                return true;
            end $f$;
            alter table parcels.mt_event_progression rename to mt_event_progression_hidden;
            create view parcels.mt_event_progression as select * from parcels.mt_event_progression_hidden where parcels.shows(name);
            """);

        public Task ShowPositions() =>
            Execute("drop view parcels.mt_event_progression; alter table parcels.mt_event_progression_hidden rename to mt_event_progression");

        public async Task<bool> WasAskedForPosition()
        {
            await using var select = _app.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("select is_called from parcels.asked");
            return (bool)(await select.ExecuteScalarAsync())!;
        }

        public async Task InSession(Func<IDocumentSession, Task> work)
        {
            await using var scope = _app.Services.CreateAsyncScope();
            await work(scope.ServiceProvider.GetRequiredService<IDocumentSession>());
        }

        /// <summary>What the parcel's stream says, in its order.</summary>
        public async Task<IReadOnlyList<int>> Numbers(Guid parcel)
        {
            await using var scope = _app.Services.CreateAsyncScope();
            var events = await scope.ServiceProvider.GetRequiredService<IQuerySession>().Events.FetchStreamAsync(parcel);
            return [.. events.Select(recorded => ((ParcelSent)recorded.Data).Number)];
        }

        /// <summary>Done when some session of the store executes a pg_sleep.</summary>
        public Task Sleeps(CancellationToken cancellation) => Eventually.Holds("the command is under way", async () =>
        {
            await using var select = _app.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
                "select count(*) from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid() and state = 'active'");
            return (long)(await select.ExecuteScalarAsync(cancellation))! > 0;
        }, TimeSpan.FromSeconds(30), cancellation);

        public Task<Rewinding> PublishAgain(long fromSequence, CancellationToken cancellation) =>
            _app.Services.GetRequiredService<SubscriptionsDuty>().Rewind("publishing", fromSequence, cancellation);

        public Task AllArrive(int count) =>
            Eventually.Holds($"{count} parcels arrive", () => Arrivals.Numbers.Count >= count, TimeSpan.FromSeconds(180));

        public async ValueTask DisposeAsync()
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        private async Task Execute(string sql)
        {
            await using var command = _app.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    public sealed record ParcelSent(int Number);

    public sealed record Parcel
    {
        public Guid Id { get; init; }

        public int Last { get; init; }
    }

    public sealed partial class ParcelProjection : SingleStreamProjection<Parcel, Guid>
    {
        public ParcelProjection() => IncludeType<ParcelSent>();

        public override Parcel Evolve(Parcel? snapshot, Guid id, IEvent e) => new() { Id = id, Last = ((ParcelSent)e.Data).Number };
    }

    public sealed class Arrivals
    {
        private readonly Lock _gate = new();
        private readonly List<(int Number, Guid? MessageId)> _all = [];
        private int _refusals;

        /// <summary>Set to have nothing taken for the moment, as while an engine loads its state.</summary>
        public bool Unavailable { get; set; }

        /// <summary>Messages that were refused for the moment.</summary>
        public int Refusals => Volatile.Read(ref _refusals);

        /// <summary>Set to have numbers refused, as a consumer with a fault would.</summary>
        public Func<int, bool> Poisonous { get; set; } = _ => false;

        public IReadOnlyList<int> Numbers
        {
            get
            {
                lock (_gate)
                    return [.. _all.DistinctBy(a => a.MessageId).Select(a => a.Number)];
            }
        }

        /// <summary>How often something arrived, repeats included.</summary>
        public int Count
        {
            get
            {
                lock (_gate)
                    return _all.Count;
            }
        }

        public void Refuse() => Interlocked.Increment(ref _refusals);

        public void Add(int number, Guid? messageId)
        {
            lock (_gate)
                _all.Add((number, messageId));
        }
    }

    public sealed class ParcelPublishing(IBus bus, ILogger<ParcelPublishing> logger) : IntegrationPublisher(bus, logger)
    {
        protected override IEnumerable<Promise> Translate(IReadOnlyList<IEvent> page) =>
            page.Where(e => e.Data is ParcelSent).Select(e => new Promise(new ParcelAnnounced { Number = ((ParcelSent)e.Data).Number }, e));
    }

    public sealed class WhenParcelAnnounced(Arrivals arrivals, LeaderElection election) : IConsumer<ParcelAnnounced>
    {
        public Task Consume(ConsumeContext<ParcelAnnounced> context)
        {
            if (arrivals.Unavailable || !election.IsLeader)
            {
                arrivals.Refuse();
                throw new EngineUnavailableException();
            }
            if (arrivals.Poisonous(context.Message.Number))
                throw new InvalidOperationException("This parcel is poison.");
            arrivals.Add(context.Message.Number, context.MessageId);
            return Task.CompletedTask;
        }
    }
}

namespace CarbonMarket.ServiceDefaults.Tests.Outbox.Contracts
{
    public sealed record ParcelAnnounced
    {
        public required int Number { get; init; }
    }
}
