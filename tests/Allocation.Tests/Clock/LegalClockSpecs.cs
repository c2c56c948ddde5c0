using System.Globalization;
using CarbonMarket.Testing;
using static CarbonMarket.Allocation.Clock.ClockCommand;

namespace CarbonMarket.Allocation.Clock;

public sealed class LegalClockSpecs
{
    private static readonly DateTimeOffset Now = Time("2026-08-01T10:00:00Z");
    private static readonly DateTimeOffset Past = Time("2021-03-01T08:00:00Z");

    private static readonly Spec<LegalClock, ClockCommand, ClockSet> Spec =
        new(() => new LegalClock(), (clock, command) => clock.Decide(command), (clock, set) => clock.After(set));

    [Fact]
    public void The_first_setting_may_lie_in_the_past() =>
        Spec.Given().When(new Set(Past, Running: false, Now)).Then(Frozen(Past));

    [Fact]
    public void Setting_what_is_set_changes_nothing() =>
        Spec.Given(Frozen(Past)).When(new Set(Past.ToOffset(TimeSpan.FromHours(8)), Running: false, Now.AddHours(1))).ThenNothing();

    [Fact]
    public void Once_set_legal_time_never_goes_back() =>
        Spec.Given(Frozen(Past)).When(new Set(Past.AddSeconds(-1), Running: false, Now)).ThenRejected("clock-goes-back");

    [Fact]
    public void A_running_clock_is_not_set_back_to_where_it_started() =>
        Spec.Given(Frozen(Past) with { Running = true })
            .When(new Set(Past.AddMinutes(1), Running: false, Now.AddMinutes(2))).ThenRejected("clock-goes-back");

    [Fact]
    public void A_frozen_clock_stands_still_and_a_running_one_moves_with_the_system()
    {
        var frozen = new LegalClock().After(Frozen(Past));
        frozen.At(Now.AddDays(3)).ShouldBe(Past);
        var running = frozen.After(Frozen(Past) with { Running = true });
        running.At(Now.AddMinutes(5)).ShouldBe(Past.AddMinutes(5));
        new LegalClock().At(Now).ShouldBe(Now);
    }

    [Fact]
    public void A_running_clock_can_be_stopped_where_it_is() =>
        Spec.Given(Frozen(Past) with { Running = true }).When(new Set(Past.AddMinutes(2), Running: false, Now.AddMinutes(2)))
            .Then(new ClockSet(Past.AddMinutes(2), Now.AddMinutes(2), Running: false, null, null));

    [Fact]
    public void Advancing_by_a_span_starts_from_legal_time() =>
        Spec.Given(Frozen(Past)).When(Advance("a", by: TimeSpan.FromHours(3)))
            .Then(Frozen(Past.AddHours(3)) with { Key = "a", Leap = new Leap(TimeSpan.FromHours(3), null) });

    [Fact]
    public void Advancing_to_a_moment_keeps_a_running_clock_running() =>
        Spec.Given(Frozen(Past) with { Running = true }).When(Advance("a", to: Past.AddDays(1)))
            .Then(new ClockSet(Past.AddDays(1), Now, Running: true, "a", new Leap(null, Past.AddDays(1))));

    [Fact]
    public void A_repeated_advance_is_recognised_by_its_key() =>
        Spec.Given().After(new Set(Past, false, Now), Advance("a", by: TimeSpan.FromHours(3)), Advance("b", by: TimeSpan.FromHours(1)))
            .When(Advance("a", by: TimeSpan.FromHours(3))).ThenNothing();

    [Fact]
    public void A_key_is_not_reused_for_another_step() =>
        Spec.Given().After(new Set(Past, false, Now), Advance("a", by: TimeSpan.FromHours(3)))
            .When(Advance("a", by: TimeSpan.FromHours(4))).ThenRejected("command-id-reused");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_step_goes_forward(int seconds) =>
        Spec.Given(Frozen(Past)).When(Advance("a", by: TimeSpan.FromSeconds(seconds))).ThenRejected("clock-goes-back");

