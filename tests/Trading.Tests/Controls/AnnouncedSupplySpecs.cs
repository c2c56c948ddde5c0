using CarbonMarket.Kernel;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.Auctions.AnAuction;
using static CarbonMarket.Trading.Tests.Controls.AControl;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Controls;

/// <summary>An auction that a participant announces is its order to all, and controls do to it what they do to orders.</summary>
public sealed class AnnouncedSupplySpecs
{
    private static readonly AnnounceAuction Cems = Sells() with { Representative = "cem-1" };
    private static readonly PlaceBid Anns = Bid(Ann, "a1", 10, 60);

    private static readonly Testing.Spec<MarketState, MarketCommand, MarketEvent>.Facts Sale = OpenSpec.Given(Funded).After(Cems, Anns);

    [Fact]
    public void The_own_auction_of_who_is_killed_or_suspended_is_aborted_and_its_bids_lapse()
    {
        foreach (var (stop, reason) in new[]
            { (Kill(Cem), "kill-switch"), (Kill(Cem, "cem-1"), "kill-switch"), (Kill(instrument: Plain), "kill-switch"), (Impose(ControlKind.ParticipantSuspension, Cem), "participant-suspended") })
            Sale.When(stop).ThenEvents(events =>
            {
                events.Count.ShouldBe(3);
                events[1].ShouldBe(new BidLapsed(Anns.BidId, ItsId, Ann, Anns.Quantity, Morning));
                events[2].ShouldBeOfType<AuctionClosed>().Figures!.AbortReason.ShouldBe(reason);
            });
        Sale.After(Kill(Cem)).When(Close).ThenState(market =>
        {
            market.OpenAuctions.ShouldBeEmpty();
            market.Accounts[Cem].Units[Plain].Reserved.ShouldBe(0);
            market.Accounts[Ann].Cash.Reserved.ShouldBe(0);
        });
    }

    [Fact]
    public void Another_representative_or_instrument_is_not_concerned()
    {
        Sale.When(Kill(Cem, "cem-2")).Then(Imposed(Kill(Cem, "cem-2")));
        Sale.When(Kill(instrument: Ruled)).Then(Imposed(Kill(instrument: Ruled)));
    }

    [Fact]
    public void A_killed_representative_neither_announces_nor_puts_off_an_auction_for_its_firm()
    {
        var killed = OpenSpec.Given(Funded).After(Kill(Cem, "cem-1") with { At = At(8, 0) });
        killed.When(Cems).ThenRejected("killed");
        killed.When(Cems with { Representative = "cem-2" }).ThenEvents(events => events.ShouldHaveSingleItem());
        var putOff = Reschedule(Cem, Opening, At(14, 30)) with { Representative = "cem-1" };
        killed.After(Cems with { Representative = "cem-2" }).When(putOff).ThenRejected("killed");
        killed.After(Cems with { Representative = "cem-2" }).When(putOff with { ParticipantId = null }).ThenEvents(events => events.ShouldHaveSingleItem());
    }

    [Fact]
    public void Who_announced_an_auction_is_known_after_a_snapshot_too() => Sale.When(Bid(Bob, "b2", 1, 60)).ThenState(market =>
        ((Decision<MarketEvent>.Accepted)OpenModel.Decide(OpenModel.ReadSnapshot(OpenModel.WriteSnapshot(market)), Kill(Cem, "cem-1")))
            .Events.OfType<AuctionClosed>().ShouldHaveSingleItem());

    [Fact]
    public void A_freeze_aborts_the_auction_that_rests_on_what_is_frozen_after_the_orders()
    {
        var order = Sell(Cem, "o1", 20, 100);
        var richer = OpenSpec.Given([.. Funded, Units(Cem, 30)]).After(Cems, Anns, order);
        var little = Impose(ControlKind.Freeze, Cem, instrument: Plain, amount: 30);
        richer.When(little).Then(Imposed(little), new OrderCancelled(order.OrderId, Cem, order.Quantity, CancelReason.Frozen, Morning));
        richer.When(little with { Amount = 31 }).ThenEvents(events => events.OfType<AuctionClosed>().Single().Figures!.AbortReason.ShouldBe("frozen"));
        var cash = Impose(ControlKind.Freeze, Cem);
        Sale.When(cash).Then(Imposed(cash));
        OpenSpec.Given(Funded).After(Buys(), Bid(Ann, "a1", 10, 40)).When(cash).ThenEvents(events => events.OfType<AuctionClosed>().ShouldHaveSingleItem());
    }

    [Fact]
    public void What_an_official_offers_in_a_sellers_name_goes_to_a_freeze_alone()
    {
        var official = Sells() with { OnOwnBehalf = false };
        var reserve = new AnnounceSale(Id("reserve"), Plain, Cem, Quantity.Of(50), Price.OfMinor(50), Morning, Closing, null, At(9, 0));
        var offered = OpenSpec.Given(Cash(Ann, 100_000), Issued(Cem, 150)).After(official, reserve);
        offered.When(Kill(Cem)).Then(Imposed(Kill(Cem)));
        offered.When(Impose(ControlKind.ParticipantSuspension, Cem)).ThenEvents(events => events.ShouldHaveSingleItem());
        var some = Impose(ControlKind.Freeze, Cem, instrument: Plain, amount: 100);
        offered.When(some).ThenEvents(events => events.OfType<AuctionClosed>().Single().Figures!.AbortReason.ShouldBe("frozen"));
        offered.When(some with { Amount = 101 }).ThenEvents(events =>
            events[^1].ShouldBe(new FixedPriceSaleClosed(reserve.SaleId, Cem, Quantity.Zero, Quantity.Of(50), "frozen", null, Morning)));
        offered.After(some with { Amount = null }).When(new AdvanceTime(Morning)).ThenState(market =>
            (market.Accounts[Cem].Units[Plain].Reserved, market.Accounts[Cem].Units[Plain].ForAuction).ShouldBe((0, 150)));
    }
}
