using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Tests.Outbox;
using CarbonMarket.Testing.Servers;

namespace CarbonMarket.ServiceDefaults.Tests.EventStore;

public sealed class OutageTests
{
    [Fact]
    public async Task A_store_that_dies_under_a_command_is_an_outage_and_no_failure_of_ours()
    {
        await using var servers = RealServers.Own();
        await using var service = await ParcelService.Start(await servers.CreateDatabase("parcels"), await servers.CreateVirtualHost());
        var whileItAnswers = service.InSession(session => session.QueryAsync<int>("select 1 from pg_sleep(60)", TestContext.Current.CancellationToken));
        await service.Sleeps(TestContext.Current.CancellationToken);

        await servers.KillPostgres();
        var duringTheCommand = await Should.ThrowAsync<Exception>(whileItAnswers);
        var whileItIsDown = await Should.ThrowAsync<Exception>(service.Send(1));

        duringTheCommand.IsOutageOfTheStore().ShouldBeTrue(duringTheCommand.ToString());
        whileItIsDown.IsOutageOfTheStore().ShouldBeTrue(whileItIsDown.ToString());
        whileItIsDown.Passes().ShouldBeTrue();

        await servers.RestartPostgres();
        await service.AllArrive(0);
    }

    [Fact]
    public async Task A_fault_of_the_command_itself_is_no_outage()
    {
        await using var service = await ParcelService.Start(
            await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        var failure = await Should.ThrowAsync<Exception>(
            service.InSession(session => session.QueryAsync<int>("select 1 / 0", TestContext.Current.CancellationToken)));
        failure.IsOutageOfTheStore().ShouldBeFalse(failure.ToString());
        failure.Passes().ShouldBeFalse();
    }
}