    public static TheoryData<TimeSpan> StepsTooFar => new(
        TimeSpan.FromDays(9_999_999), TimeSpan.MaxValue, TimeSpan.FromDays(40_000), LegalClock.End - Past, LegalClock.End - Past + TimeSpan.FromTicks(1));

    // Legal time never goes back, so a clock that was once sent too far would be spent.
    [Theory]
    [MemberData(nameof(StepsTooFar))]
    public void A_step_beyond_what_the_calendar_knows_is_refused(TimeSpan by)
    {
        Spec.Given(Frozen(Past)).When(Advance("a", by)).ThenRejected("clock-out-of-range");
        Spec.Given(Frozen(Past) with { Running = true }).When(Advance("a", by)).ThenRejected("clock-out-of-range");
        Spec.Given().When(Advance("a", by)).ThenRejected("clock-out-of-range");
    }

    [Fact]
    public void A_step_back_is_a_step_back_however_long() =>
        Spec.Given(Frozen(Past)).When(Advance("a", TimeSpan.MinValue)).ThenRejected("clock-goes-back");

    [Fact]
    public void The_last_moment_of_the_calendar_can_be_reached() =>
        Spec.Given(Frozen(Past)).When(Advance("a", LegalClock.End - Past - TimeSpan.FromTicks(1)))
            .Then(Frozen(LegalClock.End.AddTicks(-1)) with { Key = "a", Leap = new Leap(LegalClock.End - Past - TimeSpan.FromTicks(1), null) });

    [Fact]
    public void A_clock_that_ran_past_the_calendar_is_advanced_no_further() =>
        Spec.Given(Frozen(LegalClock.End.AddSeconds(-1)) with { Running = true })
            .When(new Advance("a", new Leap(TimeSpan.FromSeconds(1), null), Now.AddDays(2))).ThenRejected("clock-out-of-range");

    [Theory]
    [InlineData("2100-01-01T00:00:00Z")]
    [InlineData("1999-12-31T23:59:59Z")]
    [InlineData("2099-12-31T20:00:00-04:00")]
    public void A_moment_outside_the_calendar_is_refused(string moment)
    {
        Spec.Given().When(new Set(Time(moment), Running: false, Now)).ThenRejected("clock-out-of-range");
        Spec.Given().When(Advance("a", to: Time(moment))).ThenRejected("clock-out-of-range");
    }

    [Theory]
    [InlineData("2000-01-01T00:00:00Z")]
    [InlineData("2100-01-01T07:59:59+08:00")]
    public void The_calendars_first_and_last_moments_are_inside(string moment) =>
        Spec.Given().When(new Set(Time(moment), Running: false, Now)).Then(Frozen(Time(moment)));

    [Fact]
    public void The_clock_stays_small_however_often_it_is_advanced()
    {
        var clock = Enumerable.Range(0, 1000).Aggregate(
            new LegalClock(), (state, step) => state.After(Frozen(Past.AddDays(step)) with { Key = $"k{step}", Leap = new Leap(TimeSpan.FromDays(1), null) }));
        clock.Version.ShouldBe(1000);
        clock.Advances.Count.ShouldBe(200);
        clock.AdvancedBy("k999")!.Version.ShouldBe(1000);
        clock.AdvancedBy("k0").ShouldBeNull();
    }

    [Theory]
    [InlineData("PT3H", "03:00:00")]
    [InlineData("P1D", "1.00:00:00")]
    [InlineData("P1DT30M", "1.00:30:00")]
    [InlineData("PT0.5S", "00:00:00.5")]
    public void A_duration_is_read_as_ISO_8601(string text, string span) =>
        IsoDuration.Parse(text).ShouldBe(TimeSpan.Parse(span, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("P1M")]
    [InlineData("P1Y")]
    [InlineData("3 hours")]
    [InlineData("")]
    [InlineData("P99999999999D")]
    [InlineData(null)]
    public void A_duration_without_a_fixed_length_is_refused(string? text) => IsoDuration.Parse(text).ShouldBeNull();

    private static ClockSet Frozen(DateTimeOffset at) => new(at, Now, Running: false, null, null);

    private static Advance Advance(string key, TimeSpan? by = null, DateTimeOffset? to = null) => new(key, new Leap(by, to), Now);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
