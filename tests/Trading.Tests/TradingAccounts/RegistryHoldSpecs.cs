using CarbonMarket.Kernel;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.Controls.AControl;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.TradingAccounts;

/// <summary>Units that the registry holds lie on the trading account and are not offered.</summary>
public sealed class RegistryHoldSpecs
{
    private static readonly Testing.Spec<MarketState, MarketCommand, MarketEvent>.Facts Funded =
        Spec.Given(Cash(Ann, 1_000), Units(Ann, 100), Cash(Bob, 100_000));

    [Fact]
    public void Held_units_are_neither_sold_nor_withdrawn_until_they_are_let_go()
    {
        var held = Funded.After(Hold(40, 7));
        held.When(Sell(Ann, "s1", 61, 100)).ThenRejected("insufficient-units");
        held.When(new Withdraw(Id("w"), Ann, Plain, Quantity.Of(61), Money.Zero, Morning)).ThenRejected("insufficient-units");
        held.When(Sell(Ann, "s1", 60, 100)).ThenState(market => market.Accounts[Ann].Units[Plain].Free.ShouldBe(0));
        held.After(Hold(0, 8)).When(Sell(Ann, "s1", 100, 100)).ThenState(market => market.Accounts[Ann].Units[Plain].Free.ShouldBe(0));
    }

    [Fact]
    public void Orders_that_rest_on_held_units_are_pulled_the_newest_first()
    {
        var (old, young) = (Sell(Ann, "s1", 50, 100), Sell(Ann, "s2", 30, 100));
        Funded.After(old, young).When(Hold(40, 7)).Then(Noted(40, 7), Pulled(young, 30));
        Funded.After(old, young, Hold(20, 6)).When(Hold(40, 7)).Then(Noted(40, 7), Pulled(young, 30));
        Funded.After(old, young).When(Hold(20, 7)).Then(Noted(20, 7));
    }

    [Fact]
    public void They_are_pulled_at_the_time_of_the_hold_though_not_after_what_ends_first()
    {
        var (day, good) = (Sell(Ann, "s1", 100, 100), Sell(Ann, "s1", 100, 100, life: TimeInForce.Gtd).With(goodTill: Monday.AddDays(1)));
        NoteHeldUnits At(DateTimeOffset at) => Hold(40, 7) with { At = at };
        Funded.After(day).When(At(TheMarket.At(14, 30))).ThenEvents(events => events[^1].ShouldBe(Pulled(day, 100) with { At = TheMarket.At(14, 30) }));
        Funded.After(good).When(At(TheMarket.At(9, 0))).ThenEvents(events => events[^1].ShouldBe(Pulled(good, 100)));
        Funded.After(good).When(At(TheMarket.At(17, 0))).ThenEvents(events => events[^1].ShouldBe(Pulled(good, 100) with { At = EndOfMonday }));
    }

    [Fact]
    public void What_the_registry_has_said_before_comes_to_nothing_when_it_is_heard_late()
    {
        Funded.After(Hold(40, 7)).When(Hold(40, 7)).ThenEvents(events => events.ShouldBeEmpty());
        Funded.After(Hold(0, 9)).When(Hold(40, 7)).ThenEvents(events => events.ShouldBeEmpty());
        Funded.After(Hold(40, 7)).When(Hold(10, 9)).ThenState(market => market.Accounts[Ann].Units[Plain].Frozen.ShouldBe(10));
    }

    [Fact]
    public void It_lies_beside_a_freeze_by_the_authority()
    {
        var both = Funded.After(Hold(40, 7), Impose(ControlKind.Freeze, Ann, instrument: Plain, amount: 30));
        both.When(Sell(Ann, "s1", 31, 100)).ThenRejected("insufficient-units");
        both.After(Hold(0, 8)).When(Sell(Ann, "s1", 70, 100)).ThenEvents(events => events.ShouldContain(e => e is OrderAccepted));
    }

    [Fact]
    public void A_hold_told_before_the_units_keeps_them_when_they_come() =>
        Spec.Given(Cash(Bob, 1_000)).After(Hold(40, 7), new FundAccount(Id("f"), Ann, Plain, Quantity.Of(50), Money.Zero, Morning))
            .When(Sell(Ann, "s1", 11, 100)).ThenRejected("insufficient-units");

    [Fact]
    public void Holds_outlast_a_snapshot() => Funded.After(Hold(40, 7)).When(new AdvanceTime(Morning)).ThenState(market =>
    {
        var restored = Model.ReadSnapshot(Model.WriteSnapshot(market));
        restored.RegistryHolds.Of(Ann, Plain).ShouldBe(new RegistryHold(Ann, Plain, Quantity.Of(40), 7));
        restored.Accounts[Ann].Units[Plain].Free.ShouldBe(60);
    });

    private static NoteHeldUnits Hold(long quantity, long version) => new(Ann, Plain, Quantity.Of(quantity), version, Morning);

    private static OrderCancelled Pulled(PlaceOrder order, long remaining) =>
        new(order.OrderId, Ann, Quantity.Of(remaining), CancelReason.Frozen, Morning);

    private static HeldUnitsNoted Noted(long quantity, long version) => new(Ann, Plain, Quantity.Of(quantity), version, Morning);
}
