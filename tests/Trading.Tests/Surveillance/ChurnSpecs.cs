using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Surveillance;
using CarbonMarket.Trading.TradingAccounts;
using static CarbonMarket.Trading.Tests.Surveillance.TheWatch;
using static CarbonMarket.Trading.Tests.TheMarket;
using Rules = CarbonMarket.PolicyPacks.Surveillance;

namespace CarbonMarket.Trading.Tests.Surveillance;

/// <summary>All accounts were opened on Monday 1 March.</summary>
public sealed class ChurnSpecs
{
    private readonly TheWatch _market = new(new Rules { Churn = new ChurnPattern(3, 3) });

    [Fact]
    public void A_new_account_that_trades_a_great_deal_is_told_of()
    {
        var alert = _market.Sells(Ann, Bob, 1, At(10, 0, 3)).Sells(Cem, Ann, 1, At(10, 0, 3)).Sells(Ann, Dan, 1, At(11, 0, 3)).Raised();
        (alert.Pattern, alert.Instrument, alert.ParticipantIds.Single()).ShouldBe((AbusePattern.Churn, Plain, Ann));
        alert.Measurements.ShouldBe([new Measurement("account-age-days", 3, 3), new Measurement("trades", 3, 3)]);
        alert.Proofs.Length.ShouldBe(3);
    }

    [Fact]
    public void A_day_older_it_is_an_account_like_others() =>
        _market.Sells(Ann, Bob, 1, At(10, 0, 4)).Sells(Cem, Ann, 1, At(10, 0, 4)).Sells(Ann, Dan, 1, At(10, 0, 4)).RaisedNothing();

    [Fact]
    public void It_grows_no_younger_by_money_that_arrives_later() => _market
        .Do(new FundAccount(Id("more"), Ann, null, Quantity.Zero, Money.OfMinor(1), At(9, 0, 4)))
        .Sells(Ann, Bob, 1, At(10, 0, 4)).Sells(Cem, Ann, 1, At(10, 0, 4)).Sells(Ann, Dan, 1, At(10, 0, 4)).RaisedNothing();

    [Fact]
    public void Fewer_trades_than_that_are_nothing() =>
        _market.Sells(Ann, Bob, 1).Sells(Ann, Cem, 1).RaisedNothing();

    [Fact]
    public void The_trades_of_another_day_are_counted_apart() =>
        _market.Sells(Ann, Bob, 1).Sells(Ann, Cem, 1).Sells(Ann, Dan, 1, At(10, 0, 1)).RaisedNothing();

    [Fact]
    public void Trades_of_several_instruments_are_counted_together() =>
        _market.Sells(Ann, Bob, 1).Sells(Ann, Cem, 1).Sells(Ann, Dan, 10, instrument: Ruled, price: 7_460).Raised().Instrument.ShouldBeNull();

    [Fact]
    public void A_trade_proves_one_alert_of_an_account_and_not_the_next()
    {
        _market.Sells(Ann, Bob, 1).Sells(Ann, Cem, 1).Sells(Ann, Dan, 1).Raised();
        _market.Sells(Ann, Cem, 1).Sells(Ann, Dan, 1).Raised();
        _market.Sells(Ann, Bob, 1).Alerts.Count(alert => alert.ParticipantIds.Single() == Ann).ShouldBe(2);
    }
}
