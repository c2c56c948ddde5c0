using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace CarbonMarket.Journaling.Tests;

public sealed class RegistrationSpecs
{
    [Fact]
    public async Task A_service_has_an_engine_per_partition_that_serves_while_it_leads()
    {
        using var host = Host(await RealServers.CreateDatabase("service"));
        await host.StartAsync();
        var engines = host.Services.GetRequiredService<Engines<CounterBank, CounterCommand, CounterEvent>>();
        var duty = host.Services.GetServices<ILeaderDuty>().Single();
        await Eventually.Holds("the engines are ready", () => duty.IsReady);

        await engines.For("north")!.Execute(RunningEngine.Envelope(RunningEngine.Add("x", 1)), default);
        await engines.For("south")!.Execute(RunningEngine.Envelope(RunningEngine.Add("x", 2)), default);

        engines.For("west").ShouldBeNull();
        (await engines.For("north")!.Read(state => state.Counters["x"], default)).ShouldBe(1);
        (await engines.For("south")!.Read(state => state.Counters["x"], default)).ShouldBe(2);
        host.Services.GetRequiredService<LeaderElection>().IsLeader.ShouldBeTrue();

        await host.StopAsync();
        duty.IsReady.ShouldBeFalse();
        await Should.ThrowAsync<EngineUnavailableException>(engines.For("north")!.Read(state => state.Events, default));
    }

    [Fact]
    public async Task A_fenced_engine_gives_leadership_up_and_comes_back_with_the_journals_state()
    {
        var connection = await RealServers.CreateDatabase("service");
        using var host = Host(connection);
        await host.StartAsync();
        var engine = host.Services.GetRequiredService<Engines<CounterBank, CounterCommand, CounterEvent>>().For("north")!;
        await Eventually.Holds("the engine is ready", () => engine.IsReady);
        await engine.Execute(RunningEngine.Envelope(RunningEngine.Add("x", 1)), default);
        await using (var session = host.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            var mark = new CommandMark(Guid.CreateVersion7(), 1);
            session.SetHeader("command-id", mark.Id.ToString());
            session.SetHeader("command-hash", mark.Content.ToString("x32"));
            session.Events.Append(JournalDatabase.StreamOf("north"), new CounterEvent.Added("x", 10, default));
            await session.SaveChangesAsync();
        }

        await Should.ThrowAsync<EngineUnavailableException>(engine.Execute(RunningEngine.Envelope(RunningEngine.Add("x", 100)), default));

        await Eventually.Holds("the engine is ready again", () => engine.IsReady);
        (await engine.Read(state => state.Counters["x"], default)).ShouldBe(11);
        await host.StopAsync();
    }

    [Fact]
    public async Task Crashes_of_postgres_under_load_lose_nothing_and_double_nothing()
    {
        await using var servers = RealServers.Own();
        using var host = Host(await servers.CreateDatabase("service"));
        await host.StartAsync();
        var engine = host.Services.GetRequiredService<Engines<CounterBank, CounterCommand, CounterEvent>>().For("north")!;
        await Eventually.Holds("the engine is ready", () => engine.IsReady);
        using var enough = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 32).Select(_ => Call(engine, enough.Token)).ToList();

        for (var crash = 0; crash < 2; crash++)
        {
            var before = engine.Version;
            await Eventually.Holds("commands are accepted", () => engine.Version > before + 500);
            await servers.KillPostgres();
            await Eventually.Holds("the engine has noticed", () => !engine.IsReady);
            await servers.RestartPostgres();
            await Eventually.Holds("the engine is ready again", () => engine.IsReady);
        }
        await enough.CancelAsync();
        var sent = (await Task.WhenAll(callers)).Sum();

        (await engine.Read(state => (state.Events, state.Counters["x"]), default)).ShouldBe((sent, sent));
        await using var session = host.Services.GetRequiredService<IDocumentStore>().QuerySession();
        (await session.Events.FetchStreamStateAsync(JournalDatabase.StreamOf("north")))!.Version.ShouldBe(sent);
        await host.StopAsync();
    }

    /// <summary>Counts its commands; each is sent again with the same id until it is answered.</summary>
    private static async Task<long> Call(JournaledEngine<CounterBank, CounterCommand, CounterEvent> engine, CancellationToken enough)
    {
        for (var sent = 0; ; sent++)
        {
            if (enough.IsCancellationRequested)
                return sent;
            var command = RunningEngine.Envelope(RunningEngine.Add("x", 1));
            await Eventually.Holds("the command is answered", async () => await engine.Execute(command, CancellationToken.None) is Outcome<CounterEvent>.Accepted, ct: CancellationToken.None);
        }
    }

    private static IHost Host(string connection)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton(NpgsqlDataSource.Create(connection));
        builder.Services.AddLogging();
        builder.Services.AddMarten(JournalDatabase.Configure).UseNpgsqlDataSource().ApplyAllDatabaseChangesOnStartup();
        builder.Services.AddJournaledEngine<CounterModel, CounterBank, CounterCommand, CounterEvent>("counting", ["north", "south"]);
        builder.Services.AddLeaderElection("counting");
        return builder.Build();
    }
}
