using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CarbonMarket.ServiceDefaults;
using CarbonMarket.ServiceDefaults.Bus;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using CarbonMarket.Testing.Service;
using JasperFx.Events;
using Marten;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CarbonMarket.Audit.Http;

public sealed class FeedTests
{
    private const int Parcels = 1200;

    [Fact]
    public async Task Events_committed_before_the_audit_service_ever_ran_are_in_its_log_all_the_same()
    {
        var token = TestContext.Current.CancellationToken;
        await using var audit = new AuditService();
        await audit.InitializeAsync();

        // A service that runs, commits and publishes while nobody has made the audit's queue yet.
        await using var parcels = await StartParcels(audit.RabbitMq);
        await using (var session = parcels.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            session.Events.StartStream(Recorded.Mill, Enumerable.Range(0, Parcels).Select(number => new ParcelSent(number, Recorded.Mill)));
            await session.SaveChangesAsync(token);
        }
        await Eventually.Holds("the feed finds no reader and waits", () => parcels.Services.GetRequiredService<Warnings>().Any, ct: token);

        audit.KnowsStore("parcels", new Uri(parcels.Urls.Single()));
        using var auditor = await audit.As("auditor");
        await Eventually.Holds("the log holds what the store holds", async () =>
            (await auditor.GetFromJsonAsync<JsonObject>("/audit/events/head", token))!["events"]!.GetValue<int>() == Parcels, ct: token);
        var summary = (await auditor.GetFromJsonAsync<JsonObject>("/audit/summary", token))!;
        summary["verified"]!.GetValue<bool>().ShouldBeTrue();
        summary["services"]![0]!["inStore"]!.GetValue<long>().ShouldBe((await parcels.Services.GetRequiredService<EventHead>().Read(token)).Events);
        var history = (await auditor.GetFromJsonAsync<JsonObject>($"/audit/events?participantId={Recorded.Mill}&limit=1", token))!;
        history["items"]![0]!["type"]!.GetValue<string>().ShouldBe("parcel.sent.v1");
        history["items"]![0]!["body"]!["number"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Events_that_are_too_large_for_one_message_go_in_several()
    {
        var token = TestContext.Current.CancellationToken;
        await using var audit = new AuditService();
        await audit.InitializeAsync();
        await using var parcels = await StartParcels(audit.RabbitMq);
        await using (var session = parcels.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            session.Events.StartStream(Recorded.Mill, Enumerable.Range(0, 10).Select(number => new ParcelSent(number, Recorded.Mill, new string('"', 1_000_000))));
            await session.SaveChangesAsync(token);
        }
        using var auditor = await audit.As("auditor");
        await Eventually.Holds("the log holds what the store holds", async () =>
            (await auditor.GetFromJsonAsync<JsonObject>("/audit/events/head", token))!["events"]!.GetValue<int>() == 10, ct: token);
    }

    [Fact]
    public async Task What_a_failed_transaction_leaves_in_the_store_is_no_event_and_not_in_the_log()
    {
        var token = TestContext.Current.CancellationToken;
        await using var audit = new AuditService();
        await audit.InitializeAsync();
        await using var parcels = await StartParcels(audit.RabbitMq);
        var store = parcels.Services.GetRequiredService<IDocumentStore>();
        await using (var session = store.LightweightSession())
        {
            session.Events.StartStream(Recorded.Mill, new ParcelSent(1, Recorded.Mill));
            await session.SaveChangesAsync(token);
        }
        await using (var session = store.LightweightSession())
        {
            session.Events.Append(Recorded.Mill, 3, new ParcelSent(2, Recorded.Mill), new ParcelSent(3, Recorded.Mill));
            session.QueueSqlCommand("select 1 / 0");
            await Should.ThrowAsync<Exception>(session.SaveChangesAsync(token));
        }
        await using (var session = store.LightweightSession())
        {
            session.Events.Append(Recorded.Mill, 2, new ParcelSent(4, Recorded.Mill));
            await session.SaveChangesAsync(token);
        }

        audit.KnowsStore("parcels", new Uri(parcels.Urls.Single()));
        using var auditor = await audit.As("auditor");
        await Eventually.Holds("the last event is in the log", async () =>
            (await auditor.GetStringAsync($"/audit/events?participantId={Recorded.Mill}", token)).Contains("\"number\":4", StringComparison.Ordinal), ct: token);
        var summary = (await auditor.GetFromJsonAsync<JsonObject>("/audit/summary", token))!;
        summary["events"]!.GetValue<long>().ShouldBe(2, summary.ToJsonString());
        summary["verified"]!.GetValue<bool>().ShouldBeTrue(summary.ToJsonString());
    }

    private static async Task<WebApplication> StartParcels(string broker)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Postgres"] = await RealServers.CreateDatabase("parcels"),
            ["ConnectionStrings:RabbitMq"] = broker,
            ["Identity:Issuer"] = "http://localhost/",
            ["Identity:MetadataAddress"] = "http://localhost/none",
            ["Urls"] = "http://127.0.0.1:0",
        });
        builder.AddServiceDefaults("parcels");
        TestCaller.Register(builder.Services);
        builder.Services.AddSingleton<Warnings>();
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<Warnings>());
        builder.AddEventStore<NothingPromised>(store => store.Events.MapEventType<ParcelSent>("parcel.sent.v1"));
        builder.AddBus();
        var app = builder.Build();
        app.UseServiceDefaults();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private sealed record ParcelSent(int Number, Guid SenderParticipantId, string? Content = null);

    private sealed class NothingPromised(IBus bus, ILogger<NothingPromised> logger) : IntegrationPublisher(bus, logger)
    {
        protected override IEnumerable<Promise> Translate(IReadOnlyList<IEvent> page) => [];
    }

    /// <summary>Hears the feed complain.</summary>
    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public bool Any { get; private set; }

        public ILogger CreateLogger(string categoryName) => categoryName.EndsWith(nameof(AuditFeed), StringComparison.Ordinal)
            ? this
            : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Any |= logLevel >= LogLevel.Warning;

        public void Dispose()
        {
        }
    }
}
