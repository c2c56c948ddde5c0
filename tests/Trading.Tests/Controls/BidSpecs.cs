using CarbonMarket.Kernel;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using static CarbonMarket.Trading.Tests.Auctions.AnAuction;
using static CarbonMarket.Trading.Tests.Controls.AControl;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Controls;

/// <summary>What controls do to sealed bids: to an auction they are what open orders are to the book.</summary>
public sealed class BidSpecs
{
    private static readonly PlaceBid Anns = Bid(Ann, "a1", 10, 60) with { Representative = "ann-1" };
    private static readonly PlaceBid AnnsSecond = Bid(Ann, "a2", 20, 55) with { Representative = "ann-2" };
    private static readonly PlaceBid Bobs = Bid(Bob, "b1", 30, 50);

    private static readonly Testing.Spec<MarketState, MarketCommand, MarketEvent>.Facts Sale =
        OpenSpec.Given(Funded).After(Sells(), Anns, AnnsSecond, Bobs);

    [Fact]
    public void A_kill_switch_pulls_the_bids_in_its_scope()
    {
        Sale.When(Kill(Ann)).Then(Imposed(Kill(Ann)), Pulled(Anns, "kill-switch"), Pulled(AnnsSecond, "kill-switch"));
        Sale.When(Kill(Ann, "ann-2")).Then(Imposed(Kill(Ann, "ann-2")), Pulled(AnnsSecond, "kill-switch"));
        var authoritys = OpenSpec.Given([.. Funded, Issued(Cem, 100)]).After(Sells() with { OnOwnBehalf = false }, Anns, AnnsSecond, Bobs);
        authoritys.When(Kill(instrument: Plain)).ThenEvents(events => events.OfType<BidWithdrawn>().Count().ShouldBe(3));
        Sale.When(Kill(instrument: Ruled)).Then(Imposed(Kill(instrument: Ruled)));
        Sale.After(Kill(Ann)).When(Close).ThenEvents(events => events.OfType<AuctionClosed>().Single().Sold.ShouldBe(Quantity.Of(30)));
    }

    [Fact]
    public void An_auction_whose_moment_comes_while_nothing_trades_is_over_without_a_result()
    {
        var halted = Sale.After(Impose(ControlKind.Halt, instrument: Plain));
        halted.When(Bid(Bob, "b2", 10, 90)).ThenRejected("halted");
        halted.When(Close).ThenEvents(events =>
        {
            events.OfType<BidLapsed>().Count().ShouldBe(3);
            events.OfType<AuctionClosed>().Single().Figures!.ShouldSatisfyAllConditions(
                figures => figures.AbortReason.ShouldBe(AbortReason.TradingStopped), figures => figures.Note.ShouldBe(Ground));
        });
        halted.When(Close).ThenState(market => market.Accounts[Cem].Units[Plain].Free.ShouldBe(100));
        Sale.After(Impose(ControlKind.Halt, instrument: Ruled)).When(Close).ThenEvents(events => events.OfType<AuctionClosed>().Single().Sold.ShouldBe(Quantity.Of(60)));
    }

    [Fact]
    public void The_bids_of_a_suspended_participant_are_pulled()
    {
        var suspension = Impose(ControlKind.ParticipantSuspension, Bob);
        Sale.When(suspension).Then(Imposed(suspension), Pulled(Bobs, "participant-suspended"));
    }

    [Fact]
    public void Bids_that_rest_on_frozen_cash_are_pulled_after_the_orders()
    {
        var order = Buy(Ann, "o1", 10, 100);
        var most = Impose(ControlKind.Freeze, Ann, amount: 100_000 - 600 - 1_100);
        Sale.After(order).When(most).Then(Imposed(most), new OrderCancelled(order.OrderId, Ann, order.Quantity, CancelReason.Frozen, Morning));
        var more = most with { Amount = most.Amount + 1 };
        Sale.After(order).When(more).Then(
            Imposed(more), new OrderCancelled(order.OrderId, Ann, order.Quantity, CancelReason.Frozen, Morning), Pulled(AnnsSecond, "frozen"));
        var all = most with { Amount = null };
        Sale.When(all).Then(Imposed(all), Pulled(AnnsSecond, "frozen"), Pulled(Anns, "frozen"));
    }

    [Fact]
    public void Offers_to_a_purchase_rest_on_units()
    {
        var offer = Bid(Ann, "a1", 10, 40);
        var units = Impose(ControlKind.Freeze, Ann, instrument: Plain);
        OpenSpec.Given(Funded).After(Buys(), offer).When(units).Then(Imposed(units), Pulled(offer, "frozen"));
        var cash = Impose(ControlKind.Freeze, Ann);
        OpenSpec.Given(Funded).After(Buys(), offer).When(cash).Then(Imposed(cash));
    }

