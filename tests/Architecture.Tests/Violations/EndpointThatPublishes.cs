using MassTransit;

namespace CarbonMarket.Architecture.Violations;

internal static class EndpointThatPublishes
{
    public static async Task Handle(IServiceProvider services)
    {
        await Task.Yield();
        await ((IPublishEndpoint)services.GetService(typeof(IPublishEndpoint))!).Publish(new object());
    }
}
