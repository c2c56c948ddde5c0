using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Clock;
using MassTransit;

namespace CarbonMarket.ServiceDefaults.Bus;

/// <summary>
/// Who leads begins to take messages from the service's queues; who has never led takes none. An instance that stands by
/// could only refuse them, for its engines are with the leader. Once begun it goes on until the process ends: what arrives
/// while nobody leads waits here, and what an instance cannot take any more goes back (<see cref="Interruption"/>).
/// </summary>
internal sealed class ConsumersDuty(IBusRegistrationContext registrations, IReceiveEndpointConnector connector) : ILeaderDuty
{
    /// <summary>Connected when this instance first leads: MassTransit configures a registered consumer only once.</summary>
    private Endpoints? _endpoints;

    public string Name => "consumers";

    public bool IsReady { get; private set; }

    public async Task Run(CancellationToken untilLost)
    {
        _endpoints ??= Connect();
        try
        {
            await Task.WhenAll(_endpoints.Connected.Select(endpoint => (Task)endpoint.Ready)).WaitAsync(untilLost);
            IsReady = true;
            await Task.Delay(Timeout.Infinite, untilLost);
        }
        finally
        {
            IsReady = false;
        }
    }

    private Endpoints Connect()
    {
        var endpoints = new Endpoints(connector);
        registrations.ConfigureEndpoints(endpoints, null, filter => filter.Exclude<WhenMarketClockSet>());
        return endpoints;
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
