using CarbonMarket.Kernel;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CarbonMarket.Journaling;

public static class JournalingRegistration
{
    /// <summary>
    /// One engine per partition, run by this service's leader. Asks for Marten's <see cref="IDocumentStore"/>, an
    /// NpgsqlDataSource and <see cref="AddLeaderElection"/>. Resolve <see cref="Engines{TState,TCommand,TEvent}"/>.
    /// </summary>
    /// <param name="service">Names the partitions' streams: stream id = DeterministicGuid.From("service:partition").</param>
    public static IServiceCollection AddJournaledEngine<TModel, TState, TCommand, TEvent>(
        this IServiceCollection services,
        string service,
        IEnumerable<string> partitions,
        Action<JournaledEngineOptions>? configure = null)
        where TModel : class, IJournaledModel<TState, TCommand, TEvent>
        where TCommand : notnull
        where TEvent : notnull =>
        services.AddJournaledEngine<TState, TCommand, TEvent>(
            service, partitions, (provider, _) => ActivatorUtilities.CreateInstance<TModel>(provider), configure);

    /// <summary>As the other overload, for models that differ by partition (each market has its own policy pack).</summary>
    public static IServiceCollection AddJournaledEngine<TState, TCommand, TEvent>(
        this IServiceCollection services,
        string service,
        IEnumerable<string> partitions,
        Func<IServiceProvider, string, IJournaledModel<TState, TCommand, TEvent>> model,
        Action<JournaledEngineOptions>? configure = null)
        where TCommand : notnull
        where TEvent : notnull
    {
        var options = new JournaledEngineOptions();
        configure?.Invoke(options);
        string[] names = [.. partitions];
        services.ConfigureMarten(AddJournal);
        services.AddSingleton(provider => new Engines<TState, TCommand, TEvent>(
            names.Select(name => Engine(
                service, name, model(provider, name), provider.GetRequiredService<IDocumentStore>(),
                provider.GetRequiredService<NpgsqlDataSource>(), options,
                provider.GetRequiredService<ILogger<JournaledEngine<TState, TCommand, TEvent>>>()))));
        services.AddSingleton(provider => new EnginesDuty<TState, TCommand, TEvent>(
            service, provider.GetRequiredService<Engines<TState, TCommand, TEvent>>()));
        services.AddSingleton<IEnginesDuty>(provider => provider.GetRequiredService<EnginesDuty<TState, TCommand, TEvent>>());
        services.AddSingleton<ILeaderDuty>(provider => provider.GetRequiredService<EnginesDuty<TState, TCommand, TEvent>>());
        return services;
    }

    /// <summary>Competes for leadership of the service and runs the registered <see cref="ILeaderDuty"/>s while leading.</summary>
    public static IServiceCollection AddLeaderElection(this IServiceCollection services, string service)
    {
        services.TryAddSingleton(new LeaderElectionOptions(service));
        services.TryAddSingleton<LeaderElection>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LeaderElection>(
            provider => provider.GetRequiredService<LeaderElection>()));
        return services;
    }

    /// <summary>What the engine itself stores: its own fact, and two tables beside Marten's.</summary>
    internal static void AddJournal(this StoreOptions store)
    {
        store.Events.MapEventType<CommandRefused>(CommandRefused.EventName);
        JournalTables.AddTo(store);
    }

    internal static JournaledEngine<TState, TCommand, TEvent> Engine<TState, TCommand, TEvent>(
        string service, string partition, IJournaledModel<TState, TCommand, TEvent> model, IDocumentStore store, NpgsqlDataSource database,
        JournaledEngineOptions options, ILogger logger)
        where TCommand : notnull
        where TEvent : notnull
    {
        var stream = DeterministicGuid.From($"{service}:{partition}");
        // System time, whatever legal time the market has: it says when a fact was recorded.
        var system = TimeProvider.System;
        return new(service, partition, model,
            new EngineStorage(() => new MartenJournal(store, database, stream, system), new(store, database, stream, system), system),
            options, logger);
    }
}
