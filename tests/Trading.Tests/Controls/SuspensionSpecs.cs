using CarbonMarket.Kernel;
using CarbonMarket.Trading.CallAuctions;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Tests.Matching;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.Controls.AControl;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Controls;

public sealed class SuspensionSpecs
{
    private static readonly PlaceOrder Bid = Buy(Ann, "b1", 10, 100);
    private static readonly ImposeControl Suspension = Impose(ControlKind.InstrumentSuspension, instrument: Plain);

    private static readonly Testing.Spec<MarketState, MarketCommand, MarketEvent>.Facts Trading =
        Spec.Given(Cash(Ann, 1_000_000), Units(Bob, 100)).After(Bid);

    [Fact]
    public void A_suspended_participant_has_its_orders_pulled_and_places_none()
    {
        var suspension = Impose(ControlKind.ParticipantSuspension, Ann);
        Trading.When(suspension).Then(
            Imposed(suspension), new OrderCancelled(Bid.OrderId, Ann, Quantity.Of(10), CancelReason.ParticipantSuspended, Morning));
        Trading.After(suspension).When(Buy(Ann, "b2", 1, 100)).ThenRejected("participant-suspended");
        Trading.After(suspension).When(Sell(Bob, "s1", 1, 100)).ThenEvents(events => events.OfType<OrderAccepted>().ShouldHaveSingleItem());
    }

    [Fact]
    public void The_operator_suspends_a_participant_and_two_lift_it()
    {
        Trading.When(Impose(ControlKind.ParticipantSuspension, Ann, by: Regulator)).ThenRejected("not-entitled");
        Trading.When(Impose(ControlKind.ParticipantSuspension, Ann, by: AnnsTrader)).ThenRejected("not-entitled");
        var asked = Trading.After(Impose(ControlKind.ParticipantSuspension, Ann), Lift(Operator));
        asked.When(Confirm(Operator)).ThenRejected("four-eyes");
        asked.When(Confirm(AnnsTrader)).ThenRejected("not-entitled");
        asked.After(Confirm(Regulator)).When(Buy(Ann, "b2", 1, 100)).ThenEvents(events => events.ShouldHaveSingleItem());
    }

    [Fact]
    public void A_suspended_instrument_keeps_its_orders_and_takes_no_others()
    {
        Trading.When(Suspension).Then(Imposed(Suspension));
        var suspended = Trading.After(Suspension);
        suspended.When(Sell(Bob, "s1", 1, 100)).ThenRejected("instrument-suspended");
        suspended.When(new ReplaceOrder(Bid.OrderId, Ann, Quantity.Of(5), Price.OfMinor(100), Morning)).ThenRejected("instrument-suspended");
        suspended.When(Buy(Ann, "b2", 10, 7_400, Ruled)).ThenEvents(events => events.OfType<OrderAccepted>().ShouldHaveSingleItem());
        suspended.When(new CancelOrder(Bid.OrderId, Ann, Morning)).ThenEvents(events => events.OfType<OrderCancelled>().ShouldHaveSingleItem());
    }

    [Fact]
    public void The_operator_alone_suspends_an_instrument_and_resumes_it()
    {
        Trading.When(Impose(ControlKind.InstrumentSuspension, instrument: Plain, by: Regulator)).ThenRejected("not-entitled");
        Trading.After(Suspension).When(Lift(Regulator)).ThenRejected("not-entitled");
        Trading.After(Suspension).When(Lift(Operator)).Then(Lifted(Suspension, Operator));
        Trading.After(Suspension, Lift(Operator)).When(Sell(Bob, "s1", 10, 100)).ThenEvents(events => events.OfType<TradeExecuted>().ShouldHaveSingleItem());
    }

