using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Surveillance;
using static CarbonMarket.Trading.Tests.TheMarket;
using Rules = CarbonMarket.PolicyPacks.Surveillance;

namespace CarbonMarket.Trading.Tests.Surveillance;

public sealed class LayeringSpecs
{
    private readonly TheWatch _market = new(new Rules { Layering = new LayeringPattern(10, 90) });

    [Fact]
    public void Many_orders_of_a_side_nearly_all_of_them_taken_back_are_told_of()
    {
        Orders(10);
        Cancels(8).RaisedNothing();
        var alert = Cancels(1, from: 9).Raised();
        (alert.Pattern, alert.Instrument, alert.ParticipantIds.Single()).ShouldBe((AbusePattern.Layering, Plain, Ann));
        alert.Measurements.ShouldBe([new Measurement("orders", 10, 10), new Measurement("cancelled-percent", 90, 90)]);
        alert.Proofs.Select(proof => proof.OrderId).ShouldBe(Enumerable.Range(1, 9).SelectMany(i => (Guid?[])[Id($"o{i}"), Id($"o{i}")]), ignoreOrder: true);
    }

    [Fact]
    public void One_order_fewer_is_not_many()
    {
        Orders(9);
        Cancels(9).RaisedNothing();
    }

    [Fact]
    public void Order_by_order_is_a_layer_as_well() => _market.Do(Enumerable.Range(1, 10).SelectMany(
        i => (MarketCommand[])[Buy(Ann, $"o{i}", 1, 50), new CancelOrder(Id($"o{i}"), Ann, Morning)])).Raised();

    [Fact]
    public void It_is_told_when_the_last_order_makes_them_many_though_that_one_stays()
    {
        _market.Do(Enumerable.Range(1, 9).SelectMany(
            i => (MarketCommand[])[Buy(Ann, $"o{i}", 1, 50), new CancelOrder(Id($"o{i}"), Ann, Morning)])).RaisedNothing();
        var alert = _market.Do(Buy(Ann, "o10", 1, 50)).Raised();
        alert.Measurements.ShouldBe([new Measurement("orders", 10, 10), new Measurement("cancelled-percent", 90, 90)]);
        _market.Do(new CancelOrder(Id("o10"), Ann, Morning)).Raised().ShouldBe(alert, "It is told of once.");
    }

    [Fact]
    public void Orders_that_go_with_their_session_are_taken_back_as_well() => _market.Do(
        [.. Enumerable.Range(1, 10).Select(i => Buy(Ann, $"o{i}", 1, 50) with { Session = Id("session") }), new EndSession(Id("session"), Ann, Morning)]).Raised();

    [Fact]
    public void Who_makes_a_market_cancels_much_and_trades()
    {
        Orders(40);
        _market.Do(Sell(Bob, "hit", 5, 50));
        Cancels(35, from: 6).RaisedNothing();
    }

    [Fact]
    public void An_order_that_has_traded_in_part_was_meant()
    {
        _market.Do(Enumerable.Range(1, 10).Select(i => Buy(Ann, $"o{i}", 2, 50)));
        _market.Do(Sell(Bob, "hit", 3, 50));
        Cancels(9, from: 2).RaisedNothing();
    }

    [Fact]
    public void The_sides_are_counted_apart()
    {
        Orders(5);
        _market.Do(Enumerable.Range(6, 5).Select(i => Sell(Ann, $"o{i}", 1, 150)));
        Cancels(10).RaisedNothing();
    }

    [Fact]
    public void What_cannot_rest_is_no_layer() =>
        _market.Do(Enumerable.Range(1, 20).Select(i => Buy(Ann, $"o{i}", 1, 50, life: TimeInForce.Ioc))).RaisedNothing();

    [Fact]
    public void What_others_take_out_of_the_book_the_participant_has_not_taken_back()
    {
        Orders(10);
        _market.Do(new ImposeControl(
            Id("kill"), ControlKind.KillSwitch, Ann, null, null, null, null, "gone wild", null, new ControlActor("olga", Guid.Empty, true, false), Morning))
            .RaisedNothing();
    }

    [Fact]
    public void Another_day_is_counted_anew()
    {
        Orders(5);
        Cancels(5);
        _market.DayEnds();
        _market.Do(Enumerable.Range(6, 5).Select(i => Buy(Ann, $"o{i}", 1, 50, at: At(10, 0, 1))));
        _market.Do(Enumerable.Range(6, 5).Select(i => new CancelOrder(Id($"o{i}"), Ann, At(10, 0, 1)))).RaisedNothing();
    }

    [Fact]
    public void An_order_proves_one_alert_and_not_the_next()
    {
        Orders(10);
        Cancels(10).Raised();
        _market.Do(Enumerable.Range(11, 9).Select(i => Buy(Ann, $"o{i}", 1, 50)));
        Cancels(9, from: 11).Raised();
        _market.Do(Buy(Ann, "o20", 1, 50));
        Cancels(1, from: 20).Alerts.Count.ShouldBe(2);
        _market.Alerts.SelectMany(alert => alert.Proofs).ShouldBeUnique();
    }

    [Fact]
    public void A_case_has_so_many_alerts_and_no_more()
    {
        for (var i = 0; i < 10 * (Moment.MostAlertsOfACase + 1); i++)
            _market.OrdersAndCancels(Ann, $"again {i}");
        (_market.Alerts.Count, _market.Withheld).ShouldBe((Moment.MostAlertsOfACase, 1));
        for (var i = 0; i < 10; i++)
            _market.OrdersAndCancels(Bob, $"bob {i}");
        _market.Alerts.Count.ShouldBe(Moment.MostAlertsOfACase + 1, "Another's case is another case.");
    }

    private void Orders(int count) => _market.Do(Enumerable.Range(1, count).Select(i => Buy(Ann, $"o{i}", 1, 50)));

    private TheWatch Cancels(int count, int from = 1) => _market.Do(Enumerable.Range(from, count).Select(i => new CancelOrder(Id($"o{i}"), Ann, Morning)));
}
