using CarbonMarket.Kernel;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using static CarbonMarket.Trading.Tests.Controls.AControl;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Controls;

public sealed class KillSwitchSpecs
{
    private static readonly PlaceOrder AnnsBid = Buy(Ann, "b1", 10, 100) with { Representative = "ann-1" };
    private static readonly PlaceOrder AnnsRuled = Buy(Ann, "b2", 10, 7_400, Ruled) with { Representative = "ann-2" };
    private static readonly PlaceOrder BobsOffer = Sell(Bob, "s1", 5, 110) with { Representative = "bob-1" };

    private static readonly Testing.Spec<MarketState, MarketCommand, MarketEvent>.Facts Trading =
        Spec.Given(Cash(Ann, 1_000_000), Units(Bob, 100)).After(AnnsBid, AnnsRuled, BobsOffer);

    [Fact]
    public void The_switch_of_a_participant_pulls_all_its_orders_and_nobody_elses() =>
        Trading.When(Kill(Ann)).Then(Imposed(Kill(Ann)), Pulled(AnnsBid), Pulled(AnnsRuled));

    [Fact]
    public void The_switch_of_a_representative_pulls_what_it_has_placed() =>
        Trading.When(Kill(Ann, "ann-2")).Then(Imposed(Kill(Ann, "ann-2")), Pulled(AnnsRuled));

    [Fact]
    public void Who_has_placed_an_order_is_known_after_a_snapshot_too() => Trading.When(BobsOffer with { OrderId = Id("s2") }).ThenState(market =>
        ((Decision<MarketEvent>.Accepted)Model.Decide(Model.ReadSnapshot(Model.WriteSnapshot(market)), Kill(Ann, "ann-2")))
            .Events.ShouldBe([Imposed(Kill(Ann, "ann-2")), Pulled(AnnsRuled)]));

    [Fact]
    public void The_switch_of_an_instrument_pulls_its_orders_of_everybody() =>
        Trading.When(Kill(instrument: Plain)).Then(Imposed(Kill(instrument: Plain)), Pulled(AnnsBid), Pulled(BobsOffer));

    [Fact]
    public void The_switch_of_the_market_pulls_all_there_is()
    {
        Trading.When(Kill()).Then(Imposed(Kill()), Pulled(AnnsBid), Pulled(AnnsRuled), Pulled(BobsOffer));
        Trading.When(Kill()).ThenState(market =>
        {
            (market.BookOf(Plain).Count, market.BookOf(Ruled).Count).ShouldBe((0, 0));
            market.Accounts[Ann].Cash.Free.ShouldBe(1_000_000);
        });
    }

    [Fact]
    public void Who_is_killed_places_and_changes_nothing_and_the_others_go_on()
    {
        var killed = Trading.After(Kill(Bob));
        killed.When(Sell(Bob, "s2", 1, 110)).ThenRejected("killed");
        killed.When(Buy(Ann, "b3", 1, 100)).ThenEvents(events => events.OfType<OrderAccepted>().ShouldHaveSingleItem());
        Trading.After(Kill(Ann, "ann-2")).When(AnnsBid with { OrderId = Id("b3") }).ThenEvents(events => events.ShouldHaveSingleItem());
        Trading.After(Kill(Ann, "ann-2")).When(AnnsRuled with { OrderId = Id("b3") }).ThenRejected("killed");
        Trading.After(Kill(instrument: Ruled)).When(Buy(Ann, "b3", 10, 7_400, Ruled)).ThenRejected("killed");
        Trading.After(Kill()).When(Buy(Ann, "b3", 1, 100)).ThenRejected("killed");
    }

    [Fact]
    public void A_colleague_may_go_on_with_the_orders_that_are_left_and_the_killed_may_not_touch_them()
    {
        var killed = Trading.After(Kill(Ann, "ann-2"));
        var more = new ReplaceOrder(AnnsBid.OrderId, Ann, Quantity.Of(20), Price.OfMinor(100), Morning);
        killed.When(more with { Representative = "ann-2" }).ThenRejected("killed");
        killed.When(more with { Representative = "ann-1" }).ThenEvents(events => events.OfType<OrderReplaced>().ShouldHaveSingleItem());
    }

