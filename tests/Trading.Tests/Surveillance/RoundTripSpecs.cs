using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Surveillance;
using static CarbonMarket.Trading.Tests.Surveillance.TheWatch;
using static CarbonMarket.Trading.Tests.TheMarket;
using Rules = CarbonMarket.PolicyPacks.Surveillance;

namespace CarbonMarket.Trading.Tests.Surveillance;

public sealed class RoundTripSpecs
{
    private readonly TheWatch _market = new(new Rules { RoundTrip = new RoundTripPattern(3_600, 5) });

    [Fact]
    public void Units_that_come_home_through_other_hands_within_the_window_are_told_of()
    {
        var alert = _market.Sells(Ann, Bob, 100).Sells(Bob, Cem, 98).Sells(Cem, Ann, 103, Morning.AddSeconds(3_600)).Raised();
        (alert.Pattern, alert.Instrument, alert.At).ShouldBe((AbusePattern.RoundTrip, Plain, Morning.AddSeconds(3_600)));
        alert.ParticipantIds.ShouldBe([Ann, Bob, Cem], ignoreOrder: true);
        alert.Measurements.ShouldBe([new Measurement("window-seconds", 3_600, 3_600), new Measurement("tolerance-percent", 5, 3)]);
        alert.Proofs.Length.ShouldBe(3);
    }

    [Fact]
    public void A_second_later_they_have_not_come_home() =>
        _market.Sells(Ann, Bob, 100).Sells(Bob, Cem, 100).Sells(Cem, Ann, 100, Morning.AddSeconds(3_601)).RaisedNothing();

    [Theory]
    [InlineData(95, true)]
    [InlineData(105, true)]
    [InlineData(94, false)]
    [InlineData(106, false)]
    public void About_as_many_is_within_the_tolerance(long back, bool raised) =>
        _market.Sells(Ann, Bob, 100).Sells(Bob, Ann, back).Alerts.Count.ShouldBe(raised ? 1 : 0);

    [Fact]
    public void Four_hands_are_a_round_as_well() =>
        _market.Sells(Ann, Bob, 100).Sells(Bob, Cem, 100).Sells(Cem, Dan, 100).Sells(Dan, Ann, 100).Raised().ParticipantIds.Length.ShouldBe(4);

    [Fact]
    public void Who_buys_from_one_and_sells_to_another_makes_a_market() =>
        _market.Sells(Ann, Bob, 100).Sells(Bob, Cem, 100).Sells(Dan, Bob, 100).Sells(Bob, Cem, 100).RaisedNothing();

    [Fact]
    public void A_seller_who_buys_from_somebody_who_had_units_of_its_own_has_changed_its_mind() =>
        _market.Sells(Ann, Bob, 100).Sells(Cem, Ann, 100).RaisedNothing();

    [Fact]
    public void Units_that_went_on_do_not_come_home_by_others() =>
        _market.Sells(Ann, Bob, 100).Sells(Bob, Cem, 100).Sells(Bob, Ann, 100).RaisedNothing();

    [Fact]
    public void Of_several_purchases_that_fit_the_one_that_leads_home_is_followed() =>
        _market.Sells(Ann, Bob, 100).Sells(Cem, Bob, 100).Sells(Bob, Ann, 100).Raised().ParticipantIds.Length.ShouldBe(2);

    [Fact]
    public void What_was_bought_before_it_is_sent_round_is_a_round_all_the_same()
    {
        _market.Sells(Dan, Ann, 100).Sells(Ann, Bob, 100, Morning.AddMinutes(50));
        _market.Sells(Bob, Ann, 100, Morning.AddMinutes(70)).Raised().ParticipantIds.ShouldBe([Ann, Bob], ignoreOrder: true);
    }

    [Theory]
    [InlineData(RoundTrips.MostHands, true)]
    [InlineData(RoundTrips.MostHands + 1, false)]
    public void So_many_hands_are_followed_and_no_more(int hands, bool raised)
    {
        for (var i = 1; i < hands; i++)
            _market.Sells(Hand(i), Hand(i + 1), 100);
        _market.RaisedNothing();
        _market.Sells(Hand(hands), Hand(1), 100).Alerts.Count.ShouldBe(raised ? 1 : 0);
    }

    [Fact]
    public void A_trade_proves_one_round_and_not_the_next()
    {
        _market.Sells(Ann, Bob, 100).Sells(Bob, Ann, 100).Sells(Ann, Bob, 100).Alerts.Count.ShouldBe(1);
        _market.Sells(Bob, Ann, 100).Alerts.Count.ShouldBe(2);
        _market.Alerts.SelectMany(alert => alert.Proofs).ShouldBeUnique();
    }
}
