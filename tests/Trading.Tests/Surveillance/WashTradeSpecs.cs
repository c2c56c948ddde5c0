using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Surveillance;
using CarbonMarket.Trading.Trades;
using static CarbonMarket.Trading.Tests.TheMarket;
using Rules = CarbonMarket.PolicyPacks.Surveillance;

namespace CarbonMarket.Trading.Tests.Surveillance;

public sealed class WashTradeSpecs
{
    private readonly TheWatch _market = new(new Rules { WashTrade = new WashTradePattern(60) });

    [Fact]
    public void Two_who_sell_to_each_other_and_back_within_the_window_are_told_of()
    {
        var alert = _market.Sells(Ann, Bob, 10).Sells(Bob, Ann, 7, Morning.AddSeconds(60)).Raised();
        (alert.Market, alert.Pattern, alert.Instrument, alert.Day, alert.At)
            .ShouldBe(("test", AbusePattern.WashTrade, Plain, Monday, Morning.AddSeconds(60)));
        alert.ParticipantIds.ShouldBe([Ann, Bob], ignoreOrder: true);
        alert.Measurements.ShouldBe([new Measurement("window-seconds", 60, 60)]);
        alert.Proofs.Length.ShouldBe(2);
        alert.Proofs.ShouldAllBe(proof => proof.TradeId != null);
        alert.Proofs[^1].Version.ShouldBe(_market.Version);
    }

    [Fact]
    public void A_second_later_it_is_another_trade() =>
        _market.Sells(Ann, Bob, 10).Sells(Bob, Ann, 10, Morning.AddSeconds(61)).RaisedNothing();

    [Fact]
    public void Who_sells_the_same_way_twice_sells_more() =>
        _market.Sells(Ann, Bob, 10).Sells(Ann, Bob, 10).RaisedNothing();

    [Fact]
    public void A_third_who_buys_is_no_way_back() =>
        _market.Sells(Ann, Bob, 10).Sells(Bob, Cem, 10).Sells(Cem, Bob, 10, Morning.AddSeconds(61)).RaisedNothing();

    [Fact]
    public void Another_instrument_is_another_trade() =>
        _market.Sells(Ann, Bob, 10).Sells(Bob, Ann, 10, instrument: Ruled, price: 7_460).RaisedNothing();

    [Fact]
    public void A_trade_with_oneself_that_was_prevented_is_no_trade() =>
        _market.Do(Sell(Ann, "o1", 10, 100), Buy(Ann, "o2", 10, 100), Sell(Ann, "o3", 10, 100)).RaisedNothing();

    /// <summary>Everybody is told a sale's id, and may give it to an order.</summary>
    [Fact]
    public void An_order_with_the_id_of_a_sale_takes_no_part_in_what_is_sold() => _market.Do(
        new AnnounceSale(Id("sale"), Plain, Cem, Quantity.Of(50), Price.OfMinor(60), At(9, 30), At(11, 0), null, At(9, 0)),
        Buy(Bob, "sale", 1, 50), new BuyFromSale(Id("first"), Id("sale"), Ann, Quantity.Of(1), Morning),
        new ReplaceOrder(Id("sale"), Bob, Quantity.Of(2), Price.OfMinor(50), Morning)).RaisedNothing();

    [Fact]
    public void A_trade_proves_one_alert_and_not_the_next()
    {
        _market.Sells(Ann, Bob, 10).Sells(Bob, Ann, 10).Sells(Ann, Bob, 10).Alerts.Count.ShouldBe(1);
        _market.Sells(Bob, Ann, 10).Alerts.Count.ShouldBe(2);
        _market.Alerts.SelectMany(alert => alert.Proofs).ShouldBeUnique();
        _market.Alerts.Select(alert => alert.CaseId).Distinct().ShouldHaveSingleItem("They are one case.");
        _market.Alerts.Select(alert => alert.AlertId).ShouldBeUnique();
    }

    [Fact]
    public void Another_day_or_another_pair_is_another_case()
    {
        _market.Sells(Ann, Bob, 10).Sells(Bob, Ann, 10).Sells(Ann, Cem, 10).Sells(Cem, Ann, 10);
        _market.Sells(Ann, Bob, 10, At(10, 0, 1)).Sells(Bob, Ann, 10, At(10, 0, 1));
        _market.Alerts.Select(alert => alert.CaseId).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void A_pattern_that_the_pack_does_not_name_is_not_watched()
    {
        new TheWatch(new Rules()).Sells(Ann, Bob, 10).Sells(Bob, Ann, 10).RaisedNothing();
        new TheWatch(null).Sells(Ann, Bob, 10).Sells(Bob, Ann, 10).RaisedNothing();
    }

    [Fact]
    public void The_window_is_that_of_the_rules_in_force_on_the_day()
    {
        var stricter = Pack with
        {
            Version = "2", ValidFrom = Monday.AddDays(1),
            Trading = Pack.Trading with { Surveillance = new Rules { WashTrade = new WashTradePattern(120) } },
        };
        var market = new TheWatch(new Rules { WashTrade = new WashTradePattern(60) }, stricter);
        market.Sells(Ann, Bob, 10).Sells(Bob, Ann, 10, Morning.AddSeconds(90)).RaisedNothing();
        market.Sells(Ann, Cem, 10, At(10, 0, 1)).Sells(Cem, Ann, 10, At(10, 0, 1).AddSeconds(90)).Raised();
    }

    [Fact]
    public void When_more_is_sold_than_is_kept_the_oldest_is_forgotten()
    {
        var (first, others) = (Trade(1, Ann, Bob), Enumerable.Range(2, WashTrades.MostSales).Select(i => Trade(i, Id($"seller {i}"), Id($"buyer {i}"))));
        Alerts([first, .. others, Trade(WashTrades.MostSales + 2, Bob, Ann)]).ShouldBeEmpty();
        Alerts([first, .. others.Skip(1), Trade(WashTrades.MostSales + 2, Bob, Ann)]).ShouldHaveSingleItem();
    }

    /// <summary>So many trades that only their facts are told.</summary>
    private static List<Alert> Alerts(IEnumerable<TradeExecuted> trades)
    {
        var watch = new MarketWatch([Pack with { Trading = Pack.Trading with { Surveillance = new Rules { WashTrade = new WashTradePattern(60) } } }]);
        return [.. trades.SelectMany(trade => watch.Evolve(new CommittedCommand(Guid.Empty, watch.Version + 1, [trade])))];
    }

    private static TradeExecuted Trade(long sequence, Guid seller, Guid buyer) => new(
        sequence, Id($"trade {sequence}"), Plain, Id("bid"), Id("offer"), buyer, seller, Quantity.Of(1), Price.OfMinor(100),
        TradeMode.Continuous, Monday, Morning);
}
