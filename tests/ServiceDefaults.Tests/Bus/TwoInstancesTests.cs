using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Tests.Outbox;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.ServiceDefaults.Tests.Bus;

/// <summary>A service runs twice so that one can take over, not so that two take from one queue.</summary>
public sealed class TwoInstancesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_stands_by_takes_nothing()
    {
        var (first, second) = await StartTwo();
        await using var _ = first;
        await using var __ = second;
        await first.Send(Enumerable.Range(0, 100));
        await Eventually.Holds("everything arrives at the leader", () => first.Arrivals.Numbers.Count == 100, Patience);
        first.Arrivals.Numbers.ShouldBe(Enumerable.Range(0, 100));
        (second.Arrivals.Count, second.Arrivals.Refusals).ShouldBe((0, 0));
        await NothingWentWrong(second);
    }

    [Fact]
    public async Task When_the_leader_ends_the_next_takes_what_it_was_at()
    {
        var (first, second) = await StartTwo();
        await using var _ = second;
        var arrivals = first.Arrivals;
        await using (first)
        {
            arrivals.Unavailable = true;
            await first.Send(1, 2, 3);
            await Eventually.Holds("the leader is at the first message", () => arrivals.Refusals > 2, Patience);
        }
        await Eventually.Holds("the next has taken all", () => second.Arrivals.Numbers.Count == 3, Patience);
        second.Arrivals.Numbers.ShouldBe([1, 2, 3]);
        arrivals.Count.ShouldBe(0);
        await NothingWentWrong(second);
    }

    [Fact]
    public async Task Leadership_that_is_lost_and_won_again_by_the_same_instance_takes_messages_again()
    {
        await using var only = await ParcelService.Start(await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        await only.Send(1);
        await Eventually.Holds("the first arrives", () => only.Arrivals.Numbers.Count == 1, Patience);
        for (var times = 1; times <= 2; times++)
        {
            await only.LoseLeadership(Stopping);
            await Eventually.Holds("leadership is lost", () => !only.Leads, Patience);
            await only.Send(1 + times);
            await Eventually.Holds("the next arrives", () => only.Arrivals.Numbers.Count == 1 + times, Patience);
        }
        await NothingWentWrong(only);
    }

    [Fact]
    public async Task What_leadership_was_lost_over_is_taken_when_it_is_won_again()
    {
        await using var only = await ParcelService.Start(await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        only.Arrivals.Unavailable = true;
        await only.Send(1, 2, 3);
        await Eventually.Holds("the first message is refused for the moment", () => only.Arrivals.Refusals > 4, Patience);
        await only.LoseLeadership(Stopping);
        await Eventually.Holds("leadership is lost", () => !only.Leads, Patience);
        only.Arrivals.Unavailable = false;
        await Eventually.Holds("all arrive", () => only.Arrivals.Numbers.Count == 3, Patience);
        await NothingWentWrong(only);
    }

    /// <summary>As when the store goes away: a duty may notice before the election does.</summary>
    [Fact]
    public async Task What_was_being_taken_when_another_duty_failed_is_taken_when_the_lead_is_won_again()
    {
        var duty = new FailingDuty();
        await using var only = await ParcelService.StartBeside(
            await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost(), services => services.AddSingleton<ILeaderDuty>(duty));
        await only.IsReady();
        for (var times = 1; times <= 3; times++)
        {
            only.Arrivals.Unavailable = true;
            var refused = only.Arrivals.Refusals;
            await only.Send(times);
            await Eventually.Holds("the message is refused for the moment", () => only.Arrivals.Refusals > refused + 2, Patience);
            duty.Fail();
            await Eventually.Holds("leadership is lost", () => !only.Leads, Patience);
            only.Arrivals.Unavailable = false;
            await Eventually.Holds("it arrives", () => only.Arrivals.Numbers.Count == times, Patience);
        }
        await NothingWentWrong(only);
    }

    /// <summary>As when the store goes away: what breaks under the message may look like no outage.</summary>
    [Fact]
    public async Task What_failed_in_a_way_that_nobody_knows_as_the_lead_was_lost_is_taken_when_it_is_won_again()
    {
        await using var only = await ParcelService.Start(await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        using var isTaken = new ManualResetEventSlim();
        only.Arrivals.Poisonous = _ =>
        {
            isTaken.Set();
            return SpinWait.SpinUntil(() => !only.Leads, Patience);
        };
        await only.Send(1);
        await Eventually.Holds("the message is being taken", () => isTaken.IsSet, Patience);
        await only.LoseLeadership(Stopping);
        await Eventually.Holds("leadership is lost", () => !only.Leads, Patience);
        only.Arrivals.Poisonous = _ => false;
        await Eventually.Holds("it arrives", () => only.Arrivals.Numbers.Count == 1, Patience);
        await NothingWentWrong(only);
    }

    /// <summary>However long that takes: a message's tries are counted, and it is at no fault.</summary>
    [Fact]
    public async Task Nothing_is_taken_while_the_leaders_engines_are_still_recovering()
    {
        var engines = new RecoveringEngines();
        await using var only = await ParcelService.StartBeside(
            await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost(),
            services => services.AddSingleton<ILeaderDuty>(engines).AddSingleton<IEnginesDuty>(engines));
        await only.IsReady();
        engines.IsReady = false;
        only.Arrivals.Unavailable = true;
        await only.LoseLeadership(Stopping);
        await Eventually.Holds("leadership is lost", () => !only.Leads, Patience);
        await Eventually.Holds("it is won again", () => only.Leads, Patience);
        await only.Send(1);
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, Stopping);
        only.Arrivals.Refusals.ShouldBe(0);

        only.Arrivals.Unavailable = false;
        engines.IsReady = true;
        await Eventually.Holds("what has waited is taken", () => only.Arrivals.Numbers.Count == 1, Patience);
        await NothingWentWrong(only);
    }

    [Fact]
    public async Task When_the_leader_loses_the_lead_and_lives_on_the_other_takes_what_it_was_at_and_what_comes()
    {
        var (first, second) = await StartTwo();
        await using var _ = first;
        await using var __ = second;
        first.Arrivals.Unavailable = true;
        await first.Send(Enumerable.Range(0, 20));
        await Eventually.Holds("the leader is at the first message", () => first.Arrivals.Refusals > 2, Patience);

        await TheLeadGoes(from: first, to: second);

        await second.Send(Enumerable.Range(20, 20));
        await Eventually.Holds("the other has taken all", () => second.Arrivals.Numbers.Count == 40, Patience);
        // What the first was at goes back when it notices, and may come after what the other has found.
        second.Arrivals.Numbers.Where(number => number < 20).ShouldBe(Enumerable.Range(0, 20));
        second.Arrivals.Numbers.Where(number => number >= 20).ShouldBe(Enumerable.Range(20, 20));
        first.Arrivals.Count.ShouldBe(0);

        first.Arrivals.Unavailable = false;
        await TheLeadGoes(from: second, to: first);
        await first.Send(Enumerable.Range(40, 20));
        await Eventually.Holds("who leads again takes again", () => first.Arrivals.Numbers.Count == 20, Patience);
        first.Arrivals.Numbers.ShouldBe(Enumerable.Range(40, 20));
        await NothingWentWrong(first);
    }

    /// <summary>Who lost the lead may be the one to win it again; then it loses it once more.</summary>
    private static Task TheLeadGoes(ParcelService from, ParcelService to) => Eventually.Holds("the other leads", async () =>
    {
        if (from.Leads)
            await from.LoseLeadership(Stopping);
        return to.Leads;
    }, TimeSpan.FromSeconds(60));

    private static async Task<(ParcelService First, ParcelService Second)> StartTwo()
    {
        var (database, broker) = (await RealServers.CreateDatabase("parcels"), await RealServers.CreateVirtualHost());
        var first = await ParcelService.Start(database, broker);
        await Eventually.Holds("the first leads", () => first.Leads, Patience);
        return (first, await ParcelService.StartBeside(database, broker));
    }

    private sealed class RecoveringEngines : IEnginesDuty
    {
        public string Name => "engines";

        public bool IsReady { get; set; } = true;

        public Task Run(CancellationToken untilLost) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, untilLost);
    }

    private sealed class FailingDuty : ILeaderDuty
    {
        private TaskCompletionSource _failure = new();

        public string Name => "failing";

        public bool IsReady => true;

        public void Fail() => _failure.SetException(new InvalidOperationException("The store is away."));

        public Task Run(CancellationToken untilLost) => (_failure = new()).Task.WaitAsync(untilLost);
    }

    private static async Task NothingWentWrong(ParcelService service) =>
        (await service.Errors.List(Stopping)).Sum(queue => queue.Messages).ShouldBe(0);
}