    [Fact]
    public void A_halt_ends_by_legal_time()
    {
        var halt = Impose(ControlKind.Halt, instrument: Plain, endsAt: At(10, 30), by: Regulator);
        var halted = Trading.After(halt);
        halted.When(Sell(Bob, "s1", 1, 100, at: At(10, 29))).ThenRejected("halted");
        halted.When(new AdvanceTime(At(10, 30))).Then(Lifted(halt, null, At(10, 30), "its time was over"));
        halted.When(Sell(Bob, "s1", 1, 100, at: At(10, 30))).ThenEvents(events =>
            events.Select(e => e.GetType()).ShouldBe([typeof(ControlLifted), typeof(OrderAccepted), typeof(TradeExecuted)]));
    }

    [Fact]
    public void A_halt_without_an_end_lasts_until_an_official_lifts_it()
    {
        var halt = Impose(ControlKind.Halt);
        Trading.After(halt, new AdvanceTime(EndOfMonday)).When(Sell(Bob, "s1", 1, 100, at: At(10, 0, 1))).ThenRejected("halted");
        Trading.After(halt).When(Lift(AnnsTrader)).ThenRejected("not-entitled");
        Trading.After(halt).When(Lift(Regulator)).Then(Lifted(halt, Regulator));
    }

    [Fact]
    public void Halts_that_end_at_one_moment_all_end()
    {
        var (one, other) = (Impose(ControlKind.Halt, endsAt: At(10, 30)), Impose(ControlKind.Halt, instrument: Plain, endsAt: At(10, 30), id: "other"));
        Trading.After(one, other).When(new AdvanceTime(At(10, 31))).ThenEvents(events => events.OfType<ControlLifted>().Count().ShouldBe(2));
    }

    [Fact]
    public void Only_a_halt_has_an_end_and_it_lies_ahead()
    {
        Trading.When(Impose(ControlKind.Halt, endsAt: Morning)).ThenRejected("control-end");
        Trading.When(Impose(ControlKind.KillSwitch, endsAt: At(11, 0))).ThenRejected("control-end");
        Trading.When(Impose(ControlKind.Halt, by: AnnsTrader)).ThenRejected("not-entitled");
    }

    [Fact]
    public void The_gravest_of_several_controls_is_named()
    {
        var all = Trading.After(Impose(ControlKind.Halt, id: "halt"), Suspension, Impose(ControlKind.ParticipantSuspension, Bob, id: "bob"));
        all.When(Sell(Bob, "s1", 1, 100)).ThenRejected("participant-suspended");
        all.When(Buy(Cem, "b2", 1, 100)).ThenRejected("instrument-suspended");
        all.After(Kill(id: "kill")).When(Sell(Bob, "s1", 1, 100)).ThenRejected("killed");
    }

    [Fact]
    public void A_call_that_closes_while_nothing_trades_is_uncrossed_when_trading_goes_on()
    {
        var halt = Impose(ControlKind.Halt, endsAt: At(9, 40), at: At(9, 21));
        var closed = Calling.After(Early(Buy(Ann, "b1", 10, 105)), Early(Sell(Bob, "s1", 10, 100)), halt, new AdvanceTime(At(9, 25)));
        closed.When(new AdvanceTime(At(9, 26))).ThenState(market =>
        {
            market.LastTradeSequence.ShouldBe(0);
            market.BookOf(Plain).Best(Side.Buy).ShouldBe(new DepthLevel(Price.OfMinor(105), Quantity.Of(10), 1));
        });
        closed.After(new AdvanceTime(At(9, 39))).When(new AdvanceTime(At(9, 40))).ThenEvents(events =>
            events.Select(e => e.GetType()).ShouldBe([typeof(ControlLifted), typeof(TradeExecuted), typeof(CallUncrossed)]));
    }