    [Fact]
    public void The_refusal_names_what_was_switched_off()
    {
        Reason(Trading.After(Kill(Ann, "ann-2")).When(AnnsRuled with { OrderId = Id("b3") })).ShouldContain("representative ann-2");
        Reason(Trading.After(Kill(instrument: Plain)).When(Buy(Ann, "b3", 1, 100))).ShouldContain($"instrument {Plain}");
        Reason(Trading.After(Kill()).When(Buy(Ann, "b3", 1, 100))).ShouldContain("the market");
    }

    [Fact]
    public void A_killed_participant_does_not_bid()
    {
        var sale = new AnnounceAuction(Id("sale"), Plain, Quantity.Of(10), Price.OfMinor(90), Morning, At(11, 0), Bob, Morning);
        var bid = new PlaceBid(Id("a1"), Id("sale"), Ann, Quantity.Of(1), Price.OfMinor(100), Morning);
        var announced = Spec.Given(Cash(Ann, 1_000), Issued(Bob, 10)).After(sale);
        announced.After(Kill(Ann)).When(bid).ThenRejected("killed");
        announced.After(Kill(Ann, "ann-1")).When(bid with { Representative = "ann-1" }).ThenRejected("killed");
        announced.After(Kill(Ann, "ann-1")).When(bid with { Representative = "ann-2" }).ThenEvents(events => events.ShouldHaveSingleItem());
    }

    [Fact]
    public void Cancels_always_pass()
    {
        var killed = Trading.After(Kill(Ann, "ann-2"));
        killed.When(new CancelOrder(AnnsBid.OrderId, Ann, Morning)).ThenEvents(events => events.OfType<OrderCancelled>().ShouldHaveSingleItem());
        Trading.After(Kill()).When(new CancelOrder(AnnsBid.OrderId, Ann, Morning)).ThenNothing();
    }

    [Fact]
    public void A_participant_throws_the_switch_of_itself_and_its_people_and_of_nobody_else()
    {
        Trading.When(Kill(Ann, by: AnnsTrader)).Then(Imposed(Kill(Ann, by: AnnsTrader)), Pulled(AnnsBid), Pulled(AnnsRuled));
        Trading.When(Kill(Ann, "ann-2", by: AnnsTrader)).ThenEvents(events => events.Count.ShouldBe(2));
        Trading.When(Kill(Bob, by: AnnsTrader)).ThenRejected("not-entitled");
        Trading.When(Kill(instrument: Plain, by: AnnsTrader)).ThenRejected("not-entitled");
        Trading.When(Kill(by: AnnsTrader)).ThenRejected("not-entitled");
    }

    [Fact]
    public void One_asks_for_it_to_be_lifted_and_another_confirms()
    {
        var asked = Trading.After(Kill(Bob), Lift(Operator));
        asked.When(Sell(Bob, "s2", 1, 110)).ThenRejected("killed");
        asked.When(Confirm(Operator)).ThenRejected("four-eyes");
        asked.When(Confirm(Regulator)).Then(Lifted(Kill(Bob), Regulator));
        asked.After(Confirm(OtherOperator)).When(Sell(Bob, "s2", 1, 110)).ThenEvents(events => events.OfType<OrderAccepted>().ShouldHaveSingleItem());
    }

    [Fact]
    public void What_an_official_has_thrown_no_participant_lifts()
    {
        Trading.After(Kill(Ann)).When(Lift(AnnsTrader)).ThenRejected("not-entitled");
        Trading.After(Kill(Ann), Lift(Operator)).When(Confirm(AnnsTrader)).ThenRejected("not-entitled");
    }

    [Fact]
    public void A_participants_own_switch_takes_two_of_whom_one_is_its_own()
    {
        var thrown = Trading.After(Kill(Ann, by: AnnsTrader));
        thrown.After(Lift(AnnsTrader)).When(Confirm(AnnsTrader)).ThenRejected("four-eyes");
        thrown.After(Lift(AnnsTrader)).When(Confirm(AnnsOther)).Then(Lifted(Kill(Ann), AnnsOther));
        thrown.After(Lift(AnnsTrader)).When(Confirm(Operator)).Then(Lifted(Kill(Ann), Operator));
        thrown.After(Lift(Operator)).When(Confirm(AnnsTrader)).Then(Lifted(Kill(Ann), AnnsTrader));
        thrown.After(Lift(Operator)).When(Confirm(Regulator)).ThenRejected("four-eyes");
        thrown.After(Lift(Operator)).When(Confirm(BobsTrader)).ThenRejected("not-entitled");
    }

