using CarbonMarket.ServiceDefaults.Tests.Outbox;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using MassTransit;

namespace CarbonMarket.ServiceDefaults.Tests.Bus;

/// <summary>Leadership may be won before the broker answers.</summary>
public sealed class SlowBusTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_leads_before_the_bus_is_started_connects_no_queue_until_it_is_and_then_takes_what_comes()
    {
        using var released = new SemaphoreSlim(0, 1);
        await using var service = await ParcelService.StartBeside(
            await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost(), services => services.AddBusObserver(_ => new HeldBack(released)));
        var others = service.Duties.Where(duty => duty.Name is not "consumers").ToList();
        await Eventually.Holds("it leads", () => service.Leads && others.All(duty => duty.IsReady));
        // Long enough for a queue to be connected, had anybody tried.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Stopping);
        service.Bus.CheckHealth().Endpoints.Keys.ShouldNotContain(address => address.Contains("parcel-announced"));

        released.Release();

        await service.IsReady();
        await service.Send(1, 2, 3);
        await service.AllArrive(3);
    }

    /// <summary>A bus that does not start until it is released.</summary>
    private sealed class HeldBack(SemaphoreSlim released) : IBusObserver
    {
        public Task PreStart(IBus bus) => released.WaitAsync(Stopping);

        public void PostCreate(IBus bus)
        {
        }

        public void CreateFaulted(Exception exception)
        {
        }

        public Task PostStart(IBus bus, Task<BusReady> busReady) => Task.CompletedTask;

        public Task StartFaulted(IBus bus, Exception exception) => Task.CompletedTask;

        public Task PreStop(IBus bus) => Task.CompletedTask;

        public Task PostStop(IBus bus) => Task.CompletedTask;

        public Task StopFaulted(IBus bus, Exception exception) => Task.CompletedTask;
    }
}
