using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.ServiceDefaults.Origins;
using CarbonMarket.ServiceDefaults.Tracing;
using MassTransit;
using MassTransit.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CarbonMarket.ServiceDefaults.Bus;

public static class BusExtensions
{
    private const int DeliveryLimit = 1_000_000_000;

    /// <summary>
    /// A broker that is not there refuses at once; one that is slow for a moment is better waited for than tried again, for
    /// MassTransit pauses longer after each try that failed.
    /// </summary>
    private static readonly TimeSpan PatienceToConnect = TimeSpan.FromSeconds(20);

    /// <summary>
    /// RabbitMQ through MassTransit: one durable quorum queue per consumer, named service-consumer; retries for what
    /// passes (a clash, an engine or store that is away), a few for what nobody knows, the error queue for what does not
    /// pass. Nothing is dropped. Where the service elects a leader, an instance takes from the queues while it leads.
    /// </summary>
    public static TBuilder AddBus<TBuilder>(this TBuilder builder, Action<IBusRegistrationConfigurator>? configure = null)
        where TBuilder : IHostApplicationBuilder
    {
        var address = builder.Configuration.GetConnectionString("RabbitMq")
            ?? throw new InvalidOperationException("ConnectionStrings:RabbitMq is not set: amqp://user:password@host:port/vhost.");
        var service = builder.ServiceName();
        var sandbox = ClockSettings.Read(builder.Configuration, builder.Environment).Mode == ClockMode.Sandbox;
        var errors = new ErrorQueues(new Uri(address));
        builder.Services.AddSingleton(errors);
        builder.Services.AddMassTransit(bus =>
        {
            bus.SetEndpointNameFormatter(new KebabCaseEndpointNameFormatter(service, includeNamespace: false));
            configure?.Invoke(bus);
            if (sandbox)
                bus.AddConsumer<WhenMarketClockSet, WhenMarketClockSetDefinition>();
            bus.AddConfigureEndpointsCallback((context, name, endpoint) =>
                Endpoint(name, endpoint, errors, new Interruption(context.GetRequiredService<IHostApplicationLifetime>(), () => MayTake(name, context))));
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(new Uri(address), host => host.RequestedConnectionTimeout(PatienceToConnect));
                rabbit.PrefetchCount = 32;
                rabbit.UseConsumeFilter(typeof(ProvenanceConsumeFilter<>), context);
                if (context.GetService<KnownOrigins>() is not null)
                    rabbit.UseConsumeFilter(typeof(OriginFilter<>), context);
                if (context.GetService<LeaderElectionOptions>() is null)
                    rabbit.ConfigureEndpoints(context);
                else
                    rabbit.ConfigureEndpoints(context, filter => filter.Include<WhenMarketClockSet>());
            });
        });
        builder.Services.AddSingleton<ILeaderDuty, ConsumersDuty>();
        builder.Services.AddOptions<MassTransitHostOptions>().Configure(options =>
        {
            options.WaitUntilStarted = false;
            options.StopTimeout = TimeSpan.FromSeconds(10);
        });
        return builder;
    }

    private static bool IsOfInstance(string name) => name.Contains(WhenMarketClockSetDefinition.Marker, StringComparison.Ordinal);

    /// <summary>Every instance takes from the queue that is its own; from the service's who leads. Asked when it matters: the election itself rests on the bus.</summary>
    private static bool MayTake(string name, IServiceProvider services) =>
        IsOfInstance(name) || services.GetService<LeaderElection>() is not { IsLeader: false };

    private static void Endpoint(string name, IReceiveEndpointConfigurator endpoint, ErrorQueues errors, Interruption interruption)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator queue && !IsOfInstance(name))
        {
            queue.SetQuorumQueue();
            // RabbitMQ 4 drops a message that was delivered twenty times. Ours, and those an operator looks at in the error
            // queue, stay until they are taken.
            queue.SetQueueArgument("x-delivery-limit", DeliveryLimit);
            errors.Know(name);
        }
        endpoint.UseMessageRetry(retry =>
        {
            // A connection that breaks shows itself in more ways than can be told beforehand; that no message be lost to one of them is
            // worth some seconds of a poisonous one.
            retry.Handle<Exception>(interruption.MayBeOfTheMoment);
            retry.Intervals(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
        });
        endpoint.UseMessageRetry(retry =>
        {
            // What will pass by itself is waited for as long as an outage may last; a poisonous message leaves quickly.
            retry.Handle<Exception>(interruption.IsWorthAnotherTry);
            retry.Exponential(60, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200));
        });
        endpoint.ConfigureError(pipe =>
        {
            pipe.UseFilter(interruption);
            pipe.UseFilter(new GenerateFaultFilter());
            pipe.UseFilter(new ErrorTransportFilter());
        });
        // One at a time and in order: consumers are thin, and what comes by the thousand comes in envelopes.
        endpoint.ConcurrentMessageLimit = 1;
    }
}
