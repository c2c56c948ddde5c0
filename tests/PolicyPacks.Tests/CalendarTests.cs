using System.Globalization;
using CarbonMarket.Kernel;
using CsCheck;
using static CarbonMarket.PolicyPacks.Tests.ShippedPacks;

namespace CarbonMarket.PolicyPacks.Tests;

public sealed class CalendarTests
{
    [Theory]
    [InlineData("2021-03-28T00:59:59Z", "2021-03-28")]
    [InlineData("2021-06-30T22:59:59Z", "2021-06-30")]
    [InlineData("2021-06-30T23:00:00Z", "2021-07-01")]
    [InlineData("2021-12-31T23:59:59Z", "2021-12-31")]
    public void A_legal_day_in_london_follows_summer_time(string instant, string day) => Uk.LegalDay(At(instant)).ShouldBe(Day(day));

    [Theory]
    [InlineData("2026-12-31T15:59:59Z", "2026-12-31")]
    [InlineData("2026-12-31T16:00:00Z", "2027-01-01")]
    [InlineData("2026-07-01T15:59:59Z", "2026-07-01")]
    [InlineData("2026-07-01T16:00:00Z", "2026-07-02")]
    public void A_legal_day_in_china_is_eight_hours_ahead_all_year(string instant, string day) =>
        Gansu.LegalDay(At(instant)).ShouldBe(Day(day));

    [Fact]
    public void An_instant_is_told_by_the_clocks_of_the_market_with_their_offset()
    {
        Gansu.Moment(At("2026-12-31T16:00:00Z")).ShouldBe("2027-01-01T00:00:00+08:00");
        Gansu.Moment(At("2026-03-03T01:30:00.25Z")).ShouldBe("2026-03-03T09:30:00.25+08:00");
        Uk.Moment(At("2021-06-30T22:59:59Z")).ShouldBe("2021-06-30T23:59:59+01:00");
    }

    [Fact]
    public void By_30_April_includes_the_whole_of_that_day()
    {
        // British summer time: midnight of 1 May is 23:00 UTC of the day before.
        Uk.SurrenderDeadline(ComplianceYear.Of(2021)).ShouldBe(At("2022-04-30T23:00:00Z"));
        Uk.ReportDeadline(ComplianceYear.Of(2021)).ShouldBe(At("2022-03-31T23:00:00Z"));
        Gansu.SurrenderDeadline(ComplianceYear.Of(2025)).ShouldBe(At("2026-12-31T16:00:00Z"));
        Gansu.ReportDeadline(ComplianceYear.Of(2025)).ShouldBe(At("2026-03-31T16:00:00Z"));
    }

    [Fact]
    public void A_year_for_which_the_authority_set_another_day_has_that_day()
    {
        Gansu.SurrenderDeadline(ComplianceYear.Of(2021)).ShouldBe(At("2023-12-31T16:00:00Z"));
        Gansu.SurrenderDeadline(ComplianceYear.Of(2022)).ShouldBe(At("2023-12-31T16:00:00Z"));
        Gansu.ReportDeadline(ComplianceYear.Of(2021)).ShouldBe(At("2022-03-31T16:00:00Z"));
    }

    [Theory]
    [InlineData("2021-03-26T07:00:00Z")]
    [InlineData("2021-03-29T06:00:00Z")]
    [InlineData("2021-03-29T15:59:59Z")]
    [InlineData("2021-11-01T16:59:59Z")]
    public void The_uk_book_is_open_from_seven_to_five_by_the_clock_on_the_wall(string instant) =>
        Uk.SessionAt(At(instant)).ShouldNotBeNull().Mode.ShouldBe("continuous");

    [Theory]
    [InlineData("2021-03-26T06:59:59Z")]
    [InlineData("2021-03-29T05:59:59Z")]
    [InlineData("2021-03-29T16:00:00Z")]
    [InlineData("2021-03-28T10:00:00Z")]
    public void The_uk_book_is_shut_outside_those_hours_and_on_sundays(string instant) => Uk.SessionAt(At(instant)).ShouldBeNull();

