using CarbonMarket.ServiceDefaults.Clock;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Time.Testing;

namespace CarbonMarket.ServiceDefaults.Tests.Clock;

public sealed class MarketClockTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Deadline = new(2022, 4, 30, 23, 59, 0, TimeSpan.FromHours(1));
    private readonly FakeTimeProvider _system = new(Now);

    [Fact]
    public void Until_it_is_set_legal_time_is_the_systems() => new MarketClock(_system).GetUtcNow().ShouldBe(Now);

    [Fact]
    public void A_clock_that_stands_shows_the_same_time_however_long_one_waits()
    {
        var clock = new MarketClock(_system);
        clock.Follow(1, Deadline, Now, running: false);
        _system.Advance(TimeSpan.FromDays(3));
        clock.GetUtcNow().ShouldBe(Deadline);
    }

    [Fact]
    public void A_running_clock_goes_on_from_where_it_was_set()
    {
        var clock = new MarketClock(_system);
        clock.Follow(1, Deadline, Now, running: true);
        _system.Advance(TimeSpan.FromMinutes(2));
        clock.GetUtcNow().ShouldBe(Deadline.AddMinutes(2));
    }

    [Fact]
    public void News_that_is_old_changes_nothing()
    {
        var clock = new MarketClock(_system);
        var jumps = 0;
        clock.Changed += (_, _) => jumps++;
        clock.Follow(2, Deadline, Now, running: false);
        clock.Follow(1, Now, Now, running: true);
        clock.Follow(2, Now, Now, running: true);
        (clock.GetUtcNow(), clock.Version, jumps).ShouldBe((Deadline, 2, 1));
    }

    [Fact]
    public void Production_refuses_a_clock_that_can_be_set()
    {
        var settings = Settings(("MarketClock:Mode", "Sandbox"), ("MarketClock:Source", "http://localhost"));
        Should.Throw<InvalidOperationException>(() => ClockSettings.Read(settings, In(Environments.Production)))
            .Message.ShouldContain("Production");
        ClockSettings.Read(settings, In("Sandbox")).Mode.ShouldBe(ClockMode.Sandbox);
    }

    [Fact]
    public void Without_a_setting_the_clock_is_the_systems() =>
        ClockSettings.Read(Settings(), In("Sandbox")).ShouldBe(new ClockSettings(ClockMode.System, null));

    private static IConfiguration Settings(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.ToDictionary(v => v.Key, v => (string?)v.Value, StringComparer.Ordinal)).Build();

    private static HostingEnvironment In(string environment) => new() { EnvironmentName = environment };
}
