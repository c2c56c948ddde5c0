using CarbonMarket.Kernel;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.Controls.AControl;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Controls;

public sealed class FreezeSpecs
{
    private static readonly Testing.Spec<MarketState, MarketCommand, MarketEvent>.Facts Funded =
        Spec.Given(Cash(Ann, 1_000), Units(Ann, 100), Cash(Bob, 100_000));

    [Fact]
    public void Frozen_units_are_neither_sold_nor_withdrawn()
    {
        var frozen = Funded.After(Impose(ControlKind.Freeze, Ann, instrument: Plain, amount: 40));
        frozen.When(Sell(Ann, "s1", 61, 100)).ThenRejected("insufficient-units");
        frozen.When(Take(units: 61)).ThenRejected("insufficient-units");
        frozen.When(Take(units: 60)).ThenEvents(events => events.ShouldHaveSingleItem());
        frozen.When(Sell(Ann, "s1", 60, 100)).ThenState(market =>
        {
            market.Accounts[Ann].Units[Plain].Free.ShouldBe(0);
            market.Accounts[Ann].Units[Plain].Frozen.ShouldBe(40);
        });
    }

    [Fact]
    public void Frozen_cash_neither_buys_nor_bids_nor_leaves()
    {
        var frozen = Funded.After(Impose(ControlKind.Freeze, Ann, amount: 400));
        frozen.When(Buy(Ann, "b1", 7, 100)).ThenRejected("insufficient-cash");
        frozen.When(Take(cash: 601)).ThenRejected("insufficient-cash");
        frozen.When(Buy(Ann, "b1", 6, 100)).ThenState(market => market.Accounts[Ann].Cash.Free.ShouldBe(0));
        Spec.Given(Cash(Ann, 1_000), Issued(Bob, 10)).After(
                new AnnounceAuction(Id("sale"), Plain, Quantity.Of(10), Price.OfMinor(90), Morning, At(11, 0), Bob, Morning),
                Impose(ControlKind.Freeze, Ann, amount: 400))
            .When(new PlaceBid(Id("a1"), Id("sale"), Ann, Quantity.Of(7), Price.OfMinor(100), Morning)).ThenRejected("insufficient-cash");
    }

    [Fact]
    public void Open_orders_that_rest_on_what_is_frozen_are_pulled_the_newest_first()
    {
        var (old, young, bid) = (Sell(Ann, "s1", 50, 100), Sell(Ann, "s2", 30, 100), Buy(Ann, "b1", 5, 90));
        var freeze = Impose(ControlKind.Freeze, Ann, instrument: Plain, amount: 40);
        Funded.After(old, young, bid).When(freeze).Then(Imposed(freeze), Pulled(young, 30));
        Funded.After(old, young, bid).When(freeze with { Amount = 20 }).Then(Imposed(freeze with { Amount = 20 }));
        Funded.After(old, young, bid).When(freeze with { Amount = 60 }).Then(Imposed(freeze with { Amount = 60 }), Pulled(young, 30), Pulled(old, 50));
        var ofCash = Impose(ControlKind.Freeze, Ann, amount: 600);
        Funded.After(old, young, bid).When(ofCash).Then(Imposed(ofCash), Pulled(bid, 5));
    }

    /// <summary>Whoever means everything leaves the amount out; amounts that cannot be added up would stop the market at the next.</summary>
    [Fact]
    public void Amounts_are_frozen_up_to_more_than_any_market_has()
    {
        ImposeControl Of(long amount, string id = "control") => Impose(ControlKind.Freeze, Ann, instrument: Plain, amount: amount, id: id);
        Funded.When(Of(long.MaxValue)).ThenRejected("amount-too-large");
        Funded.When(Of(OrderRules.LargestValueMinor + 1)).ThenRejected("amount-too-large");
        var most = Funded.After(Of(OrderRules.LargestValueMinor - 5));
        most.When(Of(6, "another")).ThenRejected("amount-too-large");
        most.When(Of(5, "another")).ThenState(market => market.Accounts[Ann].Held(Plain)!.Value.FrozenAmount.ShouldBe(OrderRules.LargestValueMinor));
        most.When(Impose(ControlKind.Freeze, Ann, amount: 1_000, id: "of cash")).ThenEvents(events => events.ShouldHaveSingleItem());
    }

