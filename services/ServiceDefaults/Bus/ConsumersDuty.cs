using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Clock;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CarbonMarket.ServiceDefaults.Bus;

/// <summary>
/// Who leads takes messages from the service's queues; who stands by takes none, whether it has never led or leads no more: it
/// could only refuse them, for its engines are with the leader. What arrives while nobody leads waits in the queues, and what
/// an instance was at when it lost the lead goes back (<see cref="Interruption"/>).
/// </summary>
internal sealed class ConsumersDuty(
    IBusControl bus, IBusRegistrationContext registrations, IReceiveEndpointConnector connector, IEnumerable<IEnginesDuty> engines,
    IHostApplicationLifetime lifetime, ILogger<ConsumersDuty> logger) : ILeaderDuty
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    /// <summary>For what is being taken at the moment; longer than the longest pause between two tries.</summary>
    private static readonly TimeSpan PatienceToStop = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Connected when this instance first leads, and kept: MassTransit configures a registered consumer only once. Stopped by
    /// itself an endpoint can be started again; its handle would remove it for good.
    /// </summary>
    private Endpoints? _endpoints;

    public string Name => "consumers";

    public bool IsReady { get; private set; }

    public async Task Run(CancellationToken untilLost)
    {
        try
        {
            await UntilBusStarted(untilLost);
            await UntilEnginesAreReady(untilLost);
            await (_endpoints is null ? Connect() : Start(_endpoints.Connected)).WaitAsync(untilLost);
            IsReady = true;
            await Task.Delay(Timeout.Infinite, untilLost);
        }
        finally
        {
            IsReady = false;
            await Stop(_endpoints?.Connected ?? []);
        }
    }

    /// <summary>
    /// Leadership may be won before the bus is up. What is connected at the moment the bus starts would be started by both, at
    /// which either the bus gives up for good or the queue is not read.
    /// </summary>
    private async Task UntilBusStarted(CancellationToken untilLost)
    {
        while (bus.CheckHealth().Status == BusHealthStatus.Unhealthy)
            await Task.Delay(Glance, TimeProvider.System, untilLost);
    }

    /// <summary>
    /// A long journal is recovered for longer than a message is tried again: taken before, what is at no fault would end in the error
    /// queue. Once ready they stay so, or the lead is given up.
    /// </summary>
    private async Task UntilEnginesAreReady(CancellationToken untilLost)
    {
        while (!engines.All(duty => duty.IsReady))
            await Task.Delay(Glance, TimeProvider.System, untilLost);
    }

    private Task Connect()
    {
        _endpoints = new Endpoints(connector);
        registrations.ConfigureEndpoints(_endpoints, null, filter => filter.Exclude<WhenMarketClockSet>());
        return Task.WhenAll(_endpoints.Connected.Select(endpoint => (Task)endpoint.Ready));
    }

    private static Task Start(IReadOnlyList<HostReceiveEndpointHandle> endpoints) =>
        Task.WhenAll(endpoints.Select(endpoint => (Task)endpoint.ReceiveEndpoint.Start(CancellationToken.None).Ready));

    /// <summary>
    /// What is being taken comes to its end or goes back; a stop that is broken off would leave the endpoint in between. Where that
    /// takes too long the process ends instead, and comes back as one that stands by.
    /// </summary>
    private async Task Stop(IReadOnlyList<HostReceiveEndpointHandle> endpoints)
    {
        try
        {
            await Task.WhenAll(endpoints.Select(endpoint => endpoint.ReceiveEndpoint.Stop(CancellationToken.None))).WaitAsync(PatienceToStop, TimeProvider.System);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "A queue is still read though this instance leads no more; the process ends");
            lifetime.StopApplication();
        }
    }

    /// <summary>Connects to the running bus what would otherwise be configured with it.</summary>
    private sealed class Endpoints(IReceiveEndpointConnector connector) : IReceiveConfigurator<IReceiveEndpointConfigurator>
    {
        public List<HostReceiveEndpointHandle> Connected { get; } = [];

        public void ReceiveEndpoint(
            IEndpointDefinition definition, IEndpointNameFormatter? endpointNameFormatter = null,
            Action<IReceiveEndpointConfigurator>? configureEndpoint = null) =>
            Connected.Add(connector.ConnectReceiveEndpoint(definition, endpointNameFormatter, (_, endpoint) => configureEndpoint?.Invoke(endpoint)));

        public void ReceiveEndpoint(string queueName, Action<IReceiveEndpointConfigurator> configureEndpoint) =>
            Connected.Add(connector.ConnectReceiveEndpoint(queueName, (_, endpoint) => configureEndpoint(endpoint)));

        public ConnectHandle ConnectEndpointConfigurationObserver(IEndpointConfigurationObserver observer) =>
            throw new NotSupportedException("Nobody watches endpoints being configured.");
    }
}
