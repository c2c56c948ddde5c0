using System.Collections.Immutable;
using System.Text.Json;
using CarbonMarket.Local.Infrastructure;

namespace CarbonMarket.Local.Supervision;

/// <summary>
/// One per checkout, detached from any terminal: runs PostgreSQL and RabbitMQ, and on them the services of the current
/// market. A fresh market is a new generation: new databases and a new virtual host; the old ones stay until clean.
/// </summary>
internal sealed class Supervisor : IAsyncDisposable
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly Checkout checkout;
    private readonly LocalSecrets secrets;
    private readonly ImmutableArray<ServiceDescription> services;
    private readonly BoundedLog log;
    private readonly ImmutableArray<string> notices;
    private readonly ImmutableDictionary<string, BoundedLog> logs;
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly SemaphoreSlim changingMarket = new(1, 1);
    private readonly CancellationTokenSource stop = new();
    private readonly Lock statusFile = new();
    private readonly PrivatePostgres postgres;
    private readonly PrivateRabbitMq rabbitMq;
    private readonly KeptServers database;
    private readonly KeptServers broker;
    private volatile KeptServers? market;
    private volatile TaskCompletionSource nextChange = NewChange();
    private volatile LocalState state;
    private volatile SystemState phase = SystemState.Starting;

    private Supervisor(Checkout checkout, LocalState state, LocalSecrets secrets,
        ImmutableArray<ServiceDescription> services, BoundedLog log, ImmutableArray<string> notices)
    {
        (this.checkout, this.state, this.secrets, this.services, this.log, this.notices) =
            (checkout, state, secrets, services, log, notices);
        logs = ServerNames().ToImmutableDictionary(name => name, name => new BoundedLog(checkout.Log(name)), StringComparer.Ordinal);
        postgres = new(new(state.PostgresDirectory, state.Ports["postgresql"], secrets.Postgres, logs["postgresql"]));
        rabbitMq = new(new(checkout.In("rabbitmq"), $"carbonmarket-{state.Id}@localhost",
            new(state.Ports["rabbitmq"], state.Ports["rabbitmq-management"], state.Ports["erlang-distribution"], state.Ports["erlang-names"]),
            "carbonmarket", secrets.RabbitMq, logs["rabbitmq"]));
        database = new([postgres], Say, Changed);
        broker = new([rabbitMq], Say, Changed);
    }

    /// <summary>Done at the next change of <see cref="Status"/>; take it before reading the status.</summary>
    public Task NextChange => nextChange.Task;

    public SystemStatus Status => new(
        ProcessIdentity.Of(Environment.ProcessId)!, phase, state.Generation,
        new($"{GatewayAddress}/"), new($"{GatewayAddress}/docs"), rabbitMq.ManagementAddress, notices,
        [.. database.Statuses, .. broker.Statuses, .. market?.Statuses ?? []]);

    private string GatewayAddress => $"http://127.0.0.1:{state.Ports[Services.Gateway]}";

    public static async Task<Supervisor> Create(
        Checkout checkout, ImmutableArray<ServiceDescription> services, BoundedLog log, CancellationToken ct)
    {
        var workedAround = ImmutableArray.CreateBuilder<string>();
        void Say(string what)
        {
            Write(log, what);
            workedAround.Add(what);
        }

        await Leftovers.End(checkout, Say, ct);
        var remembered = (await LocalState.LoadOrCreate(checkout, Say, ct)).WithPorts(PortNames(), Say);
        await remembered.Save(checkout, ct);
        var known = await LocalSecrets.LoadOrCreate(checkout, Services.WithData.Select(service => service.Name), ct);
        return new(checkout, remembered, known, services, log, workedAround.ToImmutable());
    }

    /// <summary>Runs until asked to stop; then the services end first and what they stand on last.</summary>
    public async Task Run()
    {
        Say($"Supervisor {Environment.ProcessId} starts market {state.Generation} in {checkout.Home}.");
        database.Start();
        broker.Start();
        try
        {
            await StartMarket(stop.Token);
            await Task.Delay(Timeout.Infinite, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await StopAll();
        }
    }

    public void Stop() => stop.Cancel();

    /// <summary>The next generation: when done, all its services are ready.</summary>
    public async Task FreshMarket(Func<string, Task> progress, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, stop.Token);
        await changingMarket.WaitAsync(either.Token);
        try
        {
            await progress($"Closing market {state.Generation} ...");
            await StopMarket();
            state = state with { Generation = state.Generation + 1 };
            await state.Save(checkout, CancellationToken.None);
            await progress($"Opening market {state.Generation} ...");
            await OpenMarket(either.Token);
        }
        finally
        {
            changingMarket.Release();
        }
        await market!.AllReady(either.Token);
    }

    public async ValueTask DisposeAsync()
    {
        rabbitMq.Dispose();
        database.Dispose();
        broker.Dispose();
        http.Dispose();
        changingMarket.Dispose();
        stop.Dispose();
        foreach (var file in logs.Values)
            file.Dispose();
        await Task.CompletedTask;
    }

    private async Task StartMarket(CancellationToken ct)
    {
        await changingMarket.WaitAsync(ct);
        try
        {
            await OpenMarket(ct);
        }
        finally
        {
            changingMarket.Release();
        }
    }

    private async Task OpenMarket(CancellationToken ct)
    {
        phase = SystemState.Starting;
        await PrepareGround(ct);
        var environment = new ServiceEnvironment(checkout, state, secrets, postgres, rabbitMq);
        var opened = new KeptServers(services.Select(service => Describe(service, environment)), Say, Changed);
        market = opened;
        phase = SystemState.Running;
        opened.Start();
        Changed();
    }

    /// <summary>Repeats until it works: either server may die in the middle, and everything here may be done twice.</summary>
    private async Task PrepareGround(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await Task.WhenAll(CreateDatabases(ct), CreateVirtualHost(ct));
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Say($"Market {state.Generation} could not be prepared yet: {exception.Message}");
                await Task.Delay(BetweenAttempts, ct);
            }
        }
    }

    private async Task CreateDatabases(CancellationToken ct)
    {
        await database.AllReady(ct);
        foreach (var service in Services.WithData)
            await postgres.CreateDatabase(
                ServiceEnvironment.Database(state.Generation, service.Name), service.Name, secrets.Services[service.Name], service.KeepsJournal, ct);
    }

    private async Task CreateVirtualHost(CancellationToken ct)
    {
        await broker.AllReady(ct);
        await rabbitMq.CreateVirtualHost(ServiceEnvironment.VirtualHost(state.Generation), ct);
    }

    private ServiceProcess Describe(ServiceDescription service, ServiceEnvironment environment) => new(
        service.Name, checkout.Assembly(service.Project), environment.Address(service.Name),
        environment.Of(service, state.Generation), logs[service.Name], http);

    private async Task StopMarket()
    {
        if (market is not { } running)
            return;
        await running.Stop();
        market = null;
        running.Dispose();
    }

    private async Task StopAll()
    {
        phase = SystemState.Stopping;
        Changed();
        await changingMarket.WaitAsync();
        await StopMarket();
        await Task.WhenAll(broker.Stop(), database.Stop());
        await rabbitMq.StopNameServer();
        Changed();
        Say("Stopped.");
    }

    private void Changed()
    {
        Interlocked.Exchange(ref nextChange, NewChange()).TrySetResult();
        lock (statusFile)
        {
            try
            {
                var draft = checkout.Status + ".new";
                File.WriteAllText(draft, JsonSerializer.Serialize(Status, LocalJson.Pretty));
                File.Move(draft, checkout.Status, overwrite: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // On a full disk the servers must be kept alive all the same; whoever asks at the socket hears the status.
                Say($"{checkout.Status} could not be written: {exception.Message}");
            }
        }
    }

    private void Say(string what) => Write(log, what);

    private static void Write(BoundedLog log, string what) => log.WriteLine($"{TimeProvider.System.GetUtcNow():O} {what}");

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static IEnumerable<string> ServerNames() => ["postgresql", "rabbitmq", .. Services.All.Select(service => service.Name)];

    private static IEnumerable<string> PortNames() =>
    [
        .. ServerNames(), "rabbitmq-management", "erlang-distribution", "erlang-names",
        .. Services.All.Where(service => service.ServesGrpc).Select(service => service.GrpcPort),
    ];
}
