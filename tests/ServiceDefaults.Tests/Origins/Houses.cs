using System.Text.Json;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Bus;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Tests.Origins.Contracts;
using CarbonMarket.Testing;
using JasperFx.Events;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CarbonMarket.ServiceDefaults.Tests.Origins
{
    /// <summary>A house that numbers what it pays and journals it, as Settlement numbers fundings.</summary>
    internal sealed class PayingHouse(WebApplication app) : IAsyncDisposable
    {
        public static async Task<PayingHouse> Start(string database, string broker) => new(await Houses.Start("paying", database, broker, builder =>
        {
            builder.AddEventStore<PaymentPublishing>(store => store.Events.MapEventType<Paid>("paid.v1"));
            builder.AddBus();
            builder.Services.AddJournaledEngine<PaymentModel, PaymentBook, Pay, Paid>("paying", ["all"]);
        }));

        /// <summary>Pays once, and a number of the journal passes that nobody is told of.</summary>
        public async Task Pays(params IEnumerable<string> whom)
        {
            foreach (var name in whom)
                (await Execute(name)).ShouldBeOfType<Outcome<Paid>.Accepted>();
        }

        public Task PublishesAgain() => app.Services.GetRequiredService<SubscriptionsDuty>().Rewind("publishing", 1, TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync() => await Houses.Stop(app);

        private Task<Outcome<Paid>> Execute(string whom) => app.Services.GetRequiredService<Engines<PaymentBook, Pay, Paid>>().For("all")!.Execute(
            new CommandEnvelope<Pay>(Guid.CreateVersion7(), new Pay(whom, TimeProvider.System.GetUtcNow()), new Provenance("", "", Actor.Platform("paying"))),
            TestContext.Current.CancellationToken);
    }

    /// <summary>A house that is told of payments and knows them by their number.</summary>
    internal sealed class ToldHouse(WebApplication app) : IAsyncDisposable
    {
        private const string Queue = "told-when-payment-made";

        public IReadOnlyList<string> Knows => app.Services.GetRequiredService<ToldPayments>().All;

        public int Messages => app.Services.GetRequiredService<ToldPayments>().Messages;

        public static async Task<ToldHouse> Start(string database, string broker) => new(await Houses.Start("told", database, broker, builder =>
        {
            builder.Services.AddSingleton<ToldPayments>();
            builder.AddEventStore<NoPublishing>(_ => { });
            builder.AddBus(bus => bus.AddConsumer<WhenPaymentMade>());
        }));

        public Task IsTold(int messages) => Eventually.Holds($"{messages} messages arrive", () => Messages >= messages, TimeSpan.FromSeconds(60));

        public async Task<IReadOnlyList<ErrorMessage>> Refuses(int messages)
        {
            var errors = app.Services.GetRequiredService<ErrorQueues>();
            var cancellation = TestContext.Current.CancellationToken;
            await Eventually.Holds($"{messages} messages are refused",
                async () => (await errors.List(cancellation)).Single(queue => queue.Queue == Queue).Messages == messages, TimeSpan.FromSeconds(60));
            return await errors.Read(Queue, messages, cancellation);
        }

        public async Task<HealthReportEntry> Health() =>
            (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["origins"];

        public async ValueTask DisposeAsync() => await Houses.Stop(app);
    }

    internal static class Houses
    {
        public static async Task<WebApplication> Start(string service, string database, string broker, Action<WebApplicationBuilder> configure)
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
            builder.AddServiceDefaults(service);
            configure(builder);
            var app = builder.Build();
            app.UseServiceDefaults();
            await app.StartAsync();
            await Eventually.Holds($"{service} leads", () => app.Services.GetServices<ILeaderDuty>().All(duty => duty.IsReady), TimeSpan.FromSeconds(60));
            return app;
        }

        public static async Task Stop(WebApplication app)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        /// <summary>As it would be restored from a backup that is taken now.</summary>
        public static async Task<string> Backup(string database)
        {
            var of = new NpgsqlConnectionStringBuilder(database);
            var copy = new NpgsqlConnectionStringBuilder(database) { Database = $"restored_{Guid.CreateVersion7():n}" };
            await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { Database = "postgres" }.ConnectionString);
            await using var end = source.CreateCommand($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{of.Database}'");
            await end.ExecuteNonQueryAsync();
            await using var create = source.CreateCommand($"create database \"{copy.Database}\" template \"{of.Database}\"");
            await create.ExecuteNonQueryAsync();
            return copy.ConnectionString;
        }
    }

    internal sealed record Pay(string Whom, DateTimeOffset At);

    public sealed record Paid(long Number, string Whom, DateTimeOffset At);

    internal sealed record PaymentBook(long Payments);

    internal sealed class PaymentModel : IJournaledModel<PaymentBook, Pay, Paid>
    {
        public PaymentBook Initial() => new(0);

        public Decision<Paid> Decide(PaymentBook state, Pay command) => Decision<Paid>.Accept(new Paid(state.Payments + 1, command.Whom, command.At));

        public PaymentBook Evolve(PaymentBook state, Paid @event) => new(@event.Number);

        public byte[] WriteSnapshot(PaymentBook state) => JsonSerializer.SerializeToUtf8Bytes(state);

        public PaymentBook ReadSnapshot(ReadOnlyMemory<byte> snapshot) => JsonSerializer.Deserialize<PaymentBook>(snapshot.Span)!;
    }

    /// <summary>Tells of all payments of a page at once. Of who is called nobody it tells nothing.</summary>
    internal sealed class PaymentPublishing(IBus bus, ILogger<PaymentPublishing> logger) : IntegrationPublisher(bus, logger)
    {
        protected override IEnumerable<Promise> Translate(IReadOnlyList<IEvent> page)
        {
            var paid = page.Where(recorded => recorded.Data is Paid { Whom: not "nobody" }).ToList();
            if (paid.Count > 0)
                yield return new Promise(new PaymentsMade { Numbered = [.. paid.Select(one => $"{((Paid)one.Data).Number} {((Paid)one.Data).Whom}")] }, paid[0]);
        }
    }

    internal sealed class NoPublishing(IBus bus, ILogger<NoPublishing> logger) : IntegrationPublisher(bus, logger);

    /// <summary>Each number counts once: what comes under it again is taken for a repeat.</summary>
    internal sealed class ToldPayments
    {
        private readonly Dictionary<string, string> _byNumber = new(StringComparer.Ordinal);

        public int Messages { get; private set; }

        public IReadOnlyList<string> All => [.. _byNumber.Values];

        public void Add(PaymentsMade made)
        {
            foreach (var payment in made.Numbered)
                _byNumber.TryAdd(payment.Split(' ')[0], payment);
            Messages++;
        }
    }

    internal sealed class WhenPaymentMade(ToldPayments told) : IConsumer<PaymentsMade>
    {
        public Task Consume(ConsumeContext<PaymentsMade> context)
        {
            told.Add(context.Message);
            return Task.CompletedTask;
        }
    }
}

namespace CarbonMarket.ServiceDefaults.Tests.Origins.Contracts
{
    public sealed record PaymentsMade
    {
        public required IReadOnlyList<string> Numbered { get; init; }
    }
}
