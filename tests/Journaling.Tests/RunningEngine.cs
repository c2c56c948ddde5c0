using CarbonMarket.Kernel;
using CarbonMarket.Testing;

namespace CarbonMarket.Journaling.Tests;

/// <summary>An engine whose process leads, until it is stopped.</summary>
internal sealed class RunningEngine : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2021, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Provenance Caller = new("correlation", "causation",
        new Actor("somebody", new Guid("5f9f2c1e-0000-4000-8000-000000000001"), "client"));

    private readonly CancellationTokenSource leads = new();

    private RunningEngine(JournaledEngine<CounterBank, CounterCommand, CounterEvent> engine)
    {
        Engine = engine;
        Running = engine.Run(leads.Token);
    }

    public JournaledEngine<CounterBank, CounterCommand, CounterEvent> Engine { get; }

    /// <summary>Ends when the engine stops: by <see cref="Stop"/> as cancelled, by itself as faulted.</summary>
    public Task Running { get; }

    public long Version => Engine.Version;

    public static async Task<RunningEngine> Start(
        JournalDatabase database, string partition, JournaledEngineOptions? options = null, Func<IJournal, IJournal>? through = null,
        IJournaledModel<CounterBank, CounterCommand, CounterEvent>? model = null)
    {
        var running = new RunningEngine(database.Engine(partition, options, through, model));
        await running.UntilReady();
        return running;
    }

    public static CommandEnvelope<CounterCommand> Envelope(CounterCommand command, Guid? id = null) =>
        new(id ?? Guid.CreateVersion7(), command, Caller);

    public static CounterCommand Add(string counter, int amount, int steps = 1, DateTimeOffset? at = null) =>
        new CounterCommand.Add(counter, amount, at ?? Noon, steps);

    public static CounterCommand Take(string counter, int amount) => new CounterCommand.Take(counter, amount, Noon);

    public Task UntilReady() => Eventually.Holds("the engine is ready", () => Engine.IsReady || Running.IsCompleted);

    public Task<Outcome<CounterEvent>> Do(CounterCommand command, Guid? id = null, CancellationToken ct = default) =>
        Engine.Execute(Envelope(command, id), ct);

    /// <summary>As a client does: asks again with the same id until there is an answer.</summary>
    public async Task<Outcome<CounterEvent>> DoUntilAnswered(CounterCommand command, Guid id)
    {
        while (true)
        {
            try
            {
                return await Do(command, id);
            }
            catch (EngineUnavailableException)
            {
                await UntilReady();
            }
        }
    }

    public Task<string> Show() => Engine.Read(state => state.Show(), CancellationToken.None);

    /// <summary>Its process does not lead any more, from this moment on.</summary>
    public void Lose() => leads.Cancel();

    public async Task Stop()
    {
        await leads.CancelAsync();
        await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        leads.Dispose();
        Engine.Dispose();
    }
}
