using System.Net;
using CarbonMarket.Gateway.Running;
using CarbonMarket.Testing;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace CarbonMarket.Gateway.Failures;

public sealed class StandbyTests
{
    [Fact]
    public async Task An_instance_that_stands_by_is_sent_no_work_until_it_leads()
    {
        await using var standby = new TinyService { IsReady = false };
        await standby.Start();
        await using var gateway = await RunningGateway.Start(("ReverseProxy:Clusters:trading:Destinations:standby:Address", standby.Address));
        await Eventually.Holds("the standby is known to stand by", () => Health("standby") == DestinationHealth.Unhealthy);
        await Ask(20);
        standby.Requests.ShouldBeEmpty();

        (standby.IsReady, gateway["trading"].IsReady) = (true, false);
        await Eventually.Holds("the other one is known to lead", () => (Health("standby"), Health("primary")) == (DestinationHealth.Healthy, DestinationHealth.Unhealthy));
        await Ask(20);
        (gateway["trading"].Requests.Count, standby.Requests.Count).ShouldBe((20, 20));

        async Task Ask(int times)
        {
            using var client = gateway.As("mill-desk");
            for (var count = 0; count < times; count++)
                (await client.Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.OK);
        }

        DestinationHealth Health(string instance) =>
            gateway.Services.GetRequiredService<IProxyStateLookup>().TryGetCluster("trading", out var cluster) ? cluster.Destinations[instance].Health.Active : default;
    }
}