    [Theory]
    [InlineData("2025-03-03T09:30:00+08:00", true, false)]
    [InlineData("2025-03-03T11:29:59+08:00", true, false)]
    [InlineData("2025-03-03T11:30:00+08:00", false, false)]
    [InlineData("2025-03-03T12:59:59+08:00", false, false)]
    [InlineData("2025-03-03T13:00:00+08:00", true, true)]
    [InlineData("2025-03-03T15:00:00+08:00", false, false)]
    [InlineData("2025-01-28T10:00:00+08:00", false, false)]
    public void Gansu_trades_in_two_sessions_and_blocks_in_the_second_only(string instant, bool book, bool blocks)
    {
        (Gansu.SessionAt(At(instant)) is not null, Gansu.SessionAt(At(instant), "block") is not null).ShouldBe((book, blocks));
        foreach (var carbon in new[] { Gansu.Instrument("CEA-2024")!, Gansu.Instrument("CCER")! })
        {
            Gansu.SessionAt(At(instant), carbon)?.Mode.ShouldBe("continuous");
            (Gansu.SessionAt(At(instant), carbon) is not null, Gansu.SessionAt(At(instant), carbon, "block") is not null).ShouldBe((book, blocks));
        }
    }

    [Theory]
    [InlineData("2025-03-03T09:14:59+08:00", null)]
    [InlineData("2025-03-03T09:15:00+08:00", "call")]
    [InlineData("2025-03-03T09:25:00+08:00", null)]
    [InlineData("2025-03-03T09:30:00+08:00", "continuous")]
    [InlineData("2025-03-03T11:30:00+08:00", null)]
    [InlineData("2025-03-03T14:56:59+08:00", "continuous")]
    [InlineData("2025-03-03T14:57:00+08:00", "call")]
    [InlineData("2025-03-03T14:59:59+08:00", "call")]
    [InlineData("2025-03-03T15:00:00+08:00", null)]
    [InlineData("2025-03-01T10:00:00+08:00", null)]
    public void Energy_use_rights_open_and_close_with_a_call(string instant, string? mode)
    {
        foreach (var right in new[] { Gansu.Instrument("TCE-2025")!, Gansu.Instrument("TCEINC-2026")! })
        {
            Gansu.SessionAt(At(instant), right)?.Mode.ShouldBe(mode);
            (Gansu.SessionAt(At(instant), right) is null).ShouldBe(mode is null);
            (Gansu.SessionAt(At(instant), right, "call") is not null).ShouldBe(mode == "call");
        }
    }

    [Fact]
    public void A_day_has_the_calls_of_its_instrument_each_with_the_instant_of_its_end()
    {
        Gansu.CallsOf(Day("2025-03-03"), Gansu.Instrument("TCE-2025")!).Select(call => (call.Call.Purpose, call.ClosesAt)).ShouldBe(
            [(CallPurpose.Open, At("2025-03-03T01:25:00Z")), (CallPurpose.Close, At("2025-03-03T07:00:00Z"))]);
        Gansu.CallsOf(Day("2025-03-03"), Gansu.Instrument("CEA-2025")!).ShouldBeEmpty();
        Gansu.CallsOf(Day("2025-01-28"), Gansu.Instrument("TCE-2025")!).ShouldBeEmpty();
    }

    [Fact]
    public void A_trading_day_ends_when_its_last_session_closes()
    {
        Uk.EndOfTrading(Day("2021-03-26")).ShouldBe(At("2021-03-26T17:00:00Z"));
        Uk.EndOfTrading(Day("2021-03-29")).ShouldBe(At("2021-03-29T16:00:00Z"));
        Gansu.EndOfTrading(Day("2025-03-03")).ShouldBe(At("2025-03-03T07:00:00Z"));
    }

    [Fact]
    public void The_days_on_which_the_clocks_change_are_an_hour_short_and_an_hour_long()
    {
        (Uk.EndOfDay(Day("2021-03-28")) - Uk.StartOfDay(Day("2021-03-28"))).ShouldBe(TimeSpan.FromHours(23));
        (Uk.EndOfDay(Day("2021-10-31")) - Uk.StartOfDay(Day("2021-10-31"))).ShouldBe(TimeSpan.FromHours(25));
    }

    [Fact]
    public void A_close_in_the_hour_that_is_skipped_or_comes_twice_is_one_instant_of_that_day()
    {
        var night = Uk with { Trading = Uk.Trading with { Sessions = [new Session("continuous", new TimeOnly(0, 15), new TimeOnly(1, 30))] } };
        night.EndOfTrading(Day("2021-03-28")).ShouldBe(At("2021-03-28T01:30:00Z"));
        night.EndOfTrading(Day("2021-10-31")).ShouldBe(At("2021-10-31T00:30:00Z"));
    }

    [Fact]
    public void Every_instant_lies_in_exactly_the_legal_day_whose_bounds_hold_it() =>
        Gen.Select(Gen.Long[0, 3_000_000_000], Gen.Bool).Sample((seconds, china) =>
        {
            var pack = china ? Gansu : Uk;
            var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
            var day = pack.LegalDay(at);
            return pack.StartOfDay(day) <= at && at < pack.EndOfDay(day);
        });

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}
