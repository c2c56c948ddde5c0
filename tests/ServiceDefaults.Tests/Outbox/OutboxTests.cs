using CarbonMarket.Journaling;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;

[assembly: AssemblyFixture(typeof(RealServers))]

namespace CarbonMarket.ServiceDefaults.Tests.Outbox;

public sealed class OutboxTests
{
    [Fact]
    public async Task Everything_committed_is_published_once_and_in_order()
    {
        await using var service = await ParcelService.Start(
            await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        await service.Send(Enumerable.Range(0, 700));
        await service.AllArrive(700);
        service.Arrivals.Numbers.ShouldBe(Enumerable.Range(0, 700));
        (await service.Head.Read(TestContext.Current.CancellationToken)).Events.ShouldBe(700);
    }

    [Fact]
    public async Task What_was_committed_while_the_broker_was_dead_is_published_when_it_lives_again()
    {
        await using var servers = RealServers.Own();
        await using var service = await ParcelService.Start(await servers.CreateDatabase("parcels"), await servers.CreateVirtualHost());
        await service.Send(1);
        await service.AllArrive(1);

        await servers.KillRabbitMq();
        await service.Send(2, 3);
        await servers.RestartRabbitMq();

        await service.AllArrive(3);
        service.Arrivals.Numbers.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task What_was_committed_before_a_restart_is_published_after_it()
    {
        var (database, broker) = (await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        await using (var first = await ParcelService.Start(database, broker))
            await first.Send(1, 2);
        await using var second = await ParcelService.Start(database, broker);
        await second.Send(3);
        await Eventually.Holds("the parcels sent after the restart arrive", () => second.Arrivals.Numbers.Contains(3), TimeSpan.FromSeconds(180));
    }

    [Fact]
    public async Task A_subscription_that_could_not_be_started_with_the_others_is_started_when_it_can_be()
    {
        await using var service = await ParcelService.Start(
            await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        await service.Send(1);
        await service.AllArrive(1);
        await service.HidePositionOf("publishing:All");
        await service.LoseLeadership(TestContext.Current.CancellationToken);
        await Eventually.Holds("leadership is lost", () => !service.Leads, TimeSpan.FromSeconds(30));
        await Eventually.Holds("publishing was to start", service.WasAskedForPosition, TimeSpan.FromSeconds(60));
        await Eventually.Holds("it leads again", () => service.Leads, TimeSpan.FromSeconds(30));

        await service.ShowPositions();
        await service.Send(2);

        await Eventually.Holds("it arrives", () => service.Arrivals.Numbers.Count == 2, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_was_published_can_be_published_again_under_the_same_ids()
    {
        await using var service = await ParcelService.Start(
            await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        await service.Send(1, 2, 3);
        await service.AllArrive(3);

        (await service.PublishAgain(2, TestContext.Current.CancellationToken)).IsDone.ShouldBeTrue();

        await Eventually.Holds("two parcels arrive again", () => service.Arrivals.Count == 5, TimeSpan.FromSeconds(180));
        service.Arrivals.Numbers.ShouldBe([1, 2, 3]);
        await service.Send(4);
        await service.AllArrive(4);
        service.Arrivals.Count.ShouldBe(6);
    }

    [Fact]
    public async Task Publishing_is_never_set_forward_past_what_was_not_published()
    {
        await using var service = await ParcelService.Start(
            await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        await service.Send(1, 2, 3);
        await service.AllArrive(3);

        var refused = await service.PublishAgain(100, TestContext.Current.CancellationToken);

        refused.IsDone.ShouldBeFalse();
        refused.Position.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(3);
        await service.Send(4);
        await service.AllArrive(4);
        service.Arrivals.Numbers.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task Messages_in_an_error_queue_keep_their_place_however_often_they_are_looked_at()
    {
        var cancellation = TestContext.Current.CancellationToken;
        const string Queue = "parcels-when-parcel-announced";
        await using var service = await ParcelService.Start(
            await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        service.Arrivals.Poisonous = number => number >= 2;
        await service.Send(1, 2, 3, 4);
        await AllAreThere("the poison reaches the error queue");
        var first = await service.Errors.Read(Queue, 10, cancellation);
        for (var look = 1; look <= 25; look++)
        {
            await AllAreThere("the broker has back what was looked at");
            (await service.Errors.Read(Queue, 10, cancellation)).Select(message => message.MessageId).ShouldBe(first.Select(message => message.MessageId));
        }

        Task AllAreThere(string what) => Eventually.Holds(what,
            async () => (await service.Errors.List(cancellation)).Single(q => q.Queue == Queue).Messages == 3, TimeSpan.FromSeconds(60), cancellation);
    }

    [Fact]
    public Task What_fails_once_or_twice_in_a_way_that_nobody_knows_is_taken_all_the_same() => IsTaken(attempt => attempt <= 2);

    [Fact]
    public Task What_fails_in_a_way_that_nobody_knows_and_then_for_as_long_as_the_store_is_away_is_taken_all_the_same() => IsTaken(attempt => attempt switch
    {
        1 => true,
        <= 8 => throw new EngineUnavailableException(),
        _ => false,
    });

    [Fact]
    public Task What_was_broken_off_within_is_tried_for_as_long_as_what_passes_by_itself() =>
        IsTaken(attempt => attempt <= 6 ? throw new TaskCanceledException("A call took too long.") : false);

    [Fact]
    public async Task A_message_that_cannot_be_taken_waits_with_its_reason_until_it_is_replayed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        const string Queue = "parcels-when-parcel-announced";
        await using var service = await ParcelService.Start(
            await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        service.Arrivals.Poisonous = number => number == 2;
        await service.Send(1, 2, 3);
        await service.AllArrive(2);
        await Eventually.Holds("the poison reaches the error queue",
            async () => (await service.Errors.List(cancellation)).Single(q => q.Queue == Queue).Messages == 1, TimeSpan.FromSeconds(60));
        (await service.Errors.Read(Queue, 10, cancellation)).Single().Reason.ShouldBe("This parcel is poison.");

        service.Arrivals.Poisonous = _ => false;
        (await service.Errors.Replay(Queue, 10, cancellation)).ShouldBe(1);

        await service.AllArrive(3);
        service.Arrivals.Numbers.ShouldBe([1, 3, 2]);
        (await service.Errors.List(cancellation)).Single(q => q.Queue == Queue).Messages.ShouldBe(0);
    }

    /// <param name="isPoisonous">Of which attempts to take the message.</param>
    private static async Task IsTaken(Func<int, bool> isPoisonous)
    {
        var attempts = 0;
        await using var service = await ParcelService.Start(
            await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        service.Arrivals.Poisonous = _ => isPoisonous(Interlocked.Increment(ref attempts));
        await service.Send(1);
        await Eventually.Holds("it arrives", () => service.Arrivals.Count == 1, TimeSpan.FromSeconds(30));
        (await service.Errors.List(TestContext.Current.CancellationToken)).Sum(queue => queue.Messages).ShouldBe(0);
    }
}