    [Fact]
    public void All_bids_of_a_bidder_together_stay_within_the_position_limit()
    {
        var limited = Under(OpenPack.With(Plain, rules => rules with { PositionLimit = 1_050 })).Given(Funded).After(Sells(), Bid(Ann, "a1", 40, 60));
        limited.When(Bid(Ann, "a2", 11, 60)).ThenRejected("position-limit");
        limited.When(Bid(Ann, "a2", 10, 60)).ThenEvents(events => events.ShouldHaveSingleItem());
        limited.When(Bid(Ann, "a2", 50, 60, replaces: "a1")).ThenEvents(events => events.Count.ShouldBe(2));
    }

    [Fact]
    public void The_position_limit_counts_bids_of_every_auction_and_orders_together()
    {
        var limited = Under(OpenPack.With(Plain, rules => rules with { PositionLimit = 1_050 })).Given(Funded)
            .After(Sells(quantity: 50), Sells(quantity: 50) with { AuctionId = Id("second") }, Bid(Ann, "a1", 20, 60));
        limited.When(Bid(Ann, "a2", 31, 60) with { AuctionId = Id("second") }).ThenRejected("position-limit");
        limited.When(Buy(Ann, "o1", 31, 60)).ThenRejected("position-limit");
        var ordered = limited.After(Bid(Ann, "a2", 20, 60) with { AuctionId = Id("second") });
        ordered.When(Buy(Ann, "o1", 11, 60)).ThenRejected("position-limit");
        ordered.After(Buy(Ann, "o1", 10, 60)).When(Bid(Ann, "a3", 1, 60)).ThenRejected("position-limit");
        ordered.After(Withdraw(Ann, "a1")).When(Buy(Ann, "o1", 30, 60)).ThenEvents(events => events.Count.ShouldBe(2));
        ordered.After(Close).When(Buy(Ann, "o1", 11, 60, at: At(14, 10))).ThenRejected("position-limit");
        ordered.After(Close).When(Buy(Ann, "o1", 10, 60, at: At(14, 10))).ThenState(market =>
            (market.Accounts[Ann].Units[Plain].Position, market.Accounts[Ann].Units[Plain].Ordered).ShouldBe((1_040, 10)));
    }

    [Fact]
    public void A_purchase_of_ones_own_counts_towards_the_limit_until_it_has_closed()
    {
        var limited = Under(OpenPack.With(Plain, rules => rules with { PositionLimit = 190 })).Given(Funded);
        limited.When(Buys(quantity: 91)).ThenRejected("position-limit");
        var announced = limited.After(Buys(quantity: 80), Bid(Ann, "a1", 30, 40));
        announced.When(Buy(Cem, "o1", 11, 10)).ThenRejected("position-limit");
        announced.After(Close).When(Buy(Cem, "o1", 60, 10, at: At(14, 10))).ThenState(market =>
            (market.Accounts[Cem].Units[Plain].Position, market.Accounts[Cem].Units[Plain].Ordered).ShouldBe((130, 60)));
    }

    [Fact]
    public void Who_may_not_trade_announces_no_auction_of_its_own_and_what_is_halted_takes_no_bids()
    {
        OpenSpec.Given(Funded).After(Kill(Cem) with { At = At(8, 0) }).When(Sells()).ThenRejected("killed");
        Sale.After(Impose(ControlKind.Halt, instrument: Plain)).When(Bid(Bob, "b2", 1, 60)).ThenRejected("halted");
        Sale.After(Impose(ControlKind.Halt, instrument: Plain)).When(Withdraw(Bob, "b1")).ThenEvents(events => events.ShouldHaveSingleItem());
    }

    [Fact]
    public void Who_has_placed_a_bid_is_known_after_a_snapshot_too() => Sale.When(Bid(Bob, "b2", 1, 60)).ThenState(market =>
        ((Decision<MarketEvent>.Accepted)OpenModel.Decide(OpenModel.ReadSnapshot(OpenModel.WriteSnapshot(market)), Kill(Ann, "ann-2")))
            .Events.OfType<BidWithdrawn>().ShouldHaveSingleItem().BidId.ShouldBe(AnnsSecond.BidId));

    private static BidWithdrawn Pulled(PlaceBid bid, string reason) =>
        new(bid.BidId, bid.AuctionId, bid.ParticipantId, bid.Quantity, Morning) { Reason = reason };
}
