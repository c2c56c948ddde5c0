using CarbonMarket.Contracts.Allocation.V1;
using MassTransit;

namespace CarbonMarket.ServiceDefaults.Clock;

/// <summary>Every instance follows the sandbox's clock by a queue of its own, which goes when the instance goes.</summary>
public sealed class WhenMarketClockSet(MarketClock clock) : IConsumer<MarketClockSet>
{
    public Task Consume(ConsumeContext<MarketClockSet> context)
    {
        var set = context.Message;
        clock.Follow(set.Version, set.LegalTime, set.SetAt, set.Running);
        return Task.CompletedTask;
    }
}

public sealed class WhenMarketClockSetDefinition : ConsumerDefinition<WhenMarketClockSet>
{
    /// <summary>Marks the queues that live and die with an instance.</summary>
    public const string Marker = "-clock-";

    public WhenMarketClockSetDefinition(ServiceName service) =>
        Endpoint(endpoint =>
        {
            endpoint.Name = service.Value;
            endpoint.InstanceId = Marker + Guid.CreateVersion7().ToString("n");
            endpoint.Temporary = true;
        });
}
