using CarbonMarket.Trading.Controls;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Controls;

/// <summary>On a second that is an hour long, so that none passes while the test runs.</summary>
public sealed class MessageRateSpecs : IDisposable
{
    private readonly MessageRate _rate = new(TimeSpan.FromHours(1));

    [Fact]
    public void A_participant_sends_so_many_messages_and_then_waits()
    {
        _rate.Exceeded("gansu", Ann, 10, 6).ShouldBeNull();
        _rate.Exceeded("gansu", Ann, 10, 4).ShouldBeNull();
        _rate.Exceeded("gansu", Ann, 10, 1).ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public void Each_participant_has_a_budget_of_its_own_in_each_market()
    {
        _rate.Exceeded("gansu", Ann, 5, 5).ShouldBeNull();
        _rate.Exceeded("gansu", Bob, 5, 5).ShouldBeNull();
        _rate.Exceeded("uk-ets", Ann, 5, 5).ShouldBeNull();
    }

    [Fact]
    public void What_did_not_pass_costs_nothing()
    {
        _rate.Exceeded("gansu", Ann, 10, 6).ShouldBeNull();
        _rate.Exceeded("gansu", Ann, 10, 5).ShouldNotBeNull();
        _rate.Exceeded("gansu", Ann, 10, 4).ShouldBeNull();
    }

    [Fact]
    public void More_than_a_second_may_bring_never_passes() =>
        _rate.Exceeded("gansu", Ann, 10, 11).ShouldBe(Timeout.InfiniteTimeSpan);

    public void Dispose() => _rate.Dispose();
}
