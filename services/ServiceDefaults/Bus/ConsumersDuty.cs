using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Clock;
using MassTransit;

namespace CarbonMarket.ServiceDefaults.Bus;

/// <summary>
/// The leader takes messages from the service's queues. An instance that stands by could only refuse them: its engines
/// are with the leader, and what it had refused often enough would end in the error queue.
/// </summary>
internal sealed class ConsumersDuty(
    IBusRegistrationContext registrations, IReceiveEndpointConnector connector, Interruption interruption) : ILeaderDuty
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(3);

    /// <summary>Connected once, when this instance first leads: MassTransit configures a registered consumer only once.</summary>
    private Endpoints? _endpoints;

    public string Name => "consumers";

    public bool IsReady { get; private set; }

    public async Task Run(CancellationToken untilLost)
    {
        interruption.Begins = untilLost;
        try
        {
            await Task.WhenAll(Start(untilLost)).WaitAsync(untilLost);
            IsReady = true;
            await Task.Delay(Timeout.Infinite, untilLost);
        }
        finally
        {
            IsReady = false;
            // What is not done by then goes back to its queue, for the next leader.
            using var limit = new CancellationTokenSource(LongestStop);
            await Task.WhenAll((_endpoints?.Connected ?? []).Select(endpoint => endpoint.ReceiveEndpoint.Stop(limit.Token)));
        }
    }

    private List<Task> Start(CancellationToken untilLost)
    {
        if (_endpoints is not null)
            return _endpoints.Connected.ConvertAll(endpoint => (Task)endpoint.ReceiveEndpoint.Start(untilLost).Ready);
        _endpoints = new Endpoints(connector);
        registrations.ConfigureEndpoints(_endpoints, null, filter => filter.Exclude<WhenMarketClockSet>());
        return _endpoints.Connected.ConvertAll(endpoint => (Task)endpoint.Ready);
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