    [Fact]
    public void What_has_traded_settles_first_and_only_the_rest_is_kept()
    {
        var (offer, bid) = (Sell(Ann, "s1", 80, 100), Buy(Bob, "b1", 50, 100));
        var freeze = Impose(ControlKind.Freeze, Ann, instrument: Plain);
        var traded = Funded.After(offer, bid);
        traded.When(freeze).Then(Imposed(freeze), Pulled(offer, 30));
        var settled = new RecordOutcome(Trade.IdOf(bid.OrderId, 1), 1, true, null, At(16, 0));
        traded.After(freeze, new AdvanceTime(EndOfMonday)).When(settled).ThenState(market =>
        {
            market.Accounts[Bob].Units[Plain].Settled.ShouldBe(50);
            (market.Accounts[Ann].Units[Plain].Settled, market.Accounts[Ann].Units[Plain].Frozen).ShouldBe((50, 50));
            (market.Accounts[Ann].Units[Plain].Free, market.Accounts[Ann].Units[Plain].Withdrawable).ShouldBe((0, 0));
            market.Accounts[Ann].Cash.Withdrawable.ShouldBe(6_000);
        });
    }

    [Fact]
    public void A_whole_freeze_keeps_what_comes_and_an_amount_lets_the_rest_go()
    {
        Funded.After(Impose(ControlKind.Freeze, Ann), new FundAccount(Id("more"), Ann, null, Quantity.Zero, Money.OfMinor(500), Morning))
            .When(Take(cash: 1)).ThenRejected("insufficient-cash");
        var beyond = Funded.After(Impose(ControlKind.Freeze, Ann, amount: 1_200), new FundAccount(Id("more"), Ann, null, Quantity.Zero, Money.OfMinor(500), Morning));
        beyond.When(Take(cash: 301)).ThenRejected("insufficient-cash");
        beyond.When(Take(cash: 300)).ThenEvents(events => events.ShouldHaveSingleItem());
    }

    [Fact]
    public void Who_has_nothing_yet_may_be_frozen_for_what_comes()
    {
        var freeze = Impose(ControlKind.Freeze, Cem, instrument: Plain);
        Funded.When(freeze).Then(Imposed(freeze));
        Funded.After(freeze, new FundAccount(Id("units"), Cem, Plain, Quantity.Of(10), Money.Zero, Morning))
            .When(Sell(Cem, "s1", 1, 100)).ThenRejected("insufficient-units");
    }

    [Fact]
    public void Freezes_add_up_and_each_is_lifted_by_itself()
    {
        var both = Funded.After(
            Impose(ControlKind.Freeze, Ann, instrument: Plain, amount: 40), Impose(ControlKind.Freeze, Ann, instrument: Plain, amount: 50, id: "other"));
        both.When(Sell(Ann, "s1", 11, 100)).ThenRejected("insufficient-units");
        both.After(Lift(Regulator)).When(Sell(Ann, "s1", 51, 100)).ThenRejected("insufficient-units");
        both.After(Lift(Regulator)).When(Sell(Ann, "s1", 50, 100)).ThenEvents(events => events.OfType<OrderAccepted>().ShouldHaveSingleItem());
        Funded.After(Impose(ControlKind.Freeze, Ann, instrument: Plain), Lift(Regulator)).When(Sell(Ann, "s1", 100, 100))
            .ThenState(market => market.Accounts[Ann].Units[Plain].Frozen.ShouldBe(0));
    }

    [Fact]
    public void The_regulator_alone_freezes_and_unfreezes()
    {
        Funded.When(Impose(ControlKind.Freeze, Ann, by: Operator))
            .ThenRejected("not-entitled", $"Regulators freeze; {Operator.Subject} may not on participant {Ann}.");
        Funded.When(Impose(ControlKind.Freeze, Ann, by: AnnsTrader)).ThenRejected("not-entitled");
        var freeze = Impose(ControlKind.Freeze, Ann);
        Funded.After(freeze).When(Lift(Operator)).ThenRejected("not-entitled");
        Funded.After(freeze).When(Lift(Regulator) with { Authority = "court 2" }).Then(Lifted(freeze, Regulator) with { Authority = "court 2" });
    }

    [Fact]
    public void The_rest_of_the_account_trades_on() =>
        Funded.After(Impose(ControlKind.Freeze, Ann, instrument: Plain)).When(Buy(Ann, "b1", 10, 100))
            .ThenEvents(events => events.OfType<OrderAccepted>().ShouldHaveSingleItem());

    private static Withdraw Take(long units = 0, long cash = 0) =>
        new(Id("out"), Ann, units > 0 ? Plain : null, Quantity.Of(units), Money.OfMinor(cash), Morning);

    private static OrderCancelled Pulled(PlaceOrder order, long remaining) =>
        new(order.OrderId, Ann, Quantity.Of(remaining), CancelReason.Frozen, Morning);
}