    [Fact]
    public void Where_trading_goes_on_before_the_book_opens_the_call_is_uncrossed_as_it_opens_and_nobody_slips_in()
    {
        var closed = Calling.After(
            Early(Buy(Ann, "b1", 10, 110)), Early(Sell(Bob, "s1", 10, 100)), Impose(ControlKind.Halt, endsAt: At(9, 27), at: At(9, 21)), new AdvanceTime(At(9, 25)));
        closed.When(new AdvanceTime(At(9, 27))).ThenEvents(events => events.ShouldHaveSingleItem().ShouldBeOfType<ControlLifted>());
        closed.When(Buy(Cem, "b2", 10, 105, at: At(9, 30))).ThenState(market =>
        {
            market.Orders[Id("b1")].Status.ShouldBe(OrderStatus.Filled, "It was there first, and for more.");
            market.Orders[Id("b2")].Filled.ShouldBe(Quantity.Zero);
            market.NextCall!.ClosesAt.ShouldBe(EndOfMonday, "What was put off is over.");
        });
    }

    [Fact]
    public void Where_a_halt_ends_at_lunch_the_call_is_uncrossed_after_it()
    {
        var halted = Calling.After(
            Early(Buy(Ann, "b1", 10, 105)), Early(Sell(Bob, "s1", 10, 100)), Impose(ControlKind.Halt, endsAt: At(12, 0), at: At(9, 21)));
        halted.When(new AdvanceTime(At(12, 59))).ThenState(market => market.LastTradeSequence.ShouldBe(0));
        halted.When(new AdvanceTime(At(13, 0))).ThenState(market => market.LastTradeSequence.ShouldBe(1));
    }

    [Fact]
    public void A_closing_call_that_nothing_came_of_is_uncrossed_the_next_morning_by_what_still_stands()
    {
        var stopped = Calling.After(
            Late(Buy(Ann, "b1", 10, 105)), Late(Sell(Bob, "s1", 10, 100)), Impose(ControlKind.Halt, endsAt: At(16, 0), at: At(14, 59)), new AdvanceTime(At(16, 0)));
        stopped.When(new AdvanceTime(At(9, 30, daysLater: 1))).ThenEvents(events =>
            events.Select(e => e.GetType()).ShouldBe([typeof(TradingDayOpened), typeof(TradeExecuted), typeof(CallUncrossed)]));
        stopped.When(new AdvanceTime(At(9, 30, daysLater: 1))).ThenState(market => (market.LastTradeSequence, market.OpenDay).ShouldBe((1, Monday.AddDays(1))));
        // Where the next day begins with a call it is this one that trades.
        stopped.After(Buy(Cem, "b2", 1, 100, at: At(9, 20, daysLater: 1))).When(new AdvanceTime(At(9, 45, daysLater: 1))).ThenEvents(events =>
            events.OfType<CallUncrossed>().Single(call => call.Instrument == Plain).At.ShouldBe(At(9, 25, daysLater: 1)));
    }

    [Fact]
    public void Where_the_halt_ends_before_anybody_has_opened_the_day_they_are_the_first_to_trade_on_it()
    {
        var halted = Calling.After(
            Late(Buy(Ann, "b1", 10, 105)), Late(Sell(Bob, "s1", 10, 100)), Impose(ControlKind.Halt, endsAt: At(10, 0, daysLater: 1), at: At(14, 59)));
        halted.When(Buy(Cem, "b2", 10, 100, at: At(10, 1, daysLater: 1))).ThenState(market =>
        {
            market.Orders[Id("b2")].Filled.ShouldBe(Quantity.Zero);
            (market.LastTradeSequence, market.OpenDay).ShouldBe((1, Monday.AddDays(1)));
            market.Uncleared[1].BuyerParticipantId.ShouldBe(Ann);
        });
    }

    private static readonly Testing.Spec<MarketState, MarketCommand, MarketEvent>.Facts Calling = Under(CallsAtBothEnds).Given(Cash(Ann, 10_000), Cash(Cem, 10_000), Units(Bob, 10));

    private static PlaceOrder Early(PlaceOrder order) => order with { At = At(9, 20) };

    private static PlaceOrder Late(PlaceOrder order) =>
        (order with { At = At(14, 58), TimeInForce = TimeInForce.Gtd }).With(goodTill: Monday.AddDays(4));
}