    [Fact]
    public void A_representative_does_not_lift_its_own_switch()
    {
        var thrown = Trading.After(Kill(Ann, "ann-1", by: AnnsOther));
        thrown.When(Lift(AnnsTrader)).ThenRejected("not-entitled");
        thrown.After(Lift(AnnsOther)).When(Confirm(AnnsTrader)).ThenRejected("not-entitled");
    }

    [Fact]
    public void Nothing_is_confirmed_that_was_not_asked_and_nothing_asked_twice()
    {
        Trading.After(Kill(Ann)).When(Confirm(Regulator)).ThenRejected("lift-not-asked");
        Trading.After(Kill(Ann), Lift(Operator)).When(Confirm(Regulator, lift: "another")).ThenRejected("lift-not-asked");
        Trading.After(Kill(Ann), Lift(Operator)).When(Lift(Regulator, lift: "another")).ThenRejected("lift-asked-already");
        Trading.When(Lift(Operator)).ThenRejected("control-not-in-force");
        Trading.After(Kill(Ann), Lift(Operator), Confirm(Regulator)).When(Confirm(Regulator)).ThenRejected("control-not-in-force");
    }

    [Fact]
    public void Where_two_switches_are_thrown_both_are_lifted()
    {
        var both = Trading.After(Kill(Ann), Kill(Ann, by: AnnsTrader, id: "own"));
        both.After(Lift(Operator), Confirm(Regulator)).When(AnnsBid with { OrderId = Id("b3") }).ThenRejected("killed");
        both.After(Lift(Operator), Confirm(Regulator), Lift(AnnsTrader, "own", "own lift"), Confirm(AnnsOther, "own", "own lift"))
            .When(AnnsBid with { OrderId = Id("b3") }).ThenEvents(events => events.ShouldHaveSingleItem());
    }

    [Fact]
    public void An_id_stands_for_one_control_for_ever()
    {
        Trading.After(Kill(Ann)).When(Kill(Bob)).ThenRejected("id-reused");
        Trading.After(Kill(Ann), Lift(Operator), Confirm(Regulator)).When(Kill(Bob)).ThenRejected("id-reused");
    }

    [Fact]
    public void A_participant_does_not_fill_the_market_with_switches_of_its_own()
    {
        var most = Trading.After(Enumerable.Range(1, Controlling.MostOwnInForce).Select(i => Kill(Ann, $"ann-{i}", by: AnnsTrader, id: $"own {i}")));
        most.When(Kill(Ann, "one-more", by: AnnsTrader)).ThenRejected("too-many-controls");
        most.When(Kill(Ann)).ThenEvents(events => events.OfType<ControlImposed>().ShouldHaveSingleItem());
    }

    [Fact]
    public void Every_kind_has_scopes_of_its_own()
    {
        Trading.When(Kill(Ann, instrument: Plain)).ThenRejected("control-scope");
        Trading.When(Kill(representative: "ann-1")).ThenRejected("control-scope");
        Trading.When(Impose(ControlKind.ParticipantSuspension)).ThenRejected("control-scope");
        Trading.When(Impose(ControlKind.InstrumentSuspension, Ann, instrument: Plain)).ThenRejected("control-scope");
        Trading.When(Impose(ControlKind.Halt, Ann)).ThenRejected("control-scope");
        Trading.When(Impose(ControlKind.Freeze, instrument: Plain)).ThenRejected("control-scope");
        Trading.When(Impose(ControlKind.Halt, amount: 5)).ThenRejected("control-scope");
        Trading.When(Kill(instrument: "NOBODYS")).ThenRejected("unknown-instrument");
    }

    private static string Reason(Testing.Spec<MarketState, MarketCommand, MarketEvent>.Answer answer) =>
        ((Decision<MarketEvent>.Rejected)answer.Decision).Reason;

    private static OrderCancelled Pulled(PlaceOrder order) =>
        new(order.OrderId, order.ParticipantId, order.Quantity, CancelReason.KillSwitch, Morning);
}
